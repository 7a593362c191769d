import { previewAlerts, runTool } from "../pages-api.js";
import { el, icon, when } from "../render/dom.js";
import { cellFormatter, formatCount, formatDate } from "../render/format.js";
import { tableBlock } from "../render/table.js";
import { back, badge, findingElements, lead, nothing, part, reading, unseenHeading, wordsOf } from "./parts.js";

/**
 * @import { AlertPreview, AlertRow, Finding } from "../../wire.ts"
 * @import { PageActions } from "../pages.js"
 */

/**
 * What fires, what fired, and what the rules would say now.
 * @param {HTMLElement} place
 * @param {string} rest "" for the open ones, "all", or an alert's id
 * @param {PageActions} actions
 */
export function show(place, rest, actions) {
  if (rest !== "" && rest !== "all") {
    place.append(...one(rest, actions));
    return;
  }
  place.append(
    lead("A rule or a vendor says that something is wrong; signs with one cause are one alert. It stays until it is over."),
    tabs(rest),
    unseenHeading(rest === "all" ? "All alerts" : "Open alerts"),
    reading(async () => list(await runTool("alerts", { command: rest === "all" ? "all" : "list" }), rest), actions),
    part(
      "Rules",
      ruleTest(actions),
      reading(async () => rules(await runTool("alerts", { command: "noise" }), actions), actions),
    ),
    part(
      "Expected or snoozed",
      reading(async () => feedback(await runTool("alerts", { command: "learned" }), actions), actions),
    ),
  );
}

/** @param {string} rest */
function tabs(rest) {
  const tab = (/** @type {string} */ href, /** @type {string} */ label, /** @type {boolean} */ current) =>
    el("a", { class: "tab", href, "aria-current": current ? "page" : null }, label);
  return el(
    "nav",
    { class: "tabs", "aria-label": "Which alerts" },
    tab("#/alerts", "Open", rest === ""),
    tab("#/alerts/all", "All", rest === "all"),
  );
}

/**
 * @param {Finding} finding
 * @param {string} rest
 */
function list(finding, rest) {
  const { alerts } = /** @type {{ alerts: readonly AlertRow[] }} */ (finding.data);
  if (alerts.length === 0) return [nothing(rest === "all" ? "There has been no alert yet." : "No alert is open.")];
  return [el("ul", { class: "rows" }, ...alerts.map(row))];
}

/** @type {Record<string, "bad" | "warn" | "plain">} */
const SEVERITY = { critical: "bad", warning: "warn", info: "plain" };

/** @param {AlertRow} alert */
function row({ id, title, state, severity, openedAt, endedAt, signs }) {
  return el(
    "li",
    { class: "card row" },
    el("h3", { dir: "auto" }, el("a", { href: `#/alerts/${encodeURIComponent(id)}` }, title)),
    badge(severity, SEVERITY[severity] ?? "plain"),
    badge(state, state === "firing" ? "bad" : state === "recovered" ? "good" : "plain"),
    el(
      "p",
      { class: "small" },
      "opened ",
      when(openedAt),
      ...(endedAt ? [", over ", when(endedAt)] : []),
      signs > 1 ? ` · ${formatCount(signs)} signs` : null,
    ),
  );
}

/**
 * @param {string} id
 * @param {PageActions} actions
 */
function one(id, actions) {
  return [
    back("#/alerts", "All alerts"),
    unseenHeading(`Alert ${id}`),
    reading(async () => {
      const finding = await runTool("alerts", { command: `show ${id}` });
      return [...findingElements(finding, actions), sayings(finding.suggestions, id, actions)];
    }, actions),
  ];
}

/**
 * What can be said of it. Each is a message like any other, and needs no more rights than writing it.
 * @param {readonly string[]} commands
 * @param {string} id
 * @param {PageActions} actions
 */
function sayings(commands, id, { onAsk }) {
  if (commands.length === 0) return null;
  const chip = (/** @type {string} */ command) =>
    el("button", { type: "button", class: "chip saying", title: command, onclick: () => onAsk(command) }, shortly(command, id));
  return part(
    "What to do",
    el("ul", { class: "suggestions" }, ...commands.map((command) => el("li", {}, chip(command)))),
    el("p", { class: "small" }, "It is said in a conversation, in your name. Changing an alert takes an analyst."),
  );
}

/**
 * "snooze for 1 day" of "/alerts snooze 845004e3 for 1 day"
 * @param {string} command
 * @param {string} id
 */
function shortly(command, id) {
  return command.replace(/^\/\S+ /, "").replace(` ${id}`, "");
}

/**
 * @param {Finding} finding
 * @param {PageActions} actions
 */
function rules(finding, actions) {
  const { rules: known = [] } = /** @type {{ rules?: readonly object[] }} */ (finding.data);
  return known.length === 0 ? [nothing(wordsOf(finding))] : findingElements(finding, actions);
}

/**
 * @param {Finding} finding
 * @param {PageActions} actions
 */
function feedback(finding, actions) {
  return finding.blocks.length > 1 ? findingElements(finding, actions) : [nothing(wordsOf(finding))];
}

/** @param {PageActions} actions */
function ruleTest(actions) {
  const place = el("div", { class: "reading" });
  const button = el("button", { type: "button", class: "primary", onclick }, icon("eye"), el("span", {}, "What would they say now?"));
  function onclick() {
    place.replaceChildren(reading(async () => judged(await previewAlerts(), actions), actions));
  }
  return el(
    "div",
    { class: "rule-test" },
    button,
    el("p", { class: "small" }, "Judges every rule once. Nothing is kept and nothing is posted."),
    place,
  );
}

/**
 * @param {AlertPreview} preview
 * @param {PageActions} actions
 */
function judged({ firing, problems }, { announce }) {
  announce(firing.length === 0 ? "Nothing would fire." : `${firing.length} would fire.`);
  return [
    firing.length === 0 ? nothing("Nothing would fire.") : firingTable(firing, announce),
    ...problems.map(({ rule, message }) =>
      el("p", { class: "notice", dir: "auto" }, icon("alert"), el("span", {}, `${rule} cannot be judged: ${message}`)),
    ),
  ];
}

/** Absent where what is told is that nothing came. @param {AlertPreview["firing"][number]["figure"]} figure */
function measured(figure) {
  if (figure?.actual === undefined) return null;
  return `${amount(figure.actual, figure.unit)} on ${formatDate(figure.to)}`;
}

/**
 * @param {AlertPreview["firing"]} firing
 * @param {(message: string) => void} announce
 */
function firingTable(firing, announce) {
  const columns = ["Rule", "What", "Since", "Measured", "Normally"].map((label) => ({ label, type: /** @type {const} */ ("text") }));
  const rows = firing.map(({ rule, title, since, figure }) => [
    rule,
    title,
    figure ? formatDate(figure.from) : formatDate(since),
    measured(figure),
    figure && figure.low !== undefined && figure.high !== undefined
      ? `${amount(Math.max(0, figure.low), figure.unit)} to ${amount(figure.high, figure.unit)}`
      : figure?.limit === undefined
        ? null
        : `at most ${amount(figure.limit, figure.unit)}`,
  ]);
  return tableBlock({ type: "table", title: "Would fire now", columns, rows }, announce);
}

/**
 * @param {number} value
 * @param {string} unit
 */
function amount(value, unit) {
  const type = /^[A-Z]{3}$/.test(unit) ? "money" : unit === "ratio" ? "percent" : "number";
  const words = cellFormatter({ label: "", type, unit }, [value])(value);
  return type === "number" && !["", "count", "none"].includes(unit) ? `${words} ${unit}` : words;
}
