"use strict";
// Closes the menu as one expects: by Escape, and by going elsewhere. It opens and closes without this script, too.
const more = document.querySelector(".more");
if (more !== null) {
  document.addEventListener("keydown", (press) => {
    if (press.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
  for (const what of ["click", "focusin"]) {
    document.addEventListener(what, (event) => { if (!more.contains(event.target)) more.open = false; });
  }
}

// Keeps the work list fresh without a reload. It changes only what is different, so that focus, open forms and
// half-typed words stay as they are.
const EVERY_MS = 2000;
const PATIENCE_MS = 8000;
const list = document.getElementById("work-list");
const news = document.getElementById("news");
const stale = document.getElementById("stale");
const title = document.title;
const KEPT = new Set(["open"]); // attributes that belong to whoever looks at the page
let lastGood = Date.now();
let untaken = 0;

function alike(old, fresh) {
  return old.nodeName === fresh.nodeName && (old.id ?? "") === (fresh.id ?? "");
}

function become(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  becomeInside(old, fresh);
}

function becomeInside(old, fresh) {
  const wanted = [...fresh.childNodes];
  const named = new Set(wanted.map((node) => node.id).filter(Boolean));
  let place = old.firstChild;
  for (const node of wanted) {
    while (place !== null && place.id && !named.has(place.id)) place = dropped(place);
    const known = node.id ? [...old.children].find((child) => child.id === node.id) : place;
    if (known && alike(known, node)) {
      if (known === place) place = place.nextSibling;
      else old.insertBefore(known, place);
      become(known, node);
    } else {
      old.insertBefore(node, place);
    }
  }
  while (place !== null) place = dropped(place);
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function tell() {
  const now = Number(list.querySelector("[data-untaken]")?.dataset.untaken ?? 0);
  document.title = now > 0 ? `(${now}) ${title}` : title;
  if (now > untaken) news.textContent = now === 1 ? "One alert that nobody has." : `${now} alerts that nobody has.`;
  if (now === 0) news.textContent = "";
  untaken = now;
}

function warn(words, address) {
  stale.textContent = words;
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = "Sign in again";
    stale.append(" ", link);
  }
  stale.hidden = false;
}

async function look() {
  try {
    const answer = await fetch(list.dataset.live, {
      headers: { "X-Asked-By": "page" }, // so that a page left open does not keep its session alive
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.type === "opaqueredirect") {
      list.replaceChildren(); // nobody reads on where nobody is signed in
      return warn("You are signed out.", list.dataset.signIn);
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    becomeInside(list, fresh.content);
    lastGood = Date.now();
    stale.hidden = true;
    tell();
  } catch {
    const seconds = Math.round((Date.now() - lastGood) / 1000);
    if (seconds * 1000 > PATIENCE_MS) warn(`No connection for ${seconds} s: this list is not fresh.`);
  }
  setTimeout(look, EVERY_MS);
}

if (list !== null) {
  tell();
  setTimeout(look, EVERY_MS);
}
