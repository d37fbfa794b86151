// Files are sent one by one; how far they are comes as server-sent events.
import { pledge } from "./common.js";

const texts = document.getElementById("uploads").dataset;
const form = document.getElementById("send");
const sending = document.getElementById("sending");
const refused = document.getElementById("refused");
const all = document.getElementById("all");

const states = { waiting: texts.tWaiting, reading: texts.tReading, done: texts.tDone, failed: texts.tNotread };

const cell = (text, kind) => {
  const made = document.createElement("td");
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

// Puts an upload, as the server tells it, into the table.
const show = (upload) => {
  const row = document.createElement("tr");
  row.id = `upload-${upload.id}`;
  const state = cell("", "state");
  const word = document.createElement("span");
  word.className = `status ${upload.state}`;
  word.textContent = states[upload.state] ?? upload.state;
  const cause = document.createElement("span");
  cause.className = "cause";
  cause.textContent = upload.message;
  state.append(word, " ", cause);
  const count = cell("", "number");
  if (upload.done > 0) {
    const link = document.createElement("a");
    link.href = `/documents?q=${encodeURIComponent(`"${upload.name}"`)}`;
    link.textContent = upload.done;
    link.setAttribute("aria-label", `${texts.tOpen} ${upload.name}`);
    count.append(link);
  }
  row.append(cell(upload.name), state, count, cell(upload.who), cell(upload.at, "day"));
  const old = document.getElementById(row.id);
  if (old) old.replaceWith(row);
  else all.prepend(row);
};

const send = async (file) => {
  const body = new FormData();
  body.append("file", file, file.name);
  const answer = await fetch("/api/v1/uploads", { method: "POST", headers: pledge(), body }).catch(() => null);
  if (answer?.ok) {
    (await answer.json()).uploads.forEach(show);
    return true;
  }
  const problem = (await answer?.json().catch(() => null)) ?? {};
  const item = document.createElement("li");
  item.textContent = `${file.name}: ${problem.title ?? answer?.status ?? "?"}`;
  refused.append(item);
  return false;
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = [...form.elements.file.files];
  const button = form.querySelector("button");
  button.disabled = true;
  refused.replaceChildren();
  let sent = 0;
  for (const [i, file] of files.entries()) {
    sending.textContent = texts.tSending.replace("{n}", `${i + 1}/${files.length}`);
    sent += await send(file);
  }
  sending.textContent = texts.tSent.replace("{n}", `${sent}/${files.length}`);
  button.disabled = false;
  form.reset();
});

const news = new EventSource("/api/v1/uploads/events");
news.addEventListener("upload", (event) => show(JSON.parse(event.data)));
