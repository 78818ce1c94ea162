// Draws the charts of a page as they come, in the colours of light or dark, and again when either changes. Vega reads its
// expressions without compiling them, so that the pages need no permission to make scripts of text.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const themes = JSON.parse(document.getElementById("chart-themes").textContent);

async function draw(figure) {
  const specification = JSON.parse(figure.querySelector(".specification").textContent);
  const drawing = figure.querySelector(".drawing");
  await vegaEmbed(drawing, specification, {
    actions: false,
    ast: true,
    config: themes[dark.matches ? "dark" : "light"],
    defaultStyle: false,
    logLevel: 1, // errors: that a chart of nothing has a scale without ends is no news
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  });
  // What is drawn says itself as one picture, in words; its hundred marks one by one would drown them.
  drawing.querySelector("svg").setAttribute("aria-hidden", "true");
}

const drawn = new WeakSet();

function drawNew() {
  for (const figure of document.querySelectorAll("figure.chart:has(.specification)")) {
    if (drawn.has(figure) || !wholly(figure)) continue;
    drawn.add(figure);
    draw(figure).catch((error) => {
      figure.querySelector(".drawing").textContent = "This chart could not be drawn; its numbers stand below.";
      console.error(error);
    });
  }
}

// A page comes part by part: a figure is all there when something stands after it, or the page has come to its end.
function wholly(figure) {
  if (document.readyState !== "loading") return true;
  for (let node = figure; node; node = node.parentElement) if (node.nextSibling) return true;
  return false;
}

function drawAnew() {
  for (const figure of document.querySelectorAll("figure.chart")) drawn.delete(figure);
  drawNew();
}

function begin() {
  drawNew();
  new MutationObserver(drawNew).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("readystatechange", drawNew);
  dark.addEventListener("change", drawAnew);
}

if (window.vegaEmbed) begin();
else document.getElementById("vega").addEventListener("load", begin);
