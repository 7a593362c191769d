import { addDays, civilDate, startOf } from "../core/civil-date.ts";
import type { Digest } from "../core/digest.ts";
import type { Period, Receipt } from "../core/fact.ts";
import { formatChange, formatNumber } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { ChartBlock, KpisBlock, Reply } from "../core/reply.ts";
import { cut, listWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { type Figures, hours, type Moved, movedOf, type Step, stepsOf } from "./delivery-judge.ts";
import { chartOf, createParts, detailsOf, missingLine, tablesOf, titled } from "./parts.ts";

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
    const data = metrics?.data as { now: Figures; before: Figures } | undefined;
    const broke = incidents?.data as { n: number; open: number } | undefined;
    const old = (waiting?.data as { n: number } | undefined)?.n;
    const moved = data ? movedOf(data.now, data.before, broke?.n ?? 0) : [];
    const steps = data ? stepsOf(data.now, data.before) : [];
    const quiet = data !== undefined && moved.length === 0 && broke?.open === 0 && !old;
    const lines = quiet
      ? [quietLine(data.now, broke.n)]
      : [...movedLines(moved), ...longestLine(steps), ...incidentLine(broke), ...waitingLine(old), ...sprintLine(sprint)];
    const heading = `**${order.title ?? deliveryDigest.title}, ${formatPeriod(period)}${headline(metrics, moved)}**`;
    const kpis = kpisOf(metrics);
    // A count of deployments shows the point when they are the point; else where the time of a change went.
    const chart = moved[0]?.name === "Deployments" ? chartOf(metrics) : await stepsChart(steps, period, metrics?.receipts ?? []);
    const reply: Reply = {
      text: [heading, ...lines, ...missingLine(parts)].join("\n"),
      blocks: quiet ? [] : [...(kpis ? [kpis] : []), ...(chart ? [chart] : [])],
      receipts: parts.receipts(),
      suggestions: ["What is our lead time for changes last month?", "Who does most of the code reviews?"],
      final: true,
    };
    const tables = [
      ...tablesOf(metrics).slice(0, 1),
      ...titled(waiting, "Old pull requests"),
      ...titled(incidents, "Incidents"),
      ...tablesOf(sprint).slice(0, 1),
    ];
    return { reply, ...(quiet ? {} : { details: detailsOf(parts, tables) }), quiet, calls: parts.calls(metrics) };
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

/** The point of the week, beside its name. */
function headline(finding: Finding | undefined, moved: readonly Moved[]): string {
  if (!finding) return "";
  return moved.length === 0 ? ": much like the week before" : `: ${listWords(moved.slice(0, 2).map(({ short }) => short))}`;
}

function quietLine({ deploymentsPerWeek, leadTimeHours }: Figures, incidents: number): string {
  const words = [
    ...(deploymentsPerWeek === null ? [] : [`${formatNumber(deploymentsPerWeek)} deployments`]),
    ...(leadTimeHours === null ? [] : [`a lead time of ${hours(leadTimeHours)}`]),
    `${formatNumber(incidents)} incident${incidents === 1 ? "" : "s"}, none open`,
    `no open pull request older than ${OLD_DAYS} days`,
  ];
  return `Nothing moved beyond its noise: ${words.join("; ")}.`;
}

function movedLines(moved: readonly Moved[]): string[] {
  return moved
    .slice(0, 3)
    .map(
      ({ name, change, now, before }) =>
        `- ${name}: **${now}** (${before} the week before${now.endsWith("%") ? "" : `, ${formatChange(change)}`}).`,
    );
}

function longestOf(steps: readonly Step[]): Step | undefined {
  return [...steps].sort((a, b) => b.hours - a.hours)[0];
}

function longestLine(steps: readonly Step[]): string[] {
  const longest = longestOf(steps);
  if (!longest) return [];
  const before = longest.before === null ? "" : ` (${hours(longest.before)} the week before)`;
  return [`- The longest part of a change's way: ${longest.name}, ${hours(longest.hours)}${before}.`];
}

function incidentLine(data: { n: number; open: number } | undefined): string[] {
  return data
    ? [`- ${formatNumber(data.n)} incident${data.n === 1 ? "" : "s"}, ${data.open ? `**${data.open} still open**` : "none open"}.`]
    : [];
}

function waitingLine(n: number | undefined): string[] {
  if (n === undefined) return [];
  return [
    n > 0
      ? `- **${formatNumber(n)} open pull request${n === 1 ? "" : "s"}** older than ${OLD_DAYS} days.`
      : `- No open pull request is older than ${OLD_DAYS} days.`,
  ];
}

/** The tool's own words, while a sprint runs. */
function sprintLine(finding: Finding | undefined): string[] {
  const [block] = finding?.blocks ?? [];
  const text = block?.type === "markdown" ? block.text.split("\n", 1)[0] : undefined;
  return text && !text.startsWith("No sprint") ? [`- ${cut(text, 240)}`] : [];
}

async function stepsChart(steps: readonly Step[], period: Period, receipts: readonly Receipt[]): Promise<ChartBlock | undefined> {
  const longest = longestOf(steps);
  if (!longest || steps.length < 2) return undefined;
  const { barChart } = await import("../charts/bar-chart.ts");
  const before = { from: addDays(period.from, -7), to: addDays(period.to, -7) };
  const was = longest.before === null ? "" : `, ${hours(longest.before)} the week before`;
  return barChart({
    title: `A change spent most of its time ${longest.name}: ${hours(longest.hours)}${was}`,
    subject: "half of the changes took at most so long",
    unit: "h",
    period,
    notes: receipts.some(({ status }) => status === "demo") ? ["demo data"] : [],
    items: steps.map((step) => ({ label: step.name, value: step.hours, previous: step.before })),
    previousName: formatPeriod(before),
  });
}
