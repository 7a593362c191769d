import { el, icon, when } from "./dom.js";
import { formatAge, formatCount, formatDate, formatWindow } from "./format.js";
import { safeHref } from "./inline.js";

/**
 * @import { Answer, WireReceipt } from "../../wire.ts"
 * @typedef {Pick<Answer, "receipts" | "figures" | "tools" | "agent" | "usage">} Behind
 */

const SHOWN_AT_FIRST = 8;
/** @type {Record<WireReceipt["status"], string>} */
const STATUS = { live: "Live", stale: "Stale", demo: "Demo" };

/**
 * "Show the maths": every receipt, every figure and every tool call behind one answer; null when there is nothing behind it.
 * @param {Behind} answer
 * @param {number} now milliseconds since the epoch
 */
export function maths(answer, now) {
  const { receipts, figures = [], tools } = answer;
  if (receipts.length === 0 && tools.length === 0) return null;
  return el(
    "details",
    { class: "maths" },
    el(
      "summary",
      {},
      icon("chevron"),
      el("span", {}, "Show the maths"),
      el("span", { class: "count" }, summary(answer)),
      ...warnings(receipts),
    ),
    el(
      "div",
      { class: "maths-body" },
      receipts.length > 0 ? receiptList(receipts, now) : el("p", {}, "No source was read for this answer."),
      figures.length > 0 ? figureList(figures, receipts) : null,
      tools.length > 0 ? toolList(tools) : null,
      el("p", { class: "made-by" }, madeBy(answer)),
    ),
  );
}

/** @param {Behind} answer */
function summary({ receipts, tools }) {
  const sources = receipts.length === 1 ? "1 source" : `${formatCount(receipts.length)} sources`;
  if (tools.length === 0) return sources;
  return `${sources}, ${tools.length === 1 ? "1 tool call" : `${formatCount(tools.length)} tool calls`}`;
}

/**
 * What a reader must know before trusting the figures stands outside the fold.
 * @param {readonly WireReceipt[]} receipts
 */
function warnings(receipts) {
  return [
    receipts.some(({ status }) => status === "demo") && badge("demo", STATUS.demo),
    receipts.some(({ status }) => status === "stale") && badge("stale", STATUS.stale),
    receipts.some(({ provisional }) => provisional) && badge("note", "Provisional"),
    receipts.some(({ truncated }) => truncated) && badge("note", "Truncated"),
  ];
}

/**
 * @param {string} kind
 * @param {string} text
 */
function badge(kind, text) {
  return el("span", { class: `badge ${kind}` }, text);
}

/**
 * @param {readonly WireReceipt[]} receipts
 * @param {number} now
 */
function receiptList(receipts, now) {
  const list = el("ol", { class: "receipts" }, ...receipts.slice(0, SHOWN_AT_FIRST).map((receipt) => receiptItem(receipt, now)));
  const rest = receipts.slice(SHOWN_AT_FIRST);
  if (rest.length === 0) return list;
  const more = el("button", { type: "button", class: "quiet more", onclick: showAll }, `Show all ${formatCount(receipts.length)} sources`);
  function showAll() {
    const added = rest.map((receipt) => receiptItem(receipt, now));
    list.append(...added);
    more.remove();
    added[0]?.setAttribute("tabindex", "-1");
    added[0]?.focus();
  }
  return el("div", {}, list, more);
}

/**
 * @param {WireReceipt} receipt
 * @param {number} now
 */
function receiptItem(receipt, now) {
  const href = receipt.url === undefined ? null : safeHref(receipt.url);
  const source = href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, receipt.source) : el("span", {}, receipt.source);
  return el(
    "li",
    {},
    el("div", { class: "receipt-head", dir: "auto" }, source, badge(receipt.status, STATUS[receipt.status] ?? receipt.status)),
    el(
      "dl",
      {},
      ...row("Query", receipt.query),
      ...row("Window", receipt.window && formatWindow(receipt.window)),
      ...row("Fetched", fetched(receipt.fetchedAt, now)),
      ...row("Provisional", receipt.provisional && provisional(receipt.provisional)),
      ...row("Truncated", receipt.truncated),
      ...(receipt.notes ?? []).flatMap((note) => row("Note", note)),
      ...row("Receipt", el("code", {}, receipt.id)),
    ),
  );
}

/**
 * @param {string} instant
 * @param {number} now
 */
function fetched(instant, now) {
  const age = formatAge(instant, now);
  return el("span", {}, age, age ? " · " : "", when(instant));
}

/**
 * @param {string} since a day, or the source's own explanation
 */
function provisional(since) {
  const day = formatDate(since);
  return day === since ? since : `From ${day} on, the source may still change these figures.`;
}

/**
 * @param {string} term
 * @param {string | Node | undefined} value
 */
function row(term, value) {
  return value ? [el("div", {}, el("dt", {}, term), el("dd", { dir: "auto" }, value))] : [];
}

/**
 * What each figure in the words rests on.
 * @param {NonNullable<Answer["figures"]>} figures
 * @param {readonly WireReceipt[]} receipts
 */
function figureList(figures, receipts) {
  const once = [...new Map(figures.map((figure) => [`${figure.text} ${figure.how}`, figure])).values()];
  const items = once.map(({ text, how, receipts: ids }) => {
    const sources = [...new Set(receipts.filter(({ id }) => ids.includes(id)).map(({ source }) => source))];
    return el("li", { dir: "auto" }, el("strong", {}, text), `: ${[how, ...sources].join(", ")}`);
  });
  return el("div", { class: "tool-calls" }, el("h3", {}, "Figures in the words"), el("ol", {}, ...items));
}

/** @param {Answer["tools"]} tools */
function toolList(tools) {
  return el(
    "div",
    { class: "tool-calls" },
    el("h3", {}, "Tools called"),
    el("ol", {}, ...tools.map(({ name, input }) => el("li", {}, el("code", { class: "call" }, `${name}(${JSON.stringify(input)})`)))),
  );
}

/** @param {Behind} answer */
function madeBy({ agent, usage }) {
  if (!usage) return agent === "model" ? "Worded by a language model." : "Worked out by fixed rules, without a language model.";
  const cached = usage.cachedTokens > 0 ? `, ${formatCount(usage.cachedTokens)} of them cached` : "";
  const cost = usage.costUsd === undefined ? "" : `, about $${usage.costUsd.toPrecision(2)} at list price`;
  const calls = usage.modelCalls === 1 ? "1 call" : `${formatCount(usage.modelCalls)} calls`;
  return `Worded by ${usage.model}: ${calls}, ${formatCount(usage.inputTokens)} tokens in${cached}, ${formatCount(usage.outputTokens)} out${cost}.`;
}
