// A page to try the API: a form for each operation that the description names.
import { pledge } from "./common.js";

const place = document.getElementById("api");
const described = await (await fetch("/api/v1/openapi.json")).json();

const make = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const resolved = (schema) =>
  schema?.$ref ? described.components.schemas[schema.$ref.split("/").pop()] : (schema ?? {});

// A body of the right shape to begin with.
const sample = (schema, depth = 0) => {
  const one = resolved(schema);
  if (one.enum) return one.enum[0];
  const kind = [one.type].flat()[0];
  if (one.oneOf) return sample(one.oneOf.find((s) => s.type !== "null"), depth);
  if (kind === "object" && depth < 4) {
    const wanted = Object.entries(one.properties ?? {}).filter(([key]) => one.required?.includes(key));
    return Object.fromEntries(wanted.map(([key, value]) => [key, sample(value, depth + 1)]));
  }
  return { array: [], integer: 0, number: 0, boolean: true, string: "" }[kind] ?? null;
};

const operation = (method, path, about) => {
  const box = make("details", null, { class: "operation" });
  const head = make("summary");
  head.append(make("b", method.toUpperCase()), " ", make("code", path), " ", make("span", about.summary, { class: "hint" }));
  const form = make("form");
  for (const parameter of about.parameters ?? []) {
    const label = make("label", `${parameter.name}${parameter.required ? " *" : ""} `);
    const field = make("input", null, { name: parameter.name, "data-in": parameter.in });
    if (parameter.required && parameter.in === "path") field.required = true;
    label.append(field, " ", make("span", parameter.description, { class: "hint" }));
    form.append(label);
  }
  const schema = about.requestBody?.content?.["application/json"]?.schema;
  if (schema) {
    const body = make("textarea", JSON.stringify(sample(schema), null, 1), { name: "body", rows: 6, spellcheck: "false" });
    body.setAttribute("aria-label", "JSON");
    form.append(body);
  }
  const answer = make("pre", null, { "aria-live": "polite" });
  form.append(make("button", place.dataset.send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let address = path;
    const query = new URLSearchParams();
    const headers = schema ? { "content-type": "application/json", ...pledge() } : {};
    for (const field of form.querySelectorAll("[data-in]")) {
      if (field.value === "") continue;
      if (field.dataset.in === "path") address = address.replace(`{${field.name}}`, encodeURIComponent(field.value));
      if (field.dataset.in === "query") query.set(field.name, field.value);
      if (field.dataset.in === "header") headers[field.name] = field.value;
    }
    const body = form.elements.body?.value;
    const got = await fetch(query.size > 0 ? `${address}?${query}` : address, { method: method.toUpperCase(), headers, body });
    const kind = got.headers.get("content-type") ?? "";
    const text = kind.includes("json") ? JSON.stringify(await got.json(), null, 1) : `(${kind})`;
    const tag = got.headers.get("etag");
    answer.textContent = `${got.status} ${got.statusText}${tag ? `\nETag: ${tag}` : ""}\n\n${text.slice(0, 20000)}`;
  });
  box.append(head, form, answer);
  return box;
};

for (const [path, methods] of Object.entries(described.paths)) {
  for (const [method, about] of Object.entries(methods)) {
    document.getElementById("operations").append(operation(method, path, about));
  }
}
