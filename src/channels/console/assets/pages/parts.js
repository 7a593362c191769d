import { keyForm } from "../key-form.js";
import { Problem } from "../problem.js";
import { blockElement } from "../render/blocks.js";
import { el, icon } from "../render/dom.js";
import { prose } from "../render/prose.js";
import { maths } from "../render/receipts.js";
import { apiKey } from "../store.js";

/**
 * @import { Finding } from "../../wire.ts"
 * @import { Child } from "../render/dom.js"
 * @import { PageActions } from "../pages.js"
 */

/**
 * A part of a page under its heading.
 * @param {string} title
 * @param {...Child} children
 */
export function part(title, ...children) {
  return el("section", { class: "part" }, el("h2", { dir: "auto" }, title), ...children);
}

/** For who goes from heading to heading; the eye sees what it is. @param {string} title */
export function unseenHeading(title) {
  return el("h2", { class: "visually-hidden" }, title);
}

/** @param {...Child} children */
export function lead(...children) {
  return el("p", { class: "lead" }, ...children);
}

/**
 * Nothing there yet, and how that changes.
 * @param {string} words
 * @param {string} [command] what a person would type
 */
export function nothing(words, command) {
  return el("div", { class: "card nothing" }, prose(words), command ? el("p", {}, el("code", {}, command)) : null);
}

/**
 * A place for what is still being read: it says so, then shows it, or says what went wrong with a way on.
 * @param {() => Promise<readonly Child[]>} read
 * @param {PageActions} actions
 */
export function reading(read, { announce, onKey }) {
  const place = el("div", { class: "reading" });
  async function run() {
    place.setAttribute("aria-busy", "true");
    place.replaceChildren(el("p", { class: "status" }, "Reading …"));
    try {
      place.replaceChildren(...(await read()).filter((child) => child !== null && child !== undefined && child !== false));
    } catch (error) {
      place.replaceChildren(trouble(error));
      // A mistake of the page itself still reaches the browser's console.
      if (!(error instanceof Problem)) reportError(error);
    }
    place.removeAttribute("aria-busy");
  }
  /** @param {unknown} error */
  function trouble(error) {
    const problem = error instanceof Problem ? error : new Problem(0);
    if (problem.status === 401) return needsKey(onKey);
    const { title, words } = wordsFor(problem);
    announce(`${title} ${words}`.trim());
    if (isAnswer(problem)) return nothing(words);
    return el(
      "div",
      { class: "card problem" },
      el("p", { class: "problem-title" }, icon("alert"), el("strong", {}, title)),
      words ? el("p", { dir: "auto" }, words) : null,
      el("button", { type: "button", class: "primary", onclick: run }, icon("retry"), el("span", {}, "Try again")),
    );
  }
  run();
  return place;
}

/** The server understood and says why there is nothing: that is an answer, not a fault. @param {Problem} problem */
function isAnswer({ status }) {
  return status === 403 || status === 404 || status === 409 || status === 422;
}

/** @param {Problem} problem */
function wordsFor(problem) {
  if (isAnswer(problem)) return { title: "", words: problem.message };
  if (problem.status === 0)
    return navigator.onLine
      ? { title: "The connection to Firstmate was lost", words: "It may be restarting." }
      : { title: "You are offline", words: "" };
  if (problem.status === 429) return { title: "Too many requests in a short time", words: problem.message };
  return { title: "This could not be read just now", words: problem.message };
}

/** @param {(key: string) => void} onKey */
function needsKey(onKey) {
  const title = apiKey.get() === null ? "This page needs a key" : "This key was not accepted";
  return el(
    "div",
    { class: "card problem calm" },
    el("p", { class: "problem-title" }, icon("key"), el("strong", {}, title)),
    keyForm(onKey),
  );
}

/**
 * What a tool found, as in an answer: words, blocks, the maths.
 * @param {Finding} finding
 * @param {PageActions} actions
 */
export function findingElements({ blocks, receipts }, { announce, onAsk }) {
  return [
    ...blocks.map((block) => blockElement(block, announce, onAsk)),
    maths({ receipts, tools: [], agent: "deterministic" }, Date.now()),
  ];
}

/** @param {Finding} finding */
export function wordsOf({ blocks }) {
  const [first] = blocks;
  return first?.type === "markdown" ? first.text : "";
}

/**
 * A state in words, with a colour that says the same.
 * @param {string} text
 * @param {"good" | "bad" | "warn" | "plain"} tone
 */
export function badge(text, tone = "plain") {
  return el("span", { class: `badge tone-${tone}` }, text);
}

/**
 * Back to the page this is a part of.
 * @param {string} href
 * @param {string} label
 */
export function back(href, label) {
  return el("p", { class: "back" }, el("a", { class: "quiet", href }, icon("back"), el("span", {}, label)));
}
