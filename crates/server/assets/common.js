// What all pages share: the reviewer's name and the language.

const keep = (name, value) => {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=strict`;
};

const who = document.getElementById("who");
if (who) {
  const field = who.querySelector("input");
  who.addEventListener("submit", (event) => {
    event.preventDefault();
    field.blur();
  });
  field.addEventListener("change", () => keep("reviewer", field.value.trim()));
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    keep("lang", button.dataset.language);
    location.reload();
  });
}

// What shows the server that a request comes from one of its pages.
export const pledge = () => ({ "x-csrf-token": document.querySelector("meta[name=csrf]").content });

// Whether keys that are pressed go into a field.
export const isTyping = (event) =>
  event.target.closest?.("input, textarea, select, dialog[open]") !== null || event.ctrlKey || event.metaKey || event.altKey;

// Names of units into a datalist, as they are typed. `write` is what a name is chosen as.
export const completeUnits = (list, write) => {
  let waiting;
  return (field) => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(`/api/v1/units?limit=20&q=${encodeURIComponent(field.value)}`);
      if (!answer.ok) return;
      list.replaceChildren(
        ...(await answer.json()).map((unit) => {
          const option = document.createElement("option");
          write(option, unit);
          return option;
        }),
      );
    }, 150);
  };
};
