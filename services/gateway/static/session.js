// Who the reader is: a token for the forms on this page, kept in this tab only.
import { el } from "./dom.js";

const KEY = "heju-session";
const watchers = [];

/** The session of this tab; undefined where there is none or it is over. */
export function session() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
    if (kept && new Date(kept.expiresAt) > new Date()) return kept;
  } catch {
    // What was kept is not ours: as good as none.
  }
  return undefined;
}

/** The headers that name the caller. */
export function authorization() {
  const now = session();
  return now ? { authorization: `Bearer ${now.token}` } : {};
}

/** Calls back now and whenever somebody logs in or out. */
export function watch(callback) {
  watchers.push(callback);
  callback();
}

function keep(value) {
  if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
  else sessionStorage.removeItem(KEY);
  watchers.forEach((callback) => callback());
}

/** Fills the form at the top of the page. */
export function mount(form) {
  watch(() => form.replaceChildren(...(session() ? loggedIn() : loggedOut(form))));
}

function loggedIn() {
  const { caller } = session();
  const who = `${caller?.name || caller?.subject || "令牌 token"} · ${(caller?.roles || []).join(", ")}`;
  return [el("span", {}, who), el("button", { type: "button", class: "plain", click: () => keep(null) }, "退出 Log out")];
}

function loggedOut(form) {
  const account = el("input", { name: "account", placeholder: "账号 account", autocomplete: "username", required: true, "aria-label": "账号 account" });
  const password = el("input", { name: "password", type: "password", placeholder: "密码 password", autocomplete: "current-password", required: true, "aria-label": "密码 password" });
  const notice = el("span", { class: "notice", role: "status" });
  form.onsubmit = async (event) => {
    event.preventDefault();
    notice.textContent = "";
    try {
      const answer = await fetch("/v1/sessions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account: account.value, password: password.value }),
      });
      const body = await answer.json();
      if (answer.ok) keep(body);
      else notice.textContent = `${body.message} ${body.messageEn}`;
    } catch {
      notice.textContent = "网关没有应答。The gateway does not answer.";
    }
  };
  return [account, password, el("button", {}, "登录 Log in"), notice];
}
