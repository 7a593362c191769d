import { signIn } from "./api.js";
import { Problem } from "./problem.js";
import { el } from "./render/dom.js";
import { apiKey, signedIn } from "./store.js";

/**
 * Opens the console with the one-time link. It waits for a press: programs that look at links ahead of people would use it up, and nobody
 * should be signed in by merely following one.
 */

const link = location.hash.slice(1);
const go = /** @type {HTMLButtonElement} */ (document.getElementById("go"));
const words = /** @type {HTMLElement} */ (document.getElementById("words"));

// Out of the address bar and the history, where it could be read over a shoulder.
history.replaceState(null, "", location.pathname);
if (link === "") end("This address has no link in it. In Slack or Teams, write “login” to me and open the link you get.");
go.addEventListener("click", open);

async function open() {
  go.disabled = true;
  apiKey.set(null);
  try {
    const { name } = await signIn(link);
    signedIn.set(name);
    location.replace("/");
  } catch (error) {
    const used = error instanceof Problem && error.status === 401;
    if (used) end("This link was used, or is older than ten minutes. Write “login” to me again for a new one.");
    else {
      words.textContent = "That did not work just now. Please try again.";
      go.disabled = false;
    }
  }
}

/** @param {string} why */
function end(why) {
  words.textContent = why;
  go.replaceWith(el("a", { class: "primary", href: "/" }, "To the console"));
}
