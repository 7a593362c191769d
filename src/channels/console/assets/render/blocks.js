import { chartBlock } from "./chart.js";
import { el, when } from "./dom.js";
import { formatCount } from "./format.js";
import { prose } from "./prose.js";
import { tableBlock } from "./table.js";

/** @import { WireApproval, WireBlock, WireKpis, WireProgress } from "../../wire.ts" */

/**
 * One block of an answer. A kind this page does not know is said, not dropped: the server may be newer.
 * @param {WireBlock} block
 * @param {(message: string) => void} announce
 * @param {(question: string) => void} onAsk
 * @returns {HTMLElement}
 */
export function blockElement(block, announce, onAsk) {
  switch (block.type) {
    case "markdown":
      return prose(block.text);
    case "table":
      return tableBlock(block, announce);
    case "chart":
      return chartBlock(block);
    case "kpis":
      return kpis(block);
    case "progress":
      return progress(block);
    case "approval":
      return approval(block, onAsk);
    default:
      return el("p", { class: "notice" }, "This part of the answer needs a newer version of the page: reload it.");
  }
}

const TONES = { good: "good", bad: "bad", neutral: "neutral" };

/** @param {WireKpis} block */
function kpis({ items }) {
  return el(
    "dl",
    { class: "kpis" },
    ...items.map(({ label, value, change, tone = "neutral" }) =>
      el(
        "div",
        { class: "card kpi" },
        el("dt", { dir: "auto" }, label),
        el("dd", {}, value),
        change ? el("dd", { class: `change ${TONES[tone] ?? "neutral"}` }, change) : null,
      ),
    ),
  );
}

/** @param {WireProgress} block */
function progress({ label, done, total }) {
  const figures = total === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
  return el(
    "label",
    { class: "card progress" },
    el("span", { dir: "auto" }, label),
    el("span", { class: "count" }, figures),
    el("progress", total === undefined ? {} : { value: done, max: total }),
  );
}

/**
 * A press is a message like any other, so it needs no more rights than saying it.
 * @param {WireApproval} block
 * @param {(question: string) => void} onAsk
 */
function approval({ id, title, lines, expiresAt }, onAsk) {
  const button = (/** @type {string} */ verdict, /** @type {string} */ label, /** @type {string} */ style) =>
    el("button", { type: "button", class: style, onclick: () => onAsk(`${verdict} ${id}`) }, label);
  return el(
    "section",
    { class: "card approval", role: "group", "aria-label": title },
    el("h3", { dir: "auto" }, title),
    el("ul", {}, ...lines.map((line) => el("li", { dir: "auto" }, line))),
    ...(Date.parse(expiresAt) < Date.now()
      ? [el("p", {}, "It could be approved until ", when(expiresAt), ".")]
      : [
          el("p", {}, "Nothing is done before it is approved. That can be until ", when(expiresAt), "."),
          el("p", { class: "decision" }, button("approve", "Approve", "primary"), " ", button("reject", "Reject", "quiet")),
        ]),
  );
}
