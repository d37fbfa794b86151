// A document's page: what the server is told, and what it says.

import { pledge } from "./common.js";

const desk = () => document.getElementById("desk");

// What the page says of itself and in its language.
export const texts = desk().dataset;

let silence;
export const say = (what) => {
  const said = document.getElementById("said");
  said.textContent = what;
  clearTimeout(silence);
  silence = setTimeout(() => (said.textContent = ""), 6000);
};

let before = () => {};
let behind = () => {};

// What is to be done before and behind a change of the page.
export const around = (first, then) => {
  before = first;
  behind = then;
};

// Puts what stands on the server into the page, where it may have changed.
const refresh = async () => {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = document.getElementById("history").open;
  before();
  for (const id of ["text", "tasks", "history", "boxes", "strip", "undo", "reviewed"]) {
    const [old, now] = [document.getElementById(id), page.getElementById(id)];
    if (old && now) old.replaceWith(document.adoptNode(now));
  }
  document.getElementById("history").open = open;
  Object.assign(texts, page.getElementById("desk").dataset);
  behind();
};

// Sends what the reviewer did; tells what came of it. True when it is written.
export const act = async (what, body) => {
  const answer = await fetch(`/api/v1/documents/${texts.document}/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json", "if-match": `"${texts.version}"`, ...pledge() },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer?.ok) {
    await refresh();
    say(what === "undo" ? texts.tUndone : texts.tSaved);
    return true;
  }
  const problem = (await answer?.json().catch(() => null)) ?? {};
  if (problem.code === "conflict") {
    const people = [...new Set((problem.since ?? []).map((event) => event.who))].join(", ");
    await refresh();
    say(texts.tConflict.replace("{n}", people || "?"));
  } else {
    say(`${texts.tFailed} ${problem.title ?? ""}`);
  }
  return false;
};
