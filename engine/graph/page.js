"use strict";
(() => {
  const nodes = Array.from(document.querySelectorAll(".node"));
  const edges = Array.from(document.querySelectorAll(".edge[data-from]"));
  const panel = document.getElementById("panel");
  const words = document.getElementById("told");
  let last = null;
  const show = (node) => {
    for (const other of nodes) other.setAttribute("aria-pressed", String(other === node));
    for (const edge of edges) edge.classList.toggle("near", edge.dataset.from === node.id || edge.dataset.to === node.id);
    const told = document.getElementById("about-" + node.id);
    words.replaceChildren(told.content.cloneNode(true));
    panel.classList.add("chosen");
    panel.scrollTop = 0;
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    last = node;
  };
  const go = (node, from, to) => {
    const edge = edges.find((e) => e.dataset[from] === node.id);
    const next = edge && document.getElementById(edge.dataset[to]);
    if (next) next.focus();
  };
  const close = () => {
    panel.classList.remove("chosen");
    for (const node of nodes) node.setAttribute("aria-pressed", "false");
    for (const edge of edges) edge.classList.remove("near");
    if (last) last.focus();
  };
  document.getElementById("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  for (const node of nodes) {
    node.addEventListener("click", () => show(node));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(node); }
      if (event.key === "ArrowRight") { event.preventDefault(); go(node, "from", "to"); }
      if (event.key === "ArrowLeft") { event.preventDefault(); go(node, "to", "from"); }
    });
  }
})();
