import { keyForm } from "./key-form.js";
import { suggestions } from "./render/answer.js";
import { el } from "./render/dom.js";

/**
 * What an empty conversation shows.
 * @param {HTMLElement} place
 * @param {{ greeting: string, suggestions: readonly string[] }} start
 * @param {(question: string) => void} onAsk
 */
export function showWelcome(place, start, onAsk) {
  place.replaceChildren(
    el("img", { src: "/console/icon.svg", alt: "", width: 52, height: 52 }),
    el("h2", { dir: "auto" }, start.greeting),
    suggestions(start.suggestions, onAsk),
  );
}

/**
 * The same place when nothing can be asked without a key.
 * @param {HTMLElement} place
 * @param {boolean} refused whether a key was tried already
 * @param {(key: string) => void} onKey
 */
export function showKeyNeeded(place, refused, onKey) {
  place.replaceChildren(
    el("img", { src: "/console/icon.svg", alt: "", width: 52, height: 52 }),
    el("h2", {}, refused ? "This key was not accepted" : "This console needs a key"),
    keyForm(onKey),
  );
}
