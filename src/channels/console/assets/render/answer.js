import { giveFeedback } from "../api.js";
import { blockElement } from "./blocks.js";
import { copyButton, el, icon } from "./dom.js";
import { prose } from "./prose.js";
import { maths } from "./receipts.js";
import { toCsv } from "./table.js";

/** @import { Answer, WireBlock } from "../../wire.ts" */

/**
 * A finished answer: words, blocks, notice, the maths, actions, what to ask next.
 * @param {Answer} answer
 * @param {{ announce: (message: string) => void, onAsk: (question: string) => void }} actions
 * @param {"good" | "bad" | null} [verdict] what the reader said of it before
 * @returns {Node[]}
 */
export function answerElements(answer, { announce, onAsk }, verdict = null) {
  return [
    answer.text ? prose(answer.text) : null,
    ...ownBlocks(answer).map((block) => blockElement(block, announce, onAsk)),
    answer.notice ? notice(answer.notice) : null,
    maths(answer, Date.now()),
    el(
      "div",
      { class: "actions" },
      copyButton("Copy answer", () => answerText(answer), announce),
      ...verdictButtons(answer.turn, verdict, announce),
    ),
    answer.suggestions.length > 0 ? suggestions(answer.suggestions, onAsk) : null,
  ].filter((node) => node !== null);
}

/**
 * Good or not: one of the two at most is pressed.
 * @param {string} turn
 * @param {"good" | "bad" | null} before
 * @param {(message: string) => void} announce
 */
function verdictButtons(turn, before, announce) {
  if (!turn) return [];
  const [good, bad] = [verdictButton("good", "Good answer", "up"), verdictButton("bad", "Not good", "down")];
  /**
   * @param {"good" | "bad"} verdict
   * @param {string} label
   * @param {string} name
   */
  function verdictButton(verdict, label, name) {
    return el(
      "button",
      { type: "button", class: "quiet", "aria-pressed": String(before === verdict), onclick: () => give(verdict) },
      icon(name),
      el("span", {}, label),
    );
  }
  /** @param {"good" | "bad"} verdict */
  async function give(verdict) {
    try {
      await giveFeedback(turn, verdict);
      good.setAttribute("aria-pressed", String(verdict === "good"));
      bad.setAttribute("aria-pressed", String(verdict === "bad"));
      announce("Thank you, that is kept.");
    } catch {
      announce("That could not be kept just now. Press again in a moment.");
    }
  }
  return [good, bad];
}

/**
 * The blocks that say more than the text: an answer's words often come again as its first block.
 * @param {Answer} answer
 * @returns {WireBlock[]}
 */
function ownBlocks({ text, blocks }) {
  return blocks.filter((block) => block.type !== "markdown" || !text.includes(block.text.trim()));
}

/** @param {string} text */
export function notice(text) {
  return el("p", { class: "notice", dir: "auto" }, icon("info"), el("span", {}, text));
}

/**
 * @param {readonly string[]} questions
 * @param {(question: string) => void} onAsk
 */
export function suggestions(questions, onAsk) {
  return el(
    "ul",
    { class: "suggestions", "aria-label": "Suggested questions" },
    ...questions.map((question) =>
      el("li", {}, el("button", { type: "button", class: "chip", dir: "auto", onclick: () => onAsk(question) }, question)),
    ),
  );
}

/**
 * The answer as text to paste elsewhere: markdown, with tables as CSV and charts in words.
 * @param {Answer} answer
 * @returns {string}
 */
function answerText(answer) {
  const parts = ownBlocks(answer).map((block) => {
    switch (block.type) {
      case "markdown":
        return block.text;
      case "table":
        return `${block.title ?? "Table"}\n${toCsv(block).replaceAll("\r\n", "\n").trimEnd()}`;
      case "chart":
        return `${block.title}: ${block.alt}`;
      case "kpis":
        return block.items.map(({ label, value, change }) => `${label}: ${value}${change ? ` (${change})` : ""}`).join("\n");
      default:
        return "";
    }
  });
  const sources = answer.receipts.map(({ source, query }) => `- ${source}: ${query}`);
  return [answer.text, ...parts, answer.notice ?? "", sources.length > 0 ? `Sources\n${sources.join("\n")}` : ""]
    .filter(Boolean)
    .join("\n\n");
}
