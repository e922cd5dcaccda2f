// One call: what it takes, what it answers, why it may refuse, and a form to try it.
import { both, el, json, markdown } from "./dom.js";
import { resolve, table, values } from "./schema.js";
import { authorization } from "./session.js";

/** The card of an operation; what is inside is made when it is first opened. */
export function operationCard(root, path, method, operation) {
  const inside = el("div", { class: "inside" });
  const card = el("details", { class: "card", id: operation.operationId },
    el("summary", {},
      el("span", { class: `method ${method}` }, method.toUpperCase()),
      el("span", { class: "path mono" }, path),
      el("span", { class: "about" }, operation.summary || "")),
    inside);
  card.addEventListener("toggle", () => {
    if (card.open && !inside.childElementCount) inside.append(...parts(root, path, method, operation));
  });
  return card;
}

function parts(root, path, method, operation) {
  const parameters = (operation.parameters || []).map((parameter) => resolve(root, parameter));
  const body = operation.requestBody?.content?.["application/json"];
  return [
    markdown(operation.description),
    operation.security?.length ? "" : el("p", { class: "about" }, "无需令牌 No token needed."),
    parameters.length ? [both("h3", "参数", "parameters"), parameterTable(root, parameters)] : "",
    body ? [both("h3", "请求内容", "request body"), table(root, body.schema), example(body.example)] : "",
    answers(root, operation),
    reasons(operation),
    form(path, method, operation, parameters, body),
  ].flat(2).filter(Boolean);
}

function parameterTable(root, parameters) {
  const rows = parameters.map((parameter) => el("tr", {},
    el("td", {}, el("code", {}, parameter.name), parameter.required ? el("div", { class: "must" }, "必填 required") : ""),
    el("td", { class: "type" }, { path: "路径 path", query: "查询 query", header: "请求头 header" }[parameter.in] || parameter.in),
    el("td", {}, markdown(parameter.description), values(root, parameter.schema || {}))));
  return el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, rows)));
}

function example(value) {
  if (value === undefined) return "";
  return el("details", { class: "inner" }, both("summary", "示例", "example"), json(value));
}

function answers(root, operation) {
  const list = Object.entries(operation.responses || {}).map(([status, response]) => {
    const found = resolve(root, response);
    const [media, content] = Object.entries(found.content || {})[0] || [];
    const title = el("summary", {}, el("code", {}, status), " ", found.description || "");
    const shown = content?.schema && media === "application/json" ? table(root, content.schema) : "";
    return el("details", { class: "inner" }, title, shown, example(content?.example));
  });
  return [both("h3", "应答", "answers"), ...list];
}

function reasons(operation) {
  const all = operation["x-reasons"] || [];
  if (!all.length) return "";
  return [both("h3", "拒绝原因", "reasons of refusals"),
    el("ul", { class: "reasons" }, all.map((reason) => el("li", {}, el("code", {}, reason))))];
}

function form(path, method, operation, parameters, body) {
  const inputs = parameters.filter((parameter) => operation.operationId !== "streamEvents" || parameter.in !== "header")
    .map((parameter) => {
      const isKey = parameter.name === "idempotency-key";
      const input = el("input", { name: parameter.name, required: parameter.required, value: isKey ? newKey() : undefined });
      return { parameter, input };
    });
  const text = body ? el("textarea", { "aria-label": "请求内容 body", spellcheck: "false" }) : undefined;
  if (text) text.value = JSON.stringify(body.example ?? {}, null, 2);
  const answer = el("div", { class: "answer", "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    answer.replaceChildren("…");
    answer.replaceChildren(...await call(path, method, inputs, text));
  };
  if (operation.operationId === "streamEvents") return "";
  return el("form", { class: "try", submit: send },
    both("h3", "试一试", "try it"),
    inputs.map(({ parameter, input }) => el("label", {}, el("code", {}, parameter.name), input)),
    text ? el("label", {}, el("span", {}, "请求内容 body"), text) : "",
    el("button", {}, "发送 Send"), answer);
}

/** A key for a change; a page that is not served by TLS has no generator of UUIDs. */
function newKey() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

async function call(path, method, inputs, text) {
  let target = path;
  const query = new URLSearchParams();
  const headers = { ...authorization() };
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (!input.value) continue;
    else if (parameter.in === "query") query.append(parameter.name, input.value);
    else headers[parameter.name] = input.value;
  }
  const url = query.size ? `${target}?${query}` : target;
  if (text) headers["content-type"] = "application/json";
  try {
    const started = performance.now();
    const answer = await fetch(url, { method: method.toUpperCase(), headers, body: text ? text.value : undefined });
    const words = await answer.text();
    // What was done is done: the next send is another change. What failed may be sent again under its key.
    const key = inputs.find(({ parameter }) => parameter.name === "idempotency-key");
    if (answer.ok && key) key.input.value = newKey();
    const took = Math.round(performance.now() - started);
    let shown = words;
    try { shown = JSON.parse(words); } catch { /* not JSON: shown as it is */ }
    return [
      el("p", {}, el("b", { class: answer.ok ? "good" : "bad" }, `${answer.status} `),
        `${took} ms · 追踪编号 trace-id `, el("code", {}, answer.headers.get("trace-id") || "–")),
      shown?.reason ? el("p", { class: "notice" }, `${shown.message} `, el("span", { class: "about" }, shown.messageEn)) : "",
      json(shown),
    ].filter(Boolean);
  } catch {
    return [el("p", { class: "notice" }, "网关没有应答。The gateway does not answer.")];
  }
}
