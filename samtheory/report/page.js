"use strict";
// Finds cells by their words and verdict; everything else works without this.
const form = document.getElementById("filter");
const words = document.getElementById("words");
const verdict = document.getElementById("verdict");
const cells = [...document.querySelectorAll(".cells > tbody")].map((body) => ({
  body, verdict: body.classList[0], text: (body.closest("section").dataset.name + " " + body.rows[0].textContent).toLowerCase(),
}));
const show = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const cell of cells) {
    const good = (!verdict.value || cell.verdict === verdict.value) && wanted.every((word) => cell.text.includes(word));
    cell.body.hidden = !good;
    count += good;
  }
  for (const section of document.querySelectorAll("section.problem")) {
    section.hidden = !section.querySelector(".cells > tbody:not([hidden])");
  }
  document.getElementById("count").textContent = `${count} of ${cells.length} cells`;
};
const open = () => {
  const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!place) return;
  if (place.hidden || place.closest("[hidden]")) {
    form.reset();
    show();
  }
  const details = place.matches("details") ? place : place.querySelector("details");
  if (details) details.open = true;
  place.scrollIntoView();
};
// Ticks at powers of ten for a curve that is opened; its limits are data of the picture, both axes are logarithmic.
const ticks = (svg) => {
  const [[left, right], [low, high]] = [svg.dataset.t, svg.dataset.y].map((text) => text.split(" ").map(Math.log10));
  const [width, height, margin] = [320, 80, 3];
  const add = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    svg.append(made);
  };
  const powers = (from, to, most) => {
    const [first, last] = [Math.ceil(from - 1e-9), Math.floor(to + 1e-9)];
    const each = Math.max(1, Math.ceil((last - first) / most));
    return Array.from({ length: Math.max(0, Math.floor((last - first) / each) + 1) }, (_, k) => first + k * each);
  };
  svg.setAttribute("viewBox", `-30 -4 ${width + 40} ${height + 20}`);
  add("polyline", { points: `0,0 0,${height} ${width},${height}` });
  for (const power of powers(left, right, 6)) {
    const x = right > left ? (width * (power - left)) / (right - left) : 0;
    add("line", { x1: x, x2: x, y1: height, y2: height + 3 });
    add("text", { x, y: height + 11, "text-anchor": "middle" }, power < 4 ? 10 ** power : `1e${power}`);
  }
  for (const power of powers(low, high, 4)) {
    const y = margin + ((height - 2 * margin) * (high - power)) / (high - low || 1);
    add("line", { x1: -3, x2: 0, y1: y, y2: y });
    add("text", { x: -5, y: y + 2.5, "text-anchor": "end" }, `1e${power}`);
  }
  add("text", { x: width + 4, y: height + 11 }, "t");
};
for (const details of document.querySelectorAll(".cells details")) {
  const draw = () => {
    const svg = details.open && details.querySelector("svg:not(.ticked)");
    if (svg) {
      svg.classList.add("ticked");
      ticks(svg);
    }
  };
  details.addEventListener("toggle", draw);
  draw();
}
document.addEventListener("click", (event) => {
  const code = event.target.closest("code");
  if (code && navigator.clipboard) {
    navigator.clipboard.writeText(code.textContent).then(() => {
      code.classList.add("copied");
      setTimeout(() => code.classList.remove("copied"), 1500);
    }, () => {});
  }
});
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
show();
open();
