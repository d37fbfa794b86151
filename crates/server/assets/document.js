// A document: keys, and what is shown together.
import { isTyping } from "./common.js";
import { act, around, texts } from "./desk.js";
import { turn, zoomBy } from "./picture.js";
import * as tasks from "./tasks.js";
import * as words from "./words.js";

const undo = (event) => act("undo", event ? { event } : {});

function begin() {
  words.begin();
  words.beginBoxes();
  tasks.begin();
  document.getElementById("undo").addEventListener("click", () => undo());
  document.getElementById("reviewed").addEventListener("click", (event) =>
    act("reviewed", { done: event.currentTarget.getAttribute("aria-pressed") !== "true" }),
  );
}

document.getElementById("side").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-undo]");
  if (button) undo(Number(button.dataset.undo));
});
document.getElementById("next-doubt").addEventListener("click", () => words.doubt(true));
document.getElementById("last-doubt").addEventListener("click", () => words.doubt(false));

const dialog = document.getElementById("keys-dialog");
const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
document.getElementById("help").addEventListener("click", () => dialog.showModal());

const page = (number) => {
  if (number) location.href = `/documents/${texts.document}/pages/${number}`;
};

const keys = {
  n: () => words.doubt(true),
  p: () => words.doubt(false),
  u: () => undo(),
  "?": () => dialog.showModal(),
  "[": () => page(texts.before),
  "]": () => page(texts.behind),
  "+": () => zoomBy(1.25),
  "=": () => zoomBy(1.25),
  "-": () => zoomBy(0.8),
  0: () => zoomBy(0),
  t: turn,
  j: () => tasks.step(true),
  k: () => tasks.step(false),
  a: () => tasks.current() && tasks.accept(tasks.current()),
  e: () => tasks.current() && tasks.open(tasks.current()),
  x: () => tasks.current() && tasks.reject(tasks.current()),
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const inText = event.target.closest(".w");
  if (event.key.startsWith("Arrow") && (inText || words.chosenWords().length > 0) && !tasks.current()) {
    event.preventDefault();
    words.move(event.key, event.shiftKey);
  } else if (event.key === "Enter" && inText) {
    event.preventDefault();
    words.edit();
  } else if (event.key === "Escape") {
    words.choose([]);
  } else if (keysOn.checked && /^[1-9]$/.test(event.key) && words.chosenWords().length > 0) {
    words.takeReading(Number(event.key));
  } else if (keysOn.checked && keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

around(() => words.choose([]), begin);
begin();
if (location.hash === "#first") words.doubt(true);
if (location.hash === "#last") words.doubt(false);
