"use strict";
// Makes a chart answer to the pointer: the drawing from the server stays until the live one is there, and whenever it
// cannot be. Under our strict policy nothing may be evaluated and no style may stand inline, hence the options.
const OPTIONS = {
  actions: false,
  renderer: "svg",
  ast: true,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
const narrow = matchMedia("(max-width: 44rem)");
const vega = document.querySelector("script[data-vega]").dataset.vega;

async function bringToLife(figure) {
  const address = new URL(figure.dataset.spec, location.href);
  if (narrow.matches) address.searchParams.set("narrow", "1");
  const answer = await fetch(address, { headers: { "X-Asked-By": "page" } });
  if (!answer.ok) return;
  const live = figure.querySelector(".live");
  await window.vegaEmbed(live, await answer.json(), OPTIONS);
  live.setAttribute("aria-label", figure.querySelector("img").alt); // one picture, not hundreds of unnamed marks
  for (const part of live.children) part.setAttribute("aria-hidden", "true");
  live.hidden = false;
  figure.querySelector("picture").hidden = true;
}

async function begin() {
  await import(vega);
  const figures = [...document.querySelectorAll("figure[data-spec]")];
  await Promise.all(figures.map((figure) => bringToLife(figure)));
  narrow.addEventListener("change", () => figures.forEach((figure) => bringToLife(figure)));
}

begin().catch(() => {}); // the server's drawing and the table say the same
