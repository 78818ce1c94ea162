// Draws the charts of a page, in the colours of light or dark, again when either changes. Vega reads its expressions
// without compiling them, so that the pages need no permission to make scripts of text.
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

function drawAll() {
  for (const figure of document.querySelectorAll("figure.chart:has(.specification)")) {
    draw(figure).catch((error) => {
      figure.querySelector(".drawing").textContent = "This chart could not be drawn; its numbers stand below.";
      console.error(error);
    });
  }
}

drawAll();
dark.addEventListener("change", drawAll);
