// Building the page: text goes in as text, never as markup.

/** Makes an element: el("p", { class: "about" }, "text", child, [children]). Handlers are given as functions. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

/** A heading or label in Chinese with the English beside it. */
export function both(name, zh, en, attributes = {}) {
  return el(name, attributes, zh, " ", el("small", {}, en));
}

/** The little Markdown that the contracts use: paragraphs, lists, `code`. */
export function markdown(text) {
  const blocks = [];
  for (const block of (text || "").split(/\n\s*\n/)) {
    const lines = block.split("\n");
    const items = lines.filter((line) => line.startsWith("- "));
    const words = lines.filter((line) => !line.startsWith("- "));
    if (words.length) blocks.push(el("p", {}, inline(words.join(" "))));
    if (items.length) blocks.push(el("ul", {}, items.map((line) => el("li", {}, inline(line.slice(2))))));
  }
  return blocks;
}

function inline(text) {
  return text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

/** A value as readable JSON. */
export function json(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return el("pre", {}, el("code", {}, text));
}
