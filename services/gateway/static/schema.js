// Schemas: what fields there are, what they hold, and examples of them.
import { both, el, markdown } from "./dom.js";

/** Follows references within a document. */
export function resolve(root, schema) {
  let found = schema;
  for (let depth = 0; found && depth < 16; depth += 1) {
    if (found.$ref) {
      found = found.$ref.slice(2).split("/")
        .reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], root);
    } else if (found.allOf?.length === 1) {
      const { allOf, ...beside } = found;
      found = { ...resolve(root, allOf[0]), ...beside };
    } else if (found.oneOf?.length === 1 || found.anyOf?.length === 1) {
      found = (found.oneOf || found.anyOf)[0];
    } else {
      return found;
    }
  }
  return found || {};
}

function typeOf(root, schema) {
  const found = resolve(root, schema);
  if (found.type === "array") return `${typeOf(root, found.items || {})}[]`;
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.enum) return found.title || "enum";
  const type = Array.isArray(found.type) ? found.type.join(" | ") : found.type;
  if (type === "object" && found.title) return found.title;
  return [type || "any", found.format && `(${found.format})`].filter(Boolean).join(" ");
}

/** The members of an object schema as a table; objects within open on demand, so recursion ends with the reader. */
export function table(root, schema) {
  let found = resolve(root, schema);
  while (found.type === "array") found = resolve(root, found.items || {});
  const members = Object.entries(found.properties || {});
  if (!members.length) {
    return el("p", { class: "about" }, found.description ? markdown(found.description) : "（无字段 no fields）");
  }
  const required = new Set(found.required || []);
  const rows = members.map(([name, member]) => row(root, name, member, required.has(name)));
  const head = el("tr", {}, both("th", "字段", "field"), both("th", "类型", "type"), both("th", "说明", "meaning"));
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, rows)));
}

function row(root, name, member, required) {
  const found = resolve(root, member);
  const description = member.description || found.description;
  return el("tr", {},
    el("td", {}, el("code", {}, name), required ? el("div", { class: "must" }, "必填 required") : ""),
    el("td", { class: "type" }, typeOf(root, member)),
    el("td", {}, markdown(description), values(root, member), examples(found), inside(root, member)));
}

/** The values of an enumeration. */
export function values(root, schema) {
  let found = resolve(root, schema);
  if (found.type === "array") found = resolve(root, found.items || {});
  if (!found.enum) return "";
  return el("ul", { class: "reasons" }, found.enum.map((value) => el("li", {}, el("code", {}, String(value)))));
}

function examples(found) {
  if (!found.examples?.length || found.type === "object") return "";
  return el("div", { class: "about" }, "例 e.g. ", el("code", {}, JSON.stringify(found.examples[0])));
}

function inside(root, member) {
  let found = resolve(root, member);
  if (found.type === "array") found = resolve(root, found.items || {});
  if (!found.properties) return "";
  const body = el("div");
  const opened = (event) => {
    if (event.target.open && !body.childElementCount) body.append(table(root, found));
  };
  return el("details", { class: "inner", toggle: opened }, both("summary", "展开", found.title || "fields"), body);
}
