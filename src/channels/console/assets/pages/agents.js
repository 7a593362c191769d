import { runTool } from "../pages-api.js";
import { el } from "../render/dom.js";
import { tableBlock } from "../render/table.js";
import { back, findingElements, lead, part, reading, unseenHeading } from "./parts.js";

/**
 * @import { AgentFigures, Finding } from "../../wire.ts"
 * @import { PageActions } from "../pages.js"
 */

const PERIODS = [7, 30, 90];
let days = 30;

/**
 * What AI agents reported, per agent and per day.
 * @param {HTMLElement} place
 * @param {string} rest an agent's id
 * @param {PageActions} actions
 */
export function show(place, rest, actions) {
  const figures = el("div", {});
  const read = () =>
    figures.replaceChildren(reading(async () => (rest ? one(await metrics(rest), actions) : all(await metrics(""), actions)), actions));
  place.append(
    ...(rest
      ? [back("#/agents", "All agents"), el("h2", { dir: "auto" }, rest)]
      : [lead("What AI agents told of themselves: use, errors, speed, tokens and estimated cost.")]),
    periodChoice(read),
    ...(rest ? [] : [unseenHeading("Figures")]),
    figures,
  );
  read();
}

/** @param {string} agent */
function metrics(agent) {
  return runTool("agent_metrics", { period: `last ${days} days`, ...(agent ? { filter: { agent: [agent] } } : {}) });
}

/** @param {() => void} onChange */
function periodChoice(onChange) {
  const select = el(
    "select",
    { id: "agent-period", onchange },
    ...PERIODS.map((n) => el("option", { value: n, selected: n === days }, `last ${n} days`)),
  );
  function onchange() {
    days = Number(select.value);
    onChange();
  }
  return el("p", { class: "choice" }, el("label", { for: "agent-period" }, "Period"), select);
}

/**
 * @param {Finding} finding
 * @param {PageActions} actions
 */
function all(finding, actions) {
  const { agents } = /** @type {{ agents: readonly AgentFigures[] }} */ (finding.data);
  return [
    ...findingElements(finding, actions),
    agents.length === 0
      ? null
      : part(
          "One agent by day",
          el(
            "ul",
            { class: "links" },
            ...agents.map(({ name }) =>
              el("li", {}, el("a", { class: "chip", href: `#/agents/${encodeURIComponent(name)}`, dir: "auto" }, name)),
            ),
          ),
        ),
  ];
}

/**
 * The table of one agent would say what the words say: its days stand there.
 * @param {Finding} finding
 * @param {PageActions} actions
 */
function one(finding, actions) {
  const { days: byDay } = /** @type {{ days: readonly AgentFigures[] }} */ (finding.data);
  const blocks = finding.blocks.filter(({ type }) => type !== "table");
  const elements = findingElements({ ...finding, blocks }, actions);
  const behind = elements.pop() ?? null;
  return [...elements, byDay.length === 0 ? null : dayTable(byDay, actions), behind];
}

/**
 * Days without events are absent: they are not zeros that somebody reported.
 * @param {readonly AgentFigures[]} byDay
 * @param {PageActions} actions
 */
function dayTable(byDay, { announce }) {
  const number = (/** @type {string} */ label, unit = "count") => ({ label, type: /** @type {const} */ ("number"), unit });
  const columns = [
    { label: "day", type: /** @type {const} */ ("date") },
    ...[number("messages"), number("responses"), number("errors"), number("average response", "ms")],
    ...[number("tokens"), number("feedback"), number("users")],
    { label: "estimated cost", type: /** @type {const} */ ("money"), unit: "USD" },
  ];
  const rows = byDay
    .toSorted((a, b) => b.name.localeCompare(a.name))
    .map((day) => [
      ...[day.name, day.messages, day.responses, day.errors],
      day.averageResponseTimeMs === null ? null : Math.round(day.averageResponseTimeMs),
      ...[day.tokens, day.averageFeedback, day.mostUsersADay, day.cost],
    ]);
  return tableBlock({ type: "table", title: "By day (UTC)", columns, rows }, announce);
}
