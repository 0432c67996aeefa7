"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const map = document.getElementById("map");
  const svg = map.querySelector("svg");
  const now = document.getElementById("now");
  const cursor = document.getElementById("cursor");
  const [left, top, wide, high] = data.plot;
  const at = data.here ? [data.here[0], data.here[2]] : [Math.floor(data.x.count / 2), Math.floor(data.y.count / 2)];

  const said = (axis, place) => axis.bands.length ? axis.bands[place]
    : (Math.round((axis.start + axis.step * place) * 1e6) / 1e6).toLocaleString("en");

  function region(x, y) {
    return data.regions.find((r) => r.areas.some(([a, b, c, d]) => a <= x && x <= b && c <= y && y <= d));
  }

  function show(x, y) {
    at[0] = Math.max(0, Math.min(data.x.count - 1, x));
    at[1] = Math.max(0, Math.min(data.y.count - 1, y));
    const found = region(at[0], at[1]);
    now.textContent = `${data.x.title} ${said(data.x, at[0])}, ${data.y.title} ${said(data.y, at[1])}. ${found ? found.said : ""}`;
    const px = left + wide * (at[0] + 0.5) / data.x.count;
    const py = top + high * (1 - (at[1] + 0.5) / data.y.count);
    cursor.setAttribute("d", `M${px} ${top}V${top + high}M${left} ${py}H${left + wide}`);
  }

  svg.addEventListener("pointermove", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const x = (point.x - left) / wide, y = 1 - (point.y - top) / high;
    if (x >= 0 && x < 1 && y > 0 && y <= 1) show(Math.floor(x * data.x.count), Math.floor(Math.min(y, 0.999999) * data.y.count));
  });

  map.addEventListener("focus", () => show(at[0], at[1]));
  map.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowDown: [0, -by], ArrowUp: [0, by] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    show(at[0] + move[0], at[1] + move[1]);
  });
})();
