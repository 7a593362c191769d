import { listTools } from "./api.js";
import { Problem } from "./problem.js";
import { el, icon } from "./render/dom.js";

/** @import { ToolSummary } from "../wire.ts" */

/**
 * Opens "What can I ask?": every tool with questions it answers; choosing one puts it into the box.
 * @param {(question: string) => void} onChoose
 */
export function openTools(onChoose) {
  const body = el("div", { class: "tools" }, el("p", { class: "small" }, "Loading …"));
  const close = el("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const dialog = el(
    "dialog",
    { class: "tools-dialog", "aria-labelledby": "tools-title", onclick, onclose: () => dialog.remove() },
    el(
      "div",
      { class: "dialog-body" },
      el("header", {}, el("h2", { id: "tools-title", class: "dialog-title" }, "What can I ask?"), close),
      body,
      keys(),
    ),
  );
  /** @param {MouseEvent} event */
  function onclick(event) {
    if (event.target === dialog) dialog.close();
  }
  /** @param {string} question */
  function choose(question) {
    dialog.close();
    onChoose(question);
  }
  document.body.append(dialog);
  dialog.showModal();
  listTools().then(
    (tools) => {
      const entries = tools.map((tool) => entry(tool, choose));
      body.replaceChildren(finder(entries), ...entries);
    },
    (error) => body.replaceChildren(el("p", {}, sorry(error))),
  );
}

/**
 * Leaves in view what holds every word that is typed.
 * @param {readonly HTMLElement[]} entries
 */
function finder(entries) {
  const found = el("p", { class: "small", role: "status" });
  const input = el("input", { id: "find-tool", type: "search", autocomplete: "off", oninput });
  function oninput() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = entries.filter((entry) => {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
      return !entry.hidden;
    });
    found.textContent =
      words.length === 0 ? "" : shown.length === 0 ? "Nothing speaks of that. Ask anyway." : `${shown.length} of ${entries.length}`;
  }
  return el("div", { class: "finder" }, el("label", { for: "find-tool" }, "Find"), input, found);
}

const KEYS = [
  ["Ctrl K", "to the question box, from anywhere"],
  ["Ctrl Shift O", "a new conversation"],
  ["Ctrl B", "shows and hides the list at the side"],
  ["↑ ↓ Home End", "move among the conversations there"],
  ["Esc", "stops an answer, closes what lies above the page"],
];

function keys() {
  return el(
    "section",
    { class: "key-list", "aria-labelledby": "keys-title" },
    el("h3", { id: "keys-title" }, "Keys"),
    el("dl", {}, ...KEYS.map(([key, what]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)))),
    el("p", { class: "small" }, "On a Mac, ⌘ in place of Ctrl."),
  );
}

/** @param {unknown} error */
function sorry(error) {
  if (error instanceof Problem && error.status === 401) return "Ask a question first: you will be asked for a key.";
  return "The list could not be read just now. Close this and try again.";
}

/**
 * @param {ToolSummary} tool
 * @param {(question: string) => void} choose
 */
function entry({ name, title, description, examples, command }, choose) {
  return el(
    "section",
    { "aria-labelledby": `tool-${name}` },
    el("h3", { id: `tool-${name}` }, title, command ? el("code", {}, `/${command.name.replace(/^\//, "")} ${command.hint}`.trim()) : null),
    // What follows tells a model when to choose it.
    el("p", {}, description.split(" Use it ")[0]),
    el(
      "ul",
      { class: "examples" },
      ...examples
        .slice(0, 3)
        .map((example) =>
          el("li", {}, el("button", { type: "button", class: "chip", dir: "auto", onclick: () => choose(example) }, example)),
        ),
    ),
  );
}
