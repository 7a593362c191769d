import { icon } from "./render/dom.js";

/**
 * The question box. While an answer is on its way the send button is the stop button, and the next question
 * can be written already.
 * @param {{ form: HTMLFormElement, box: HTMLTextAreaElement, button: HTMLButtonElement }} elements
 * @param {{ onAsk: (question: string) => void, onStop: () => void, announce: (message: string) => void }} actions
 */
export function createComposer({ form, box, button }, { onAsk, onStop, announce }) {
  let busy = false;
  let last = "";

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) onStop();
    else submit();
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    // During composition Enter picks a character and must not send.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (busy) announce("An answer is still on its way. Escape stops it.");
      else submit();
    }
    if (event.key === "ArrowUp" && box.value === "" && last) {
      event.preventDefault();
      fill(last);
    }
  });
  setBusy(false);

  function submit() {
    const question = box.value.trim();
    if (question) onAsk(question);
    else focus();
  }

  /** @param {string} text */
  function fill(text) {
    box.value = text;
    grow();
    focus();
    box.setSelectionRange(text.length, text.length);
  }

  /** The box is always in view: what is being read stays where it is. */
  function focus() {
    box.focus({ preventScroll: true });
  }

  function grow() {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    button.disabled = !busy && box.value.trim() === "";
  }

  /** @param {boolean} next */
  function setBusy(next) {
    busy = next;
    button.replaceChildren(icon(busy ? "stop" : "send"));
    button.setAttribute("aria-label", busy ? "Stop" : "Send");
    button.classList.toggle("stop", busy);
    grow();
  }

  return {
    fill,
    setBusy,
    focus,
    /**
     * The question is on its way: the box is free for the next one, which may be half written.
     * @param {string} question
     */
    sent(question) {
      last = question;
      if (box.value.trim() === question) box.value = "";
      grow();
    },
    /** @param {string} question what Up brings back */
    remember(question) {
      last = question;
    },
  };
}
