// What the page does by itself: sliders beside their numbers, answers kept until they are saved, pictures, the point of a map.
"use strict";
(() => {
  const fire = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));
  const isNumber = (text) => /^\d+(\.\d+)?$/.test(text.trim());

  // --- a slider and its number are one thing -----------------------------------------------------------------
  document.addEventListener("input", (event) => {
    const from = event.target;
    if (from.dataset && from.dataset.for) {
      document.getElementById(from.dataset.for).value = from.value;
      from.classList.remove("unset");
    }
    if (from.id && isNumber(from.value || "")) {
      const slider = document.querySelector(`input[type=range][data-for="${CSS.escape(from.id)}"]`);
      if (slider) { slider.value = from.value; slider.classList.remove("unset"); }
    }
    const control = from.closest && from.closest(".control");
    if (control) {
      const named = control.querySelector("[name]");
      control.classList.toggle("moved", named.value.trim() !== "" && named.value !== named.dataset.said);
    }
  });

  // --- one question after the other: the new one is where one reads on, and Back is the browser's -----------------
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "asking") document.getElementById("question").focus();
  });
  document.addEventListener("click", (event) => {
    const back = event.target.closest("[data-back]");
    if (back && document.referrer.startsWith(location.origin) && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  // --- an answer that was not saved is told at its field, kept, and sent again --------------------------------------
  const AGAIN = 4000;
  const kept = new Map();
  const keep = (form, submitter) => {
    const place = document.getElementById("wrong") || document.getElementById("told");
    const note = document.createElement("p");
    note.textContent = "Not saved yet: the page does not answer. What you said is kept, and sent again by itself. ";
    const now = document.createElement("button");
    now.type = "button";
    now.className = "quiet small";
    now.textContent = "Send it now";
    const again = () => {
      clearTimeout(kept.get(form));
      kept.delete(form);
      if (form.isConnected) form.requestSubmit(submitter && submitter.isConnected ? submitter : undefined);
    };
    now.addEventListener("click", again);
    note.append(now);
    place.replaceChildren(note);
    clearTimeout(kept.get(form));
    kept.set(form, setTimeout(again, AGAIN));
  };
  const notSaved = (event) => {
    const form = event.detail.elt.closest("form[data-keep]");
    if (!form) return false;
    const sent = event.detail.requestConfig;
    keep(form, sent && sent.triggeringEvent ? sent.triggeringEvent.submitter : null);
    return true;
  };
  addEventListener("beforeunload", (event) => { if (kept.size) event.preventDefault(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 503 && notSaved(event)) event.detail.shouldSwap = false;
  });

  // --- what is unchanged does not make an address long ----------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    if (!["moves", "point"].includes(event.detail.elt.id)) return;
    const parameters = event.detail.parameters;
    for (const field of event.detail.elt.querySelectorAll("[name]")) {
      if (field.dataset.said !== undefined && (field.value.trim() === "" || field.value === field.dataset.said)) delete parameters[field.name];
    }
  });

  // --- a step that was told to be wrong is read out and seen ------------------------------------------------------
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "told" && event.target.firstElementChild) event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (notSaved(event)) return;
    const told = document.getElementById("told");
    const note = document.createElement("p");
    note.className = "note warn";
    note.textContent = "The page does not answer. Is sharedvalue serve still running? Your last step was not saved.";
    told.replaceChildren(note);
  });

  // --- the point of a map ----------------------------------------------------------------------------------------
  const drawMap = () => {
    const map = document.getElementById("map");
    if (!map) return;
    const svg = map.querySelector("svg");
    const cursor = document.getElementById("cursor");
    const [left, top, wide, high] = map.dataset.plot.split(" ").map(Number);
    const axes = ["x", "y"].map((axis) => ({
      count: Number(map.dataset[axis + "count"]),
      values: map.dataset[axis + "s"].split("|"),
      field: document.getElementById("point-" + axis),
      at: 0,
    }));
    for (const axis of axes) axis.at = Math.max(0, axis.values.indexOf(axis.field.value));
    const said = (axis, place) => axis.values.length === axis.count ? axis.values[place]
      : String(Number(axis.values[0]) + place);
    const draw = () => {
      const px = left + wide * (axes[0].at + 0.5) / axes[0].count;
      const py = top + high * (1 - (axes[1].at + 0.5) / axes[1].count);
      cursor.setAttribute("d", `M${px} ${top}V${top + high}M${left} ${py}H${left + wide}`);
    };
    const move = (x, y) => {
      [x, y].forEach((place, i) => {
        const axis = axes[i];
        axis.at = Math.max(0, Math.min(axis.count - 1, place));
        axis.field.value = said(axis, axis.at);
      });
      draw();
      fire(axes[0].field);
    };
    const follow = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      move(Math.floor((point.x - left) / wide * axes[0].count), Math.floor((1 - (point.y - top) / high) * axes[1].count));
    };
    let held = false;
    svg.addEventListener("pointerdown", (event) => {
      held = true;
      svg.setPointerCapture(event.pointerId);
      follow(event);
    });
    svg.addEventListener("pointermove", (event) => { if (held) follow(event); });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = false; });
    map.addEventListener("keydown", (event) => {
      const by = event.shiftKey ? 10 : 1;
      const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowDown: [0, -by], ArrowUp: [0, by] };
      if (!moves[event.key]) return;
      event.preventDefault();
      move(axes[0].at + moves[event.key][0], axes[1].at + moves[event.key][1]);
    });
    for (const axis of axes) {
      axis.field.addEventListener("change", () => {
        const place = axis.values.length === axis.count ? axis.values.indexOf(axis.field.value.trim()) : Number(axis.field.value) - Number(axis.values[0]);
        if (place >= 0 && place < axis.count) { axis.at = place; draw(); }
      });
    }
  };
  drawMap();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "drawn") drawMap(); });
})();
