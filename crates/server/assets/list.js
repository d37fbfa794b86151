// The list: keys to move in it, and names of units.
import { completeUnits, isTyping } from "./common.js";

const rows = [...document.querySelectorAll("#list tbody tr a")];
let at = -1;

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").focus();
  } else if ((event.key === "j" || event.key === "k") && rows.length > 0) {
    at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
    rows[at].focus();
  } else if (event.key === "n") {
    document.getElementById("next")?.click();
  }
});
rows.forEach((row, i) => row.addEventListener("focus", () => (at = i)));

const unit = document.querySelector("input[name=unit]");
const complete = completeUnits(document.getElementById("known-units"), (option, known) => {
  option.value = known.id;
  option.label = known.name;
});
unit?.addEventListener("input", () => complete(unit));
