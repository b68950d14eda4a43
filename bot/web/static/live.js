// Keeps the work list and an alert fresh without a reload. It changes only what is different, so that focus, open forms
// and half-typed words stay as they are.
const PATIENCE_MS = 8000;
const list = document.querySelector("[data-live]");
const news = document.getElementById("news");
const stale = document.getElementById("stale");
const title = document.title;
const KEPT = new Set(["open"]); // attributes that belong to whoever looks at the page
let mark = list?.dataset.mark;
let lastGood = Date.now();
let looking = false;
let over = false;
let untaken = new Set((sessionStorage.getItem("untaken") ?? "").split(" ")); // what this window has told of

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
  if (news === null) return; // an alert has nothing to tell of others
  const now = new Set((list.querySelector("[data-untaken]")?.dataset.untaken ?? "").split(" ").filter(Boolean));
  document.title = now.size > 0 ? `(${now.size}) ${title}` : title;
  if ([...now].some((id) => !untaken.has(id))) {
    news.textContent = now.size === 1 ? "One alert that nobody has." : `${now.size} alerts that nobody has.`;
    document.dispatchEvent(new Event("new-alert"));
  }
  if (now.size === 0) news.textContent = "";
  untaken = now;
  sessionStorage.setItem("untaken", [...now].join(" "));
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

function ask() {
  const headers = { "X-Asked-By": "page" }; // so that a page left open does not keep its session alive
  if (mark) headers["If-None-Match"] = mark;
  const token = list.dataset.token; // with one, looking leaves a trace and so it is a POST
  if (token) headers["X-CSRFToken"] = token;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(list.dataset.live, { method: token ? "POST" : "GET", headers, redirect: "manual", signal });
}

async function look() {
  const present = !list.dataset.token || !document.hidden; // whoever is in another window is not looking at an alert
  if (looking || over || !present) return;
  looking = true;
  try {
    const answer = await ask();
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      over = true;
      list.replaceChildren(); // nobody reads on where nobody is signed in
      document.title = `✗ Signed out · ${title}`; // in a tab in the background, too: from now on nothing rings
      return warn("You are signed out.", list.dataset.signIn);
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      becomeInside(list, fresh.content);
      mark = answer.headers.get("ETag");
      tell();
    }
    lastGood = Date.now();
    stale.hidden = true;
  } catch {
    const seconds = Math.round((Date.now() - lastGood) / 1000);
    if (seconds * 1000 > PATIENCE_MS) warn(`No connection for ${seconds} s: this page is not fresh.`);
  } finally {
    looking = false;
  }
}

if (list !== null) {
  tell();
  const ticker = new Worker(new URL(`ticker.js?every=${list.dataset.every}`, import.meta.url));
  ticker.onmessage = look;
  ticker.onerror = () => setInterval(look, Number(list.dataset.every)); // no worker: the page ticks for itself
  document.addEventListener("visibilitychange", look);
}
