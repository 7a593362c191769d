import { signOut } from "./api.js";
import { el, icon } from "./render/dom.js";
import { apiKey, signedIn } from "./store.js";

/**
 * As whom the page acts, and how to end that.
 * @param {HTMLElement} place
 */
export function showKeyState(place) {
  const person = signedIn.get();
  place.replaceChildren(
    ...(apiKey.get() === null ? [] : [leave("Forget the key", async () => apiKey.set(null))]),
    ...(person === null ? [] : [leave(`Sign out ${person}`, signOut)]),
  );
}

/**
 * @param {string} label
 * @param {() => Promise<void>} end
 */
function leave(label, end) {
  const button = el("button", { type: "button", class: "quiet" }, icon("key"), el("span", { dir: "auto" }, label));
  button.addEventListener("click", async () => {
    await end().catch(() => {});
    signedIn.set(null);
    location.reload();
  });
  return button;
}
