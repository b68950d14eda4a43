"use strict";
// Draws the telephones from /telephones.json again and again, and never touches what somebody is typing.
const cards = new Map();
const picker = document.getElementById("picker");
const notice = document.getElementById("notice");
const zone = document.body.dataset.zone;
const format = (options) => new Intl.DateTimeFormat("en-US", zone ? { ...options, timeZone: zone } : options);
const clock = format({ hour: "numeric", minute: "2-digit" });
const day = format({ weekday: "short", month: "short", day: "numeric" });
const clockOf = (at) => clock.format(new Date(at));
const dayOf = (at) => day.format(new Date(at));

function make(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function tell(words) {
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { notice.hidden = true; }, 4000);
}

async function post(address, told) {
  try {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    look();
    return await answer.json();
  } catch {
    tell("That did not work. Is the demo still running?");
    return null;
  }
}

const initials = (label) => label.replace(/^\+/, "").split(/\s+/).slice(-2).map((word) => word[0]).join("").toUpperCase();
const spoken = (number) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");

function makeCard(phone) {
  const card = document.getElementById("phone").content.firstElementChild.cloneNode(true);
  card.querySelector("h3").textContent = phone.label;
  const note = [phone.note, spoken(phone.number)].filter(Boolean).join(" · ");
  Object.assign(card.querySelector(".note"), { textContent: note, title: note });
  card.querySelector(".face").textContent = initials(phone.label);
  card.setAttribute("aria-label", `Phone of ${phone.label}`);
  card.querySelector(".thread").setAttribute("aria-label", `Texts on the phone of ${phone.label}`);
  const input = card.querySelector("input");
  input.setAttribute("aria-label", `Text as ${phone.label}`);
  card.querySelector("form button").setAttribute("aria-label", `Send as ${phone.label}`);
  card.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = input.value;
    if (body.trim() === "") return;
    input.value = "";
    if ((await post("/phones/text", { number: phone.number, body })) === null && input.value === "") input.value = body;
  });
  card.querySelectorAll("[data-act]").forEach((button) =>
    button.addEventListener("click", () => post("/phones/call", { sid: card.dataset.call, act: button.dataset.act })));
  document.getElementById(`${phone.side}-phones`).append(card);
  const chip = make("button", "chip", phone.label);
  chip.type = "button";
  chip.append(make("span", "dot", ""));
  chip.addEventListener("click", () => pick(phone.number));
  picker.append(chip);
  const known = { card, chip, lines: new Map(), seen: 0 };
  cards.set(phone.number, known);
  if (cards.size === 1) pick(phone.number);
  return known;
}

function pick(number) {
  for (const [other, { card, chip }] of cards) {
    card.classList.toggle("picked", other === number);
    chip.setAttribute("aria-pressed", String(other === number));
  }
  const known = cards.get(number);
  const thread = known.card.querySelector(".thread");
  thread.scrollTop = thread.scrollHeight;
  read(known);
}

function read(known) {
  known.seen = Math.max(known.seen, ...known.lines.keys());
  known.chip.classList.remove("unread");
}

const TROUBLE = { undelivered: "Not delivered", failed: "Not sent" };

function fateOf(line) {
  if (line.kind === "carrier") return "Sent by Twilio itself";
  if (line.lost) return "The bot did not take it";
  if (TROUBLE[line.status]) return TROUBLE[line.status] + (line.error_code ? ` (${line.error_code})` : "");
  if (["queued", "accepted"].includes(line.status)) return "On its way";
  return "";
}

function drawLine(item, line) {
  const fate = fateOf(line);
  item.className = `line ${line.kind}${TROUBLE[line.status] || line.lost ? " trouble" : ""}`;
  item.firstChild.textContent = line.body + (line.media ? " [picture]" : "");
  item.lastChild.textContent = [clockOf(line.at), fate].filter(Boolean).join(" · ");
}

function drawThread(known, lines) {
  const thread = known.card.querySelector(".thread");
  const follows = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
  let news = false;
  for (const line of lines) {
    let item = known.lines.get(line.number);
    if (!item) {
      if (known.day !== dayOf(line.at)) thread.append(make("li", "day", (known.day = dayOf(line.at))));
      item = make("li", "", "");
      item.append(make("span", "words", ""), make("small", "", ""));
      thread.append(item);
      known.lines.set(line.number, item);
      news = true;
    }
    const mark = JSON.stringify(line);
    if (item.dataset.mark !== mark) {
      item.dataset.mark = mark;
      drawLine(item, line);
    }
  }
  known.card.querySelector(".empty").hidden = lines.length > 0;
  if (news && follows) thread.scrollTop = thread.scrollHeight;
  if (known.card.classList.contains("picked")) read(known);
  else if (lines.length && lines[lines.length - 1].number > known.seen) known.chip.classList.add("unread");
}

function drawCall({ card, chip }, call) {
  const ringing = call !== null && call.status === "ringing";
  card.classList.toggle("in-call", call !== null);
  chip.classList.toggle("rings", ringing);
  card.querySelector(".call").hidden = call === null;
  if (call === null) return;
  card.dataset.call = call.sid;
  const put = (name, words) => {
    const place = card.querySelector(name);
    if (place.textContent === words) return;
    place.textContent = words;
    place.scrollTop = place.scrollHeight;
  };
  put(".call-state", ringing ? "Incoming call" : "On the call");
  put(".call-from", spoken(call.from) + (call.digits ? ` · pressed ${call.digits}` : ""));
  put(".call-words", ringing ? "" : call.heard.join(" "));
  card.querySelector(".ringing").hidden = !ringing;
  card.querySelector(".keypad").hidden = ringing;
  card.querySelector(".keypad").classList.toggle("awaited", call.awaits_key);
}

let asked = 0;
let drawn = 0;

async function look() {
  const turn = ++asked;
  let state;
  try {
    const answer = await fetch("/telephones.json");
    if (!answer.ok) throw new Error(String(answer.status));
    state = await answer.json();
  } catch {
    tell("The stand-in does not answer. Is the demo still running?");
    return;
  }
  if (turn < drawn) return; // an older look that came back late
  drawn = turn;
  document.getElementById("now").textContent = `${dayOf(state.now)}, ${clockOf(state.now)}`;
  for (const phone of state.phones) {
    const known = cards.get(phone.number) || makeCard(phone);
    const time = known.card.querySelector(".top-time");
    if (time.textContent !== clockOf(state.now)) time.textContent = clockOf(state.now);
    drawThread(known, phone.lines);
    drawCall(known, phone.call);
  }
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, 700);
}

document.querySelectorAll("[data-jump]").forEach((button) =>
  button.addEventListener("click", async () => {
    const told = await post("/clock", { jump: button.dataset.jump });
    if (told !== null && !told.moved) tell("No check-in is planned.");
  }));
keepLooking();
