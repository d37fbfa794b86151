// The words of a page: which are chosen, what they were read as, corrections.
import { boxOf, show } from "./picture.js";
import { act, say, texts } from "./desk.js";

const text = () => document.getElementById("text");
export const all = () => [...text().querySelectorAll(".w")];
const card = document.getElementById("word-card");
const hint = document.getElementById("word-hint");
const after = document.getElementById("after");
const readings = document.getElementById("readings");

// The chosen words: from the first one that was chosen to the last.
let anchor = null;
let chosen = [];
let told = null;

export const chosenWords = () => chosen;

export const span = (words) => ({
  start: Number(words[0].dataset.start),
  end: Number(words[words.length - 1].dataset.end),
});

// The words as they stand, line ends kept.
const textOf = (words) => {
  let line = words[0].parentElement;
  return words
    .map((word, i) => {
      const gap = i === 0 ? "" : word.parentElement === line ? " " : "\n";
      line = word.parentElement;
      return gap + word.textContent;
    })
    .join("");
};

const light = (word, on) => {
  word.classList.toggle("lit", on);
  boxOf(word)?.classList.toggle("lit", on);
};

export const choose = (words, focus = true) => {
  chosen.forEach((word) => {
    light(word, false);
    word.classList.remove("chosen");
    word.tabIndex = -1;
  });
  chosen = words;
  if (words.length === 0) {
    card.hidden = true;
    hint.hidden = false;
    return;
  }
  words.forEach((word) => {
    light(word, true);
    word.classList.add("chosen");
  });
  const last = words[words.length - 1];
  last.tabIndex = 0;
  if (focus) {
    last.focus({ preventScroll: true });
    last.scrollIntoView({ block: "nearest" });
  }
  show(last);
  tell(words);
};

const tell = async (words) => {
  card.hidden = false;
  hint.hidden = true;
  const raw = words.map((word) => word.dataset.raw ?? word.textContent).join(" ");
  const sure = Math.min(...words.map((word) => Number(word.dataset.sure)));
  document.getElementById("word-raw").textContent = raw;
  document.getElementById("word-sure").textContent = `${sure} %`;
  document.getElementById("word-cause").textContent = words.length === 1 ? (words[0].dataset.cause ?? "") : "";
  after.value = textOf(words);
  after.rows = after.value.split("\n").length;
  readings.replaceChildren();
  const { start, end } = span(words);
  told = `${start}-${end}`;
  const mine = told;
  if (words.length > 4) return;
  const answer = await fetch(`/api/v1/documents/${texts.document}/readings?start=${start}&end=${end}`);
  if (!answer.ok || told !== mine) return;
  // What is less likely than one in a thousand is of no help.
  const others = (await answer.json()).readings.filter((other) => other.probability >= 0.001);
  readings.replaceChildren(
    ...others.slice(0, 9).map((other, i) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      const key = document.createElement("kbd");
      key.textContent = i + 1;
      const word = document.createElement("span");
      word.lang = "vi";
      word.textContent = other.text;
      const share = document.createElement("span");
      share.className = "sure";
      share.textContent = `${(other.probability * 100).toFixed(other.probability > 0.1 ? 0 : 1)} %`;
      button.append(key, " ", word, " ", share);
      button.addEventListener("click", () => correct(other.text));
      item.append(button);
      return item;
    }),
  );
};

export const takeReading = (n) => readings.querySelectorAll("button")[n - 1]?.click();

export const correct = async (value) => {
  if (chosen.length === 0) return;
  const place = span(chosen);
  const done = await act("corrections", { span: place, text: value });
  if (!done) return;
  // The next word to be looked at, or the one that was written.
  const here = all().find((word) => Number(word.dataset.start) >= place.start);
  if (here) choose([here]);
};

export const edit = () => {
  if (chosen.length === 0) return;
  after.focus();
  after.select();
};

// One word on, or to the word nearest in the next line; with `extend` the first word stays chosen.
export const move = (key, extend) => {
  const words = all();
  if (words.length === 0) return;
  const last = chosen[chosen.length - 1];
  let next;
  if (!last) {
    next = words[0];
  } else if (key === "ArrowLeft" || key === "ArrowRight") {
    next = words[words.indexOf(last) + (key === "ArrowRight" ? 1 : -1)];
  } else {
    const from = last.getBoundingClientRect();
    const below = (box) => (key === "ArrowDown" ? box.top - from.top : from.top - box.top);
    const distance = (box) => below(box) * 4 + Math.abs((box.left + box.right - from.left - from.right) / 2);
    const boxes = words.map((word) => [word, word.getBoundingClientRect()]).filter(([, box]) => below(box) > 4);
    next = boxes.sort((a, b) => distance(a[1]) - distance(b[1]))[0]?.[0];
  }
  if (!next) return;
  if (!extend) anchor = next;
  choose(between(anchor ?? next, next));
};

const between = (a, b) => {
  const words = all();
  const [from, to] = [words.indexOf(a), words.indexOf(b)];
  if (from < 0) return [b];
  return words.slice(Math.min(from, to), Math.max(from, to) + 1);
};

export const doubt = (forward) => {
  const words = all();
  const needs = (word) => word.matches(".doubtful, .digits");
  const at = chosen.length > 0 ? words.indexOf(chosen[chosen.length - 1]) : forward ? -1 : words.length;
  const next = forward ? words.slice(at + 1).find(needs) : words.slice(0, Math.max(at, 0)).findLast(needs);
  if (next) {
    anchor = next;
    choose([next]);
    return;
  }
  const page = forward ? texts.nextDoubt : texts.lastDoubt;
  if (page) {
    location.href = `/documents/${texts.document}/pages/${page}#${forward ? "first" : "last"}`;
  } else {
    say(texts.tNoMore);
  }
};

export const lightTask = (number, on) => {
  for (const word of all()) {
    if ((word.dataset.tasks ?? "").split(" ").includes(String(number))) {
      word.classList.toggle("lit-task", on);
      boxOf(word)?.classList.toggle("lit-task", on);
    }
  }
};

// The words that are chosen, or else those that the pointer has marked.
const marked = () => {
  const selection = getSelection();
  if (selection.isCollapsed) return [];
  return all().filter((word) => selection.containsNode(word, true));
};

export const begin = () => {
  const words = all();
  if (words.length > 0) words[0].tabIndex = 0;
  const middle = text();
  middle.addEventListener("mouseover", (event) => {
    const word = event.target.closest(".w");
    if (word) light(word, true);
  });
  middle.addEventListener("mouseout", (event) => {
    const word = event.target.closest(".w");
    if (word && !chosen.includes(word)) light(word, false);
  });
  middle.addEventListener("mouseup", (event) => {
    const range = marked();
    if (range.length > 1) {
      anchor = range[0];
      choose(range);
      getSelection().removeAllRanges();
      return;
    }
    const word = event.target.closest(".w");
    if (!word) return;
    if (event.shiftKey && anchor) {
      choose(between(anchor, word));
    } else {
      anchor = word;
      choose([word]);
    }
  });
  middle.addEventListener("dblclick", edit);
  middle.addEventListener("focusin", (event) => {
    const word = event.target.closest(".w");
    if (word && !chosen.includes(word)) {
      anchor = word;
      choose([word], false);
    }
  });
};

export const beginBoxes = () => {
  const boxes = document.getElementById("boxes");
  // The word whose box is under the pointer.
  const under = (event) =>
    event.target.localName === "rect" ? document.getElementById(`w${event.target.id.slice(1)}`) : null;
  boxes?.addEventListener("mouseover", (event) => {
    const word = under(event);
    if (word) light(word, true);
  });
  boxes?.addEventListener("mouseout", (event) => {
    const word = under(event);
    if (word && !chosen.includes(word)) light(word, false);
  });
  boxes?.addEventListener("click", (event) => {
    const word = under(event);
    if (!word) return;
    anchor = word;
    choose([word]);
  });
};

document.getElementById("correct").addEventListener("submit", (event) => {
  event.preventDefault();
  correct(after.value);
});
after.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    correct(after.value);
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    chosen[chosen.length - 1]?.focus();
  }
});
after.addEventListener("input", () => {
  after.rows = after.value.split("\n").length;
});
