// Moves through the cards by single keys. They can be switched off (WCAG 2.1.4), and none does what Tab cannot.
const help = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");
const WRITING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function step(by) {
  const cards = [...document.querySelectorAll("[data-card]")];
  if (cards.length === 0) return false;
  const here = cards.indexOf(document.activeElement?.closest("[data-card]"));
  const next = here < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, here + by));
  cards[next].focus();
  cards[next].scrollIntoView({ block: "nearest" });
  return true;
}

const card = () => document.activeElement?.closest("[data-card]");
const inCard = (what) => card()?.querySelector(what);

function explain() {
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
  return true;
}

// Each says whether it did something; what it leaves alone is the browser's.
const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => Boolean(card()) && step(1),
  ArrowUp: () => Boolean(card()) && step(-1),
  Enter: () => document.activeElement === card() && press(inCard("[data-open]")),
  a: () => press((inCard("[data-acknowledge]") ?? document.querySelector("[data-acknowledge=page]"))?.querySelector("button")),
  x: () => press(inCard("input[type=checkbox]")),
  "?": explain,
};

function press(control) {
  control?.click();
  return Boolean(control);
}

document.addEventListener("keydown", (key) => {
  if (!keysOn.checked || key.ctrlKey || key.metaKey || key.altKey || key.target.matches(WRITING)) return;
  if (ACTS[key.key]?.() === true) key.preventDefault();
});

help.hidden = false;
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
