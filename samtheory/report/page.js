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
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
show();
open();
