import { deleteConversation, renameConversation } from "./api.js";
import { Problem } from "./problem.js";
import { el, icon } from "./render/dom.js";

/** @import { ConversationSummary } from "../wire.ts" */

/**
 * Renames a conversation, or deletes it after a second word.
 * @param {ConversationSummary} conversation
 * @param {{ announce: (message: string) => void, onChanged: (change: "renamed" | "deleted") => void }} actions
 */
export function openConversation({ id, title }, { announce, onChanged }) {
  const input = el("input", { id: "conversation-name", maxlength: 80, required: true, dir: "auto", autocomplete: "off", value: title });
  const trouble = el("p", { class: "small", role: "alert" });
  const remove = el("button", { type: "button", class: "quiet danger", onclick: askTwice }, icon("trash"), el("span", {}, "Delete"));
  const close = el("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const dialog = el(
    "dialog",
    { class: "small-dialog", "aria-labelledby": "conversation-dialog-title", onclick, onclose: () => dialog.remove() },
    el(
      "form",
      { class: "dialog-body", onsubmit },
      el("header", {}, el("h2", { id: "conversation-dialog-title", class: "dialog-title" }, "Conversation"), close),
      el("label", { for: "conversation-name" }, "Name"),
      input,
      trouble,
      el("p", { class: "decision" }, el("button", { type: "submit", class: "primary" }, "Save the name"), remove),
    ),
  );

  function askTwice() {
    remove.replaceChildren(icon("trash"), el("span", {}, "Delete it with its answers, for good"));
    remove.removeEventListener("click", askTwice);
    // The second half of a double click is no second word.
    remove.addEventListener("click", ({ detail }) => detail < 2 && act(() => deleteConversation(id), "deleted"));
    announce("Press again to delete it for good.");
  }

  /** @param {SubmitEvent} event */
  function onsubmit(event) {
    event.preventDefault();
    const name = input.value.trim();
    if (name) act(() => renameConversation(id, name), "renamed");
  }

  /**
   * @param {() => Promise<void>} change
   * @param {"renamed" | "deleted"} done
   */
  async function act(change, done) {
    try {
      await change();
      dialog.close();
      announce(done === "renamed" ? "Renamed." : "Deleted.");
      onChanged(done);
    } catch (error) {
      trouble.textContent = error instanceof Problem && error.message ? error.message : "That did not work just now. Try again.";
    }
  }

  /** @param {MouseEvent} event */
  function onclick(event) {
    if (event.target === dialog) dialog.close();
  }
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}
