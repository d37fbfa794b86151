// Tasks beside the text: their words light up; accepted, changed, rejected, added.
import { completeUnits } from "./common.js";
import { act, say, texts } from "./desk.js";
import { all, chosenWords, lightTask, span } from "./words.js";

const dialog = document.getElementById("task-dialog");
const form = document.getElementById("task-form");
const words = document.getElementById("task-words");
const complete = completeUnits(document.getElementById("known-units"), (option, unit) => {
  option.value = unit.name;
});

// What the dialog works on: a task's card, or nothing for a new task; its passages if they are others now.
let editing = null;
let passages = null;

export const current = () => document.activeElement?.closest?.(".task:not(.rejected)");

const cards = () => [...document.querySelectorAll("#tasks .task:not(.rejected)")];

export const step = (forward) => {
  const list = cards();
  const at = list.indexOf(current());
  list[Math.max(0, Math.min(list.length - 1, at + (forward ? 1 : -1)))]?.focus();
};

const decide = (card, body) => act(`tasks/${encodeURIComponent(card.dataset.task)}`, body);

export const accept = (card) => decide(card, { verdict: "accepted" });
export const reject = (card) => decide(card, { verdict: "rejected" });

const row = (kind, values = {}) => {
  const made = document.getElementById(`row-${kind}`).content.cloneNode(true).firstElementChild;
  for (const [name, value] of Object.entries(values)) {
    const field = made.querySelector(`[name="${name}"]`);
    if (field) field.value = value;
  }
  document.getElementById(`task-${kind}s`).append(made);
  return made;
};

export const open = (card) => {
  editing = card;
  passages = null;
  for (const kind of ["unit", "deadline", "target"]) document.getElementById(`task-${kind}s`).replaceChildren();
  if (card) {
    words.textContent = card.querySelector(".tasktext").textContent.trim();
    for (const kind of ["unit", "deadline", "target"]) {
      for (const item of card.querySelectorAll(`.${kind}`)) row(kind, item.dataset);
    }
  } else {
    take();
    if (!passages) return;
    row("unit");
  }
  dialog.showModal();
};

const take = () => {
  const chosen = chosenWords();
  if (chosen.length === 0) {
    say(texts.tSelectFirst);
    return;
  }
  passages = [span(chosen)];
  words.textContent = chosen.map((word) => word.textContent).join(" ");
};

const rows = (kind) =>
  [...document.querySelectorAll(`#task-${kind}s .row`)].map((one) =>
    Object.fromEntries([...one.querySelectorAll("[name]")].map((field) => [field.name, field.value.trim()])),
  );

const body = () => ({
  verdict: "accepted",
  ...(passages ? { spans: passages } : {}),
  units: rows("unit")
    .filter((unit) => unit.name !== "")
    .map(({ name, role }) => ({ name, role })),
  deadlines: rows("deadline")
    .filter((deadline) => deadline.text !== "" || deadline.date !== "")
    .map(({ text, date }) => ({ text: text || date, date: date || null })),
  targets: rows("target").map(({ text, indicator, comparator, value, unit }) => ({
    text: text || [indicator === unit ? "" : indicator, comparator, value, unit].filter(Boolean).join(" "),
    indicator,
    comparator,
    value: Number(value),
    unit: unit || null,
  })),
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const made = body();
  const done = editing ? await decide(editing, made) : await act("tasks", made);
  if (done) dialog.close();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.add) row(button.dataset.add).querySelector("input").focus();
  if (button.dataset.drop !== undefined) button.parentElement.remove();
  if (button.id === "take-words") take();
  if (button.id === "task-cancel") dialog.close();
});
form.addEventListener("input", (event) => {
  if (event.target.getAttribute("list") === "known-units") complete(event.target);
});
document.getElementById("add-task").addEventListener("click", () => open(null));

// A change of a target's numbers makes its old words untrue.
form.addEventListener("change", (event) => {
  const target = event.target.closest("#task-targets .row");
  if (target) target.querySelector("[name=text]").value = "";
});

export const begin = () => {
  const tasks = document.getElementById("tasks");
  const card = (event) => event.target.closest(".task");
  for (const [on, name] of [
    [true, "mouseover"],
    [true, "focusin"],
    [false, "mouseout"],
    [false, "focusout"],
  ]) {
    tasks.addEventListener(name, (event) => {
      const one = card(event);
      if (!one?.dataset.number) return;
      lightTask(one.dataset.number, on || one.contains(document.activeElement));
      if (name === "focusin") {
        const first = all().find((w) => (w.dataset.tasks ?? "").split(" ").includes(one.dataset.number));
        first?.scrollIntoView({ block: "nearest" });
      }
    });
  }
  tasks.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    ({ accept, edit: open, reject })[button.dataset.do](card(event));
  });
  const wanted = new URLSearchParams(location.search).get("task");
  if (wanted) document.getElementById(`task-${wanted}`)?.focus();
};
