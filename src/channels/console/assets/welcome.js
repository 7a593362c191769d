import { readStart, whoAmI } from "./api.js";
import { keyForm } from "./key-form.js";
import { showKeyState } from "./key-state.js";
import { suggestions } from "./render/answer.js";
import { byId, el } from "./render/dom.js";
import { prose } from "./render/prose.js";
import { apiKey, companySignIn, mayManage, signedIn } from "./store.js";

/**
 * What an empty conversation shows, and as whom the page acts.
 * @param {HTMLElement} place
 * @param {{ onAsk: (question: string) => void, onKey: (key: string) => void }} actions
 */
export function createWelcome(place, { onAsk, onKey }) {
  /** @type {import("./api.js").Start} */
  let start = { greeting: "What would you like to know?", suggestions: [] };

  function show() {
    place.replaceChildren(
      mark(),
      el("h2", { dir: "auto" }, start.greeting),
      ...(start.advice ? [prose(start.advice)] : []),
      suggestions(start.suggestions, onAsk),
    );
    showKeyState(byId("key-state", HTMLElement));
  }

  return {
    /** A page that cannot be greeted is still a page. */
    async greet() {
      try {
        start = await readStart();
        if (start.signIn !== undefined) await returnFromSignIn(start.signIn);
        if (start.label) showLabel(start.label);
      } catch {}
      show();
    },
    /** @param {string} key */
    useKey(key) {
      apiKey.set(key);
      show();
    },
    /** Nothing can be asked without a key. */
    needKey() {
      const title = apiKey.get() === null ? "This console needs a key" : "This key was not accepted";
      place.replaceChildren(mark(), el("h2", {}, title), keyForm(onKey));
    },
  };
}

function mark() {
  return el("img", { src: "/console/icon.svg", alt: "", width: 52, height: 52 });
}

/** @param {string} words */
function showLabel(words) {
  const label = byId("label", HTMLElement);
  label.textContent = words;
  label.hidden = false;
}

/**
 * Whoever comes back from the company's sign-in has a session that no script reads: the server says whose it is.
 * @param {string} path
 */
async function returnFromSignIn(path) {
  companySignIn.path = path;
  if (mayManage()) return;
  try {
    signedIn.set((await whoAmI()).name);
  } catch {}
}
