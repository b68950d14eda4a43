"use strict";
// Draws the telephones from /telephones.json again and again, and never touches what somebody is typing.
const cards = new Map();
const picker = document.getElementById("picker");

const post = (address, told) =>
  fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) }).then(look);

const clockOf = (at) => new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
const dayOf = (at) => new Date(at).toLocaleDateString([], { weekday: "short", month: "short", day: "numeric" });

function makeCard(phone) {
  const card = document.getElementById("phone").content.firstElementChild.cloneNode(true);
  card.querySelector("h3").textContent = phone.label;
  card.querySelector(".note").textContent = phone.note || phone.number;
  card.querySelector("input").setAttribute("aria-label", `Text as ${phone.label}`);
  card.querySelector(".thread").setAttribute("aria-label", `Texts of ${phone.label}`);
  card.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.querySelector("input");
    if (input.value.trim() === "") return;
    post("/phones/text", { number: phone.number, body: input.value });
    input.value = "";
  });
  card.querySelectorAll("[data-act]").forEach((button) =>
    button.addEventListener("click", () => post("/phones/call", { sid: card.dataset.call, act: button.dataset.act })));
  document.getElementById(`${phone.side}-phones`).append(card);
  const option = new Option(phone.label, phone.number);
  picker.append(option);
  if (cards.size === 0) card.classList.add("picked");
  cards.set(phone.number, card);
  return card;
}

function drawThread(card, lines) {
  const mark = JSON.stringify(lines.map((line) => [line.number, line.status]));
  if (card.dataset.mark === mark) return;
  card.dataset.mark = mark;
  const thread = card.querySelector(".thread");
  let day = "";
  thread.replaceChildren(...lines.flatMap((line) => {
    const drawn = [];
    if (dayOf(line.at) !== day) {
      day = dayOf(line.at);
      drawn.push(Object.assign(document.createElement("li"), { className: "day", textContent: day }));
    }
    const item = document.createElement("li");
    item.className = line.status === "call" ? "call-line" : line.mine ? "mine" : "theirs";
    item.textContent = line.body;
    const small = document.createElement("small");
    small.textContent = clockOf(line.at) + (["undelivered", "failed"].includes(line.status) ? ` · ${line.status}` : "");
    item.append(small);
    drawn.push(item);
    return drawn;
  }));
  thread.scrollTop = thread.scrollHeight;
}

function drawCall(card, call) {
  const screen = card.querySelector(".call");
  screen.hidden = call === null;
  if (call === null) return;
  card.dataset.call = call.sid;
  const ringing = call.status === "ringing";
  card.querySelector(".call-state").textContent = ringing ? "Incoming call" : "On the call";
  const words = ringing ? "" : call.heard.join(" ");
  const told = card.querySelector(".call-words");
  if (told.textContent !== words) told.textContent = words;
  card.querySelector(".ringing").hidden = !ringing;
  card.querySelector(".keypad").hidden = ringing;
}

async function look() {
  try {
    const state = await (await fetch("/telephones.json")).json();
    document.getElementById("now").textContent = `${dayOf(state.now)}, ${clockOf(state.now)}`;
    for (const phone of state.phones) {
      const card = cards.get(phone.number) || makeCard(phone);
      drawThread(card, phone.lines);
      drawCall(card, phone.call);
    }
    document.getElementById("trouble").hidden = true;
  } catch {
    document.getElementById("trouble").hidden = false;
  }
}

picker.addEventListener("change", () => {
  for (const [number, card] of cards) card.classList.toggle("picked", number === picker.value);
});
document.querySelectorAll("[data-jump]").forEach((button) =>
  button.addEventListener("click", () => post("/clock", { jump: button.dataset.jump })));
look();
setInterval(look, 700);
