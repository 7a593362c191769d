import { el, icon } from "./render/dom.js";
import { companySignIn } from "./store.js";

/**
 * Asks for an API key and says how to come by one. The key stays in this tab.
 * @param {(key: string) => void} onKey
 */
export function keyForm(onKey, role = "viewer") {
  const id = `key-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const input = el("input", { id, type: "password", autocomplete: "off", spellcheck: "false", required: true, dir: "ltr" });
  return el(
    "div",
    { class: "key-form" },
    companySignIn.path === null
      ? null
      : el("p", {}, el("a", { class: "primary", href: companySignIn.path }, "Sign in with your company account"), " or use a key:"),
    el(
      "p",
      {},
      "Someone with access to the server makes one with ",
      el("code", {}, `npm run -s firstmate -- key create --role ${role}`),
      ". In Slack or Teams, ",
      el("code", {}, "login"),
      " gets you a link that signs you in without one.",
    ),
    el(
      "form",
      { onsubmit },
      el("label", { for: id }, "API key"),
      input,
      el("button", { type: "submit", class: "primary" }, icon("key"), el("span", {}, "Use this key")),
    ),
    el("p", { class: "small" }, "It is kept for this tab only and forgotten when you close it."),
  );
  /** @param {SubmitEvent} event */
  function onsubmit(event) {
    event.preventDefault();
    const key = input.value.trim();
    if (key) onKey(key);
  }
}
