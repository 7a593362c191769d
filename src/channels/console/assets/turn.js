import { keyForm } from "./key-form.js";
import { adviseOn } from "./problem.js";
import { answerElements } from "./render/answer.js";
import { el, icon } from "./render/dom.js";
import { prose } from "./render/prose.js";
import { apiKey } from "./store.js";

/**
 * @import { Answer, StoredTurn } from "../wire.ts"
 * @import { Problem } from "./problem.js"
 * @typedef {{ announce: (message: string) => void, onAsk: (question: string) => void, onRetry: () => void, onLook: () => void,
 *   onEdit: () => void, onNew: () => void, onKey: (key: string) => void }} TurnActions
 */

/**
 * One question and what becomes of it. `element` is in place from the start; the methods change what it shows.
 * @param {string} question
 * @param {TurnActions} actions
 */
export function createTurn(question, actions) {
  const status = el("p", { class: "status", hidden: true });
  const body = el("div", { class: "answer-body" });
  const answer = el("div", { class: "answer" }, body, status);
  const element = el("article", { class: "turn" }, el("h2", { class: "question", dir: "auto" }, question), answer);
  let text = "";
  let frame = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let countdown;

  /** Back to an empty answer, for the first try and for every other. */
  function start() {
    clearInterval(countdown);
    text = "";
    body.replaceChildren();
    showStatus("working on it …");
  }

  /** @param {string} message */
  function showStatus(message) {
    status.textContent = message;
    status.hidden = false;
  }

  /**
   * Drawn at most once per frame, however fast the text comes.
   * @param {string} next the whole text so far
   */
  function showText(next) {
    text = next;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      body.replaceChildren(prose(text));
    });
  }

  function settle() {
    cancelAnimationFrame(frame);
    frame = 0;
    status.hidden = true;
  }

  /**
   * @param {Answer} final
   * @param {Pick<StoredTurn, "state" | "verdict">} [before] how it ended and what was said of it, on an earlier visit
   */
  function finish(final, { state, verdict = null } = { state: "done" }) {
    settle();
    body.replaceChildren(...answerElements(final, actions, verdict));
    if (state === "failed") body.append(ended("", "Ask again", actions.onRetry));
  }

  /** What had arrived stays. */
  function stopped() {
    settle();
    body.replaceChildren(...(text ? [prose(text)] : []), ended("Stopped.", "Ask again", actions.onRetry));
  }

  /** A turn of an earlier visit that has no answer, or none yet. @param {StoredTurn["state"]} state */
  function unanswered(state) {
    settle();
    body.replaceChildren(
      state === "running"
        ? ended("This answer is still on its way.", "Look again", actions.onLook)
        : ended("This answer was interrupted.", "Ask again", actions.onRetry),
    );
  }

  /** @param {Problem} problem */
  function failed(problem) {
    settle();
    const advice = adviseOn(problem, { online: navigator.onLine, hasKey: apiKey.get() !== null });
    const remedy = remedyFor(advice, actions);
    countdown = remedy.countdown;
    const card = el(
      "div",
      { class: advice.action === "key" ? "card problem calm" : "card problem" },
      el("p", { class: "problem-title" }, icon(advice.action === "key" ? "key" : "alert"), el("strong", {}, advice.title)),
      el("p", { dir: "auto" }, advice.advice),
      advice.details.length > 0 ? el("ul", {}, ...advice.details.map((detail) => el("li", { dir: "auto" }, detail))) : null,
      remedy.element,
    );
    body.replaceChildren(...(text ? [prose(text)] : []), card);
    actions.announce(`${advice.title}. ${advice.advice}`);
  }

  return { element, start, showStatus, showText, finish, stopped, unanswered, failed };
}

/**
 * @param {string} words
 * @param {string} label
 * @param {() => void} onclick
 */
function ended(words, label, onclick) {
  const button = el("button", { type: "button", class: "quiet", onclick }, icon("retry"), el("span", {}, label));
  return el("p", { class: "stopped" }, words ? el("span", {}, words) : null, button);
}

/**
 * The way out of a problem, as the one thing to press.
 * @param {import("./problem.js").Advice} advice
 * @param {TurnActions} actions
 * @returns {{ element: HTMLElement, countdown?: ReturnType<typeof setInterval> }}
 */
function remedyFor({ action, wait }, actions) {
  switch (action) {
    case "key":
      return { element: keyForm(actions.onKey) };
    case "edit":
      return { element: remedyButton("edit", "Edit the question", actions.onEdit) };
    case "new":
      return { element: remedyButton("plus", "New conversation", actions.onNew) };
    case "retry":
      return retryAfter(wait, actions);
  }
}

/**
 * @param {string} name
 * @param {string} label
 * @param {() => void} onclick
 */
function remedyButton(name, label, onclick) {
  return el("button", { type: "button", class: "primary", onclick }, icon(name), el("span", {}, label));
}

/**
 * @param {number} wait seconds
 * @param {TurnActions} actions
 */
function retryAfter(wait, { onRetry, announce }) {
  const button = remedyButton("retry", "Try again", onRetry);
  if (wait === 0) return { element: button };
  const caption = button.lastElementChild;
  const end = Date.now() + wait * 1000;
  button.disabled = true;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      if (caption) caption.textContent = `Try again in ${left} s`;
      return;
    }
    clearInterval(countdown);
    button.disabled = false;
    if (caption) caption.textContent = "Try again";
    announce("You can try again now.");
  };
  const countdown = setInterval(tick, 1000);
  tick();
  return { element: button, countdown };
}
