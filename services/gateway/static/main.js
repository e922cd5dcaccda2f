// The page: reads both contracts and writes them out.
import { both, el, markdown } from "./dom.js";
import { eventCard, liveWindow } from "./events.js";
import { operationCard } from "./operation.js";
import { mount } from "./session.js";

const TITLES = {
  registry: "登记", committees: "业主共同决定", funds: "维修资金", gateway: "网关", events: "实时事件", running: "运行",
};

const main = document.getElementById("main");
const contents = document.getElementById("contents");
const search = document.getElementById("search");
const entries = [];

mount(document.getElementById("session"));
start();

async function start() {
  try {
    const [api, events] = await Promise.all(["/openapi.json", "/asyncapi.json"].map(read));
    write(api, events);
    show();
  } catch (error) {
    main.replaceChildren(el("p", { class: "notice" }, `接口说明读取失败。The contracts cannot be read: ${error.message}`));
  }
}

async function read(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function write(api, events) {
  const overview = el("section", { id: "overview" },
    el("h1", {}, `${api.info.title} ${api.info.version}`),
    el("p", { class: "about" }, api.info.summary || ""),
    markdown(api.info.description),
    el("p", {}, "机器可读 machine-readable: ", el("a", { href: "/openapi.json" }, "openapi.json"), " · ",
      el("a", { href: "/asyncapi.json" }, "asyncapi.json")));
  const groups = api.tags.map((tag) => group(api, tag));
  main.replaceChildren(overview, ...groups, published(events));
}

function group(api, tag) {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, operation]) => operation.tags?.includes(tag.name))
      .map(([method, operation]) => ({ path, method, operation })));
  const title = TITLES[tag.name] || tag.name;
  const section = el("section", { id: `group-${tag.name}` }, both("h2", title, tag.name), markdown(tag.description));
  const links = list(`group-${tag.name}`, title, tag.name);
  for (const { path, method, operation } of operations) {
    const card = operationCard(api, path, method, operation);
    section.append(card);
    const words = [path, method, operation.operationId, operation.summary, operation.description, operation["x-reasons"]];
    link(links, card, operation.operationId, operation.summary || path, words);
  }
  if (tag.name === "events") section.append(liveWindow());
  return section;
}

function published(events) {
  const section = el("section", { id: "published" }, both("h2", "发布的事件", "published events"), markdown(events.info.description));
  const links = list("published", "发布的事件", "published events");
  for (const channel of Object.values(events.channels)) {
    const card = eventCard(events, channel);
    section.append(card);
    link(links, card, card.id, channel.title || channel.address, [channel.address, channel.title, channel.description, card.id]);
  }
  return section;
}

function list(target, zh, en) {
  const links = el("ul");
  contents.append(el("h2", {}, el("a", { href: `#${target}` }, zh), " ", el("small", {}, en)), links);
  return links;
}

function link(links, card, target, text, words) {
  const item = el("li", {}, el("a", { href: `#${target}` }, text));
  links.append(item);
  entries.push({ card, item, words: words.flat().filter(Boolean).join(" ").toLowerCase() });
}

search.addEventListener("input", () => {
  const sought = search.value.trim().toLowerCase().split(/\s+/);
  for (const { card, item, words } of entries) {
    const fits = sought.every((word) => words.includes(word));
    card.hidden = !fits;
    item.hidden = !fits;
  }
});

/** Opens what the address names. */
function show() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

window.addEventListener("hashchange", show);
