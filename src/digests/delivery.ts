import { addDays, civilDate, startOf } from "../core/civil-date.ts";
import type { Digest } from "../core/digest.ts";
import type { Period } from "../core/fact.ts";
import { formatChange, formatNumber, formatPercent } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { KpisBlock, Reply } from "../core/reply.ts";
import { cut, listWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { chartOf, createParts, detailsOf, missingLine, tablesOf } from "./parts.ts";

const OLD_DAYS = 7;

/** The week that ended, Monday to Sunday, against the one before. */
export const deliveryDigest: Digest = {
  name: "delivery",
  title: "Delivery",
  summary: "Last week's DORA metrics and cycle time against the week before, what waits longest, incidents, and pipelines.",
  schedule: "mondays at 9:00",

  async compose(order, context) {
    const parts = createParts(context);
    const period = lastWeek(civilDate(context.now, context.user.timeZone));
    const [metrics, incidents, waiting, sprint] = await Promise.all([
      parts.ask("delivery metrics", "delivery_metrics", { period, ...(order.filter ? { filter: order.filter } : {}) }),
      parts.ask("incidents", "list_incidents", { period }),
      parts.ask("old pull requests", "find_pull_requests", { state: "open", older_than_days: OLD_DAYS, top: 10 }),
      parts.askIfAny("the sprint", "sprint_report", {}),
    ]);
    parts.requireAny("delivery digest");
    const moved = movedOf(metrics);
    const lines = [...metricLines(metrics, moved), ...incidentLine(incidents), ...waitingLine(waiting), ...sprintLine(sprint)];
    const kpis = kpisOf(metrics);
    const chart = chartOf(metrics);
    const reply: Reply = {
      text: [
        `**${order.title ?? deliveryDigest.title}, ${formatPeriod(period)}**${headline(metrics, moved)}`,
        ...lines,
        ...missingLine(parts),
      ].join("\n"),
      blocks: [...(kpis ? [kpis] : []), ...(chart ? [chart] : [])],
      receipts: parts.receipts(),
      suggestions: ["What is our lead time for changes last month?", "Who does most of the code reviews?"],
      final: true,
    };
    const tables = [...tablesOf(metrics).slice(0, 1), ...tablesOf(waiting), ...tablesOf(incidents), ...tablesOf(sprint).slice(0, 1)];
    return { reply, details: detailsOf(parts, tables), quiet: false, calls: parts.calls(metrics) };
  },
};

/** A change in percent of a percentage is easily misread, so it is left out. */
function kpisOf(finding: Finding | undefined): KpisBlock | undefined {
  const kpis = finding?.blocks.find((block): block is KpisBlock => block.type === "kpis");
  return (
    kpis && { ...kpis, items: kpis.items.map(({ change, ...item }) => (change && !item.value.endsWith("%") ? { ...item, change } : item)) }
  );
}

/** The newest whole week, Monday to Sunday. */
export function lastWeek(today: string): Period {
  const to = addDays(startOf("week", today), -1);
  return { from: addDays(to, -6), to };
}

interface Figures {
  deploymentsPerWeek: number | null;
  leadTimeHours: number | null;
  changeFailureRate: number | null;
  recoveryHours: number | null;
  cycleP50Hours: number | null;
  codingHours: number | null;
  pickupHours: number | null;
  reviewHours: number | null;
  deployHours: number | null;
  mergedPullRequests: number | null;
}

/** Hours beyond which days say it better. */
const DAYS_FROM_HOURS = 48;
/** A change smaller than that is no news of a week. */
const WORTH_SAYING = 0.15;

interface Moved {
  name: string;
  change: number;
  /** What happened, in two or three words: "lead time shorter". */
  short: string;
  /** The value, and the one before. */
  now: string;
  before: string;
}

/** What moved enough to be told, the most first. */
function movedOf(finding: Finding | undefined): Moved[] {
  const data = finding?.data as { now: Figures; before: Figures } | undefined;
  if (!data) return [];
  const { now, before } = data;
  return (
    [
      ["Lead time", now.leadTimeHours, before.leadTimeHours, hours, "lead time longer", "lead time shorter"],
      ["Cycle time", now.cycleP50Hours, before.cycleP50Hours, hours, "cycle time longer", "cycle time shorter"],
      ["Changes that fail", now.changeFailureRate, before.changeFailureRate, formatPercent, "more changes fail", "fewer changes fail"],
      ["Time to recover", now.recoveryHours, before.recoveryHours, hours, "slower to recover", "faster to recover"],
      ["Deployments", now.deploymentsPerWeek, before.deploymentsPerWeek, formatNumber, "more deployments", "fewer deployments"],
      ["Merged pull requests", now.mergedPullRequests, before.mergedPullRequests, formatNumber, "more merged", "less merged"],
    ] as const
  )
    .flatMap(([name, value, was, words, more, less]) => {
      if (value === null || was === null || was === 0) return [];
      const change = value / was - 1;
      return [{ name, change, short: change > 0 ? more : less, now: words(value), before: words(was) }];
    })
    .filter(({ change }) => Math.abs(change) >= WORTH_SAYING)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** The point of the week, beside its name. */
function headline(finding: Finding | undefined, moved: readonly Moved[]): string {
  if (!finding) return "";
  return moved.length === 0 ? ": much like the week before" : `: ${listWords(moved.slice(0, 2).map(({ short }) => short))}`;
}

function metricLines(finding: Finding | undefined, told: readonly Moved[]): string[] {
  const data = finding?.data as { now: Figures } | undefined;
  if (!data) return [];
  const { now } = data;
  const steps = (
    [
      ["coding", now.codingHours],
      ["waiting for the first review", now.pickupHours],
      ["review", now.reviewHours],
      ["waiting for deployment", now.deployHours],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const longest = steps.sort((a, b) => b.value - a.value)[0];
  return [
    ...told
      .slice(0, 3)
      .map(
        ({ name, change, now: value, before }) =>
          `- ${name}: **${value}** (${before} the week before${value.endsWith("%") ? "" : `, ${formatChange(change)}`}).`,
      ),
    ...(longest ? [`- The longest part of a change's way: ${longest.name}, ${hours(longest.value)}.`] : []),
  ];
}

function hours(value: number): string {
  return value >= DAYS_FROM_HOURS
    ? `${formatNumber(Math.round(value / 2.4) / 10)} days`
    : `${formatNumber(Math.round(value * 10) / 10)} hours`;
}

function incidentLine(finding: Finding | undefined): string[] {
  const data = finding?.data as { n: number; open: number } | undefined;
  return data
    ? [`- ${formatNumber(data.n)} incident${data.n === 1 ? "" : "s"}, ${data.open ? `**${data.open} still open**` : "none open"}.`]
    : [];
}

function waitingLine(finding: Finding | undefined): string[] {
  const data = finding?.data as { n: number } | undefined;
  if (!data) return [];
  return [
    data.n > 0
      ? `- **${formatNumber(data.n)} open pull request${data.n === 1 ? "" : "s"}** older than ${OLD_DAYS} days.`
      : `- No open pull request is older than ${OLD_DAYS} days.`,
  ];
}

/** The tool's own words, while a sprint runs. */
function sprintLine(finding: Finding | undefined): string[] {
  const [block] = finding?.blocks ?? [];
  const text = block?.type === "markdown" ? block.text.split("\n", 1)[0] : undefined;
  return text && !text.startsWith("No sprint") ? [`- ${cut(text, 240)}`] : [];
}
