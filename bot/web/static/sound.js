// A tone of our own when an alert comes in, for whoever switched it on. Browsers play nothing before the page was
// clicked or a key pressed; until then the button says so.
const button = document.getElementById("sound");
const PLAYED_AT_S = [0, 0.22, 0.9, 1.12];
const HERTZ = [660, 880, 660, 880];
let context = null;

const wanted = () => localStorage.getItem("sound") === "on";

function describe() {
  const waits = wanted() && context?.state !== "running";
  button.textContent = `Sound: ${wanted() ? "on" : "off"}${waits ? " (tap anywhere to allow it)" : ""}`;
  button.setAttribute("aria-pressed", String(wanted()));
}

async function allow() {
  if (!wanted()) return;
  context ??= new AudioContext();
  context.onstatechange = describe;
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 200))]);
  describe();
}

function play() {
  if (context?.state !== "running") return;
  PLAYED_AT_S.forEach((after, n) => {
    const tone = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime + after;
    tone.frequency.value = HERTZ[n];
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.35, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  });
  document.documentElement.dataset.played = String(Number(document.documentElement.dataset.played ?? 0) + 1);
}

button.hidden = false;
button.addEventListener("click", async () => {
  localStorage.setItem("sound", wanted() ? "off" : "on");
  await allow();
  if (wanted()) play(); // so that one knows what it is like
  describe();
});
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, allow, { once: true });
document.addEventListener("new-alert", () => wanted() && play());
allow();
describe();
