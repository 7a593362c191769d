import { keyForm } from "./key-form.js";
import { suggestions } from "./render/answer.js";
import { el } from "./render/dom.js";
import { prose } from "./render/prose.js";

/**
 * What an empty conversation shows.
 * @param {HTMLElement} place
 * @param {import("./api.js").Start} start
 * @param {(question: string) => void} onAsk
 */
export function showWelcome(place, start, onAsk) {
  place.replaceChildren(
    el("img", { src: "/console/icon.svg", alt: "", width: 52, height: 52 }),
    el("h2", { dir: "auto" }, start.greeting),
    ...(start.advice ? [prose(start.advice)] : []),
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
