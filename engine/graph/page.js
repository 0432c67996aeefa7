// A picture of reasoning: its boxes tell their words, a chapter opens into its part of the whole, and one may go nearer.
"use strict";
(() => {
  const root = document.getElementById("picture");
  if (!root) return;
  root.classList.add("live");
  const panel = document.getElementById("panel");
  const about = document.getElementById("about");
  const tools = root.querySelector(".tools");
  const stages = Array.from(root.querySelectorAll(".graph"));
  const nodes = Array.from(root.querySelectorAll(".node"));
  const edges = Array.from(root.querySelectorAll(".edge[data-from]"));
  let last = null;

  // --- which picture, and how near --------------------------------------------------------------------------------
  const svgOf = (stage) => stage.querySelector("svg");
  const whole = new Map(stages.map((stage) => [stage, svgOf(stage).getAttribute("viewBox").split(" ").map(Number)]));
  const now = new Map(Array.from(whole, ([stage, box]) => [stage, box.slice()]));
  const NEAREST = 12;
  const shown = () => stages.find((stage) => !stage.hidden);
  const look = (stage, box) => {
    const [x0, y0, w0, h0] = whole.get(stage);
    const wide = Math.min(w0, Math.max(w0 / NEAREST, box[2]));
    const high = wide * h0 / w0;
    const x = Math.min(x0 + w0 - wide, Math.max(x0, box[0] + (box[2] - wide) / 2));
    const y = Math.min(y0 + h0 - high, Math.max(y0, box[1] + (box[3] - high) / 2));
    now.set(stage, [x, y, wide, high]);
    svgOf(stage).setAttribute("viewBox", [x, y, wide, high].map((v) => v.toFixed(1)).join(" "));
    stage.classList.toggle("near", wide < w0 - 1);
  };
  const zoom = (stage, by, at) => {
    const [x, y, w, h] = now.get(stage);
    const [px, py] = at || [x + w / 2, y + h / 2];
    const wide = w / by, high = h / by;
    look(stage, [px - (px - x) / by, py - (py - y) / by, wide, high]);
  };
  const place = (stage, event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svgOf(stage).getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const pan = (stage, dx, dy) => {
    const [x, y, w, h] = now.get(stage);
    look(stage, [x + dx * w, y + dy * h, w, h]);
  };
  const show = (name) => {
    for (const stage of stages) stage.hidden = stage.dataset.stage !== name;
    for (const button of tools.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
    root.classList.remove("dimmed");
  };
  tools.hidden = false;
  if (stages.length > 1) show(stages[0].dataset.stage);
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.show) show(button.dataset.show);
    if (button.dataset.zoom === "whole") { look(shown(), whole.get(shown())); root.classList.remove("dimmed"); }
    if (button.dataset.zoom === "in") zoom(shown(), 1.4);
    if (button.dataset.zoom === "out") zoom(shown(), 1 / 1.4);
  });
  for (const stage of stages) {
    const svg = svgOf(stage);
    const fingers = new Map();
    let moved = false, apart = 0;
    stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(stage, event.deltaY < 0 ? 1.15 : 1 / 1.15, place(stage, event));
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      moved = false;
      apart = 0;
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const scale = svg.getScreenCTM().a;
      if (fingers.size === 1 && stage.classList.contains("near")) {
        if (Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < 3 && !moved) return;
        moved = true;
        svg.setPointerCapture(event.pointerId);
        const [x, y, w, h] = now.get(stage);
        look(stage, [x - (event.clientX - before.clientX) / scale, y - (event.clientY - before.clientY) / scale, w, h]);
      }
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        const [one, other] = Array.from(fingers.values());
        const far = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
        const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
        if (apart) zoom(stage, far / apart, place(stage, middle));
        apart = far;
        moved = true;
      }
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, (event) => { fingers.delete(event.pointerId); apart = 0; });
    svg.addEventListener("click", (event) => { if (moved) { event.stopPropagation(); event.preventDefault(); } }, true);
    stage.addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") zoom(stage, 1.4);
      else if (event.key === "-") zoom(stage, 1 / 1.4);
      else if (event.key === "0") look(stage, whole.get(stage));
      else if (event.target === stage && event.key.startsWith("Arrow")) {
        const [dx, dy] = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] }[event.key];
        pan(stage, dx, dy);
      } else return;
      event.preventDefault();
    });
  }

  // --- a chapter opens into its part of the whole -------------------------------------------------------------------
  const full = stages.find((stage) => stage.dataset.stage === "full");
  const open = (box) => {
    const mine = box.dataset.nodes.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    show("full");
    const ends = mine.map((node) => node.getBBox());
    const left = Math.min(...ends.map((b) => b.x)), top = Math.min(...ends.map((b) => b.y));
    const right = Math.max(...ends.map((b) => b.x + b.width)), low = Math.max(...ends.map((b) => b.y + b.height));
    const [, , w0, h0] = whole.get(full);
    const wide = Math.max(right - left + 80, (low - top + 80) * w0 / h0);
    const high = wide * h0 / w0;
    look(full, [(left + right - wide) / 2, (top + low - high) / 2, wide, high]);
    for (const node of nodes) node.classList.toggle("lit", mine.includes(node));
    root.classList.add("dimmed");
    mine[0].focus();
  };
  for (const box of root.querySelectorAll(".box")) {
    box.addEventListener("click", () => open(box));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(box); }
    });
  }

  // --- a box tells its words ---------------------------------------------------------------------------------------
  const tell = (node) => {
    for (const other of nodes) other.setAttribute("aria-pressed", String(other === node));
    for (const edge of edges) edge.classList.toggle("near", edge.dataset.from === node.id || edge.dataset.to === node.id);
    about.replaceChildren(document.getElementById("about-" + node.id).content.cloneNode(true));
    panel.classList.add("chosen");
    panel.scrollTop = 0;
    last = node;
  };
  const go = (node, from, to) => {
    const edge = edges.find((e) => e.dataset[from] === node.id);
    const next = edge && document.getElementById(edge.dataset[to]);
    if (next) { next.focus(); inSight(next); }
  };
  const inSight = (node) => {
    const [x, y, w, h] = now.get(full);
    const b = node.getBBox();
    if (b.x < x || b.y < y || b.x + b.width > x + w || b.y + b.height > y + h) look(full, [b.x + b.width / 2 - w / 2, b.y + b.height / 2 - h / 2, w, h]);
  };
  const close = () => {
    panel.classList.remove("chosen");
    for (const node of nodes) node.setAttribute("aria-pressed", "false");
    for (const edge of edges) edge.classList.remove("near");
    if (last) last.focus();
  };
  document.getElementById("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && last) close(); });
  for (const node of nodes) {
    node.addEventListener("click", () => tell(node));
    node.addEventListener("focus", () => inSight(node));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); tell(node); }
      if (event.key === "ArrowRight") { event.preventDefault(); event.stopPropagation(); go(node, "from", "to"); }
      if (event.key === "ArrowLeft") { event.preventDefault(); event.stopPropagation(); go(node, "to", "from"); }
    });
  }
})();
