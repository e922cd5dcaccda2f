// Events: what is published, and a window on what happens now.
import { both, el, json, markdown } from "./dom.js";
import { resolve, table } from "./schema.js";
import { authorization, session } from "./session.js";

/** The card of an event. */
export function eventCard(root, channel) {
  const message = resolve(root, resolve(root, Object.values(channel.messages || {})[0] || {}));
  const inside = el("div", { class: "inside" });
  const card = el("details", { class: "card", id: `event-${message.name}` },
    el("summary", {},
      el("span", { class: "method event" }, "EVENT"),
      el("span", { class: "path mono" }, message.name || channel.address),
      el("span", { class: "about" }, channel.title || "")),
    inside);
  card.addEventListener("toggle", () => {
    if (!card.open || inside.childElementCount) return;
    const shown = message.examples?.[0]?.payload;
    inside.append(...[
      markdown(channel.description),
      both("h3", "主题", "subject"), el("p", {}, el("code", {}, channel.address)),
      both("h3", "内容", "payload"), table(root, message.payload || {}),
      shown ? el("details", { class: "inner" }, both("summary", "示例", "example"), json(shown)) : "",
    ].flat().filter(Boolean));
  });
  return card;
}

/** A button that opens the stream of live events and shows the last of them. */
export function liveWindow() {
  const list = el("div", { class: "live", "aria-live": "polite" });
  const state = el("span", { class: "about", role: "status" });
  let running;
  const button = el("button", { type: "button", click: () => (running ? stop() : start()) }, "打开 Open");

  function stop(words = "") {
    running?.abort();
    running = undefined;
    button.textContent = "打开 Open";
    state.textContent = words;
  }

  async function start() {
    if (!session()) {
      state.textContent = "请先在页首登录。Log in above first.";
      return;
    }
    running = new AbortController();
    button.textContent = "关闭 Close";
    state.textContent = "…";
    let place;
    while (running) {
      try {
        const headers = { ...authorization(), ...(place ? { "last-event-id": place } : {}) };
        const answer = await fetch("/v1/events/stream", { headers, signal: running.signal });
        if (!answer.ok) {
          const refused = await answer.json();
          stop(`${refused.message} ${refused.messageEn}`);
          return;
        }
        state.textContent = "已连接 connected";
        for await (const event of events(answer.body)) {
          place = event.id || place;
          if (event.data) show(event);
        }
      } catch {
        if (!running) return;
      }
      // The connection was lost: come back to the same place.
      state.textContent = "正在重连 reconnecting";
      await new Promise((done) => setTimeout(done, 2000));
    }
  }

  function show(event) {
    let data = event.data;
    try { data = JSON.parse(data); } catch { /* shown as it is */ }
    list.prepend(el("details", { class: "inner" }, el("summary", {}, el("code", {}, event.event), " ", event.id), json(data)));
    while (list.childElementCount > 100) list.lastElementChild.remove();
  }

  return el("section", { class: "try" }, both("h3", "实时事件", "live events"), el("p", {}, button, " ", state), list);
}

/** Reads server-sent events; the browser's own reader cannot send a token. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const line of block.split("\n")) {
        const at = line.indexOf(":");
        if (at <= 0) continue;
        const words = line.slice(at + 1).replace(/^ /, "");
        const name = line.slice(0, at);
        event[name] = name === "data" && event.data !== undefined ? `${event.data}\n${words}` : words;
      }
      yield event;
    }
  }
}
