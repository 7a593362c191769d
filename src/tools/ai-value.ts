import { z } from "zod";
import { addDays, civilDate, endOf, fromInstant, startOf } from "../core/civil-date.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, isPeriod } from "../core/period.ts";
import { resolvePeriod } from "../core/period-phrases.ts";
import type { TableBlock } from "../core/reply.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedReading, noSource, readFeeds } from "./feed-question.ts";
import { byUnit, contentOf, sumBuckets } from "./finding.ts";
import { readRecords } from "./record-question.ts";

const row = z.object({ step: z.string(), cost: z.number().nullable(), merged: z.number(), costPerMerged: z.number().nullable() });
const output = z.object({ unit: z.string(), period: z.object({ from: z.string(), to: z.string() }), total: row, rows: z.array(row) });
type Row = z.output<typeof row>;

/** Pull requests are found by the day they were opened; one merged in the period may be that much older. */
const OPEN_DAYS = 90;
const MONTHS = 6;

export const aiValue = defineTool({
  name: "ai_value",
  title: "AI value",
  description:
    "What AI costs for each merged pull request, by month, week or day, beside the number of merged pull requests. Use it for the value of AI spending against what is delivered. The two are set side by side; that one causes the other is not said. For AI cost alone use ai_usage.",
  examples: [
    "AI cost per merged pull request",
    "cost per merged pull request",
    "what does AI cost us per pull request?",
    "what does AI cost per merged pull request?",
    "AI cost per merged pull request {period}",
    "AI cost per merged PR {period}",
    "is our AI spending worth it?",
    "does AI pay off for engineering?",
    "AI spend against merged PRs by month",
    "return on our AI spending",
    "is AI worth the money?",
    "do our AI tools pay for themselves?",
    "what do we get for our AI spend?",
    "what does a merged PR cost us in AI?",
    "ROI of AI in engineering",
    "AI cost per PR this quarter",
    "are we getting value from AI?",
  ],
  reads: "ai_usage",
  effect: "read",
  role: "viewer",
  command: { name: "aivalue", hint: "[period] [per day|week|month]" },
  input: z.strictObject({
    period: parameters.period,
    grain: parameters.grain.describe("One row for each of these steps. Default: month."),
  }),
  output,

  async run({ period: asked, grain = "month" }, context): Promise<Finding> {
    if (!context.feeds.some(({ kind }) => kind === "pulls")) throw new UserError(noSource("pulls", context), { path: "feed" });
    const period = daysOf(asked, context);
    const [cost, pulls] = await Promise.all([
      readFeeds({ measure: "cost", period, grain }, "ai_usage", context),
      mergedIn(period, context),
    ]);
    const [money] = byUnit(cost);
    if (!money) throw new UserError(`There is no AI cost for ${formatPeriod(period)}.`, { path: "period" });
    const amounts = sumBuckets(money.facts);
    const merged = Map.groupBy(pulls.days, (day) => later(startOf(grain, day), period.from));
    const rows = [...new Set([...amounts.keys(), ...merged.keys()])]
      .sort()
      .map((step) => rowOf(step, amounts.get(step), merged.get(step)?.length ?? 0));
    const sum = rows.reduce((all, { cost: value }) => all + (value ?? 0), 0);
    const total = rowOf(formatPeriod(period), sum, pulls.days.length);
    return findingOf({ unit: money.unit, period, total, rows }, grain, cost, pulls);
  },
});

function daysOf(asked: Period | string | undefined, { now, user }: ToolContext): Period {
  const today = civilDate(now, user.timeZone);
  const yesterday = addDays(today, -1);
  const recent = { from: startOf("month", addDays(startOf("month", yesterday), -31 * (MONTHS - 1) + 15)), to: yesterday };
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : (asked ?? recent);
  if (!isPeriod(period) || period.from > yesterday)
    throw new UserError("The period must lie in the past: complete days can be counted.", { path: "period" });
  return period.to > yesterday ? { ...period, to: yesterday } : period;
}

async function mergedIn(period: Period, context: ToolContext) {
  const notes: string[] = [];
  const read = await readRecords("pulls", { period: { from: addDays(period.from, -OPEN_DAYS), to: period.to } }, context, notes);
  if (read.sources.length === 0) throw new UserError(notes[0] ?? noSource("pulls", context), { path: "feed" });
  const days = read.records.flatMap(({ times }) => (times.merged ? [fromInstant(times.merged)] : []));
  return { days: days.filter((day) => day >= period.from && day <= period.to), receipts: read.receipts, notes };
}

function rowOf(step: string, cost: number | undefined, merged: number): Row {
  return { step, cost: cost ?? null, merged, costPerMerged: cost === undefined || merged === 0 ? null : cost / merged };
}

function later(a: CivilDate, b: CivilDate): CivilDate {
  return a > b ? a : b;
}

function findingOf(
  data: z.output<typeof output>,
  grain: Grain,
  cost: FeedReading,
  pulls: { receipts: FeedReading["receipts"]; notes: readonly string[] },
): Finding {
  const { unit, period, total, rows } = data;
  const each = total.costPerMerged;
  const head =
    each === null
      ? `No pull request was merged in ${formatPeriod(period)}, so there is no cost per merged one. AI cost was ${formatValue(total.cost ?? 0, unit)}.`
      : `**${formatValue(each, unit)} of AI cost per merged pull request** in ${formatPeriod(period)}: ${formatValue(total.cost ?? 0, unit)} over ${formatNumber(total.merged)} merged.`;
  const notes = [
    ...cost.notes,
    ...pulls.notes,
    `Pull requests that were open longer than ${OPEN_DAYS} days may be missing. The two figures stand side by side; one need not cause the other.`,
  ];
  const text = [`${head}${courseOf(rows, grain)}`, ...notes.map((note) => `_${note}_`)].join("\n\n");
  const table: TableBlock = {
    type: "table",
    title: "AI cost and merged pull requests",
    columns: [
      { label: "from", type: "text" },
      { label: "AI cost", type: "money", unit },
      { label: "merged", type: "number" },
      { label: "per merged", type: "money", unit },
    ],
    rows: rows.map(({ step, cost: amount, merged, costPerMerged }) => [nameOf(grain, step), amount, merged, costPerMerged]),
  };
  return {
    content: contentOf(text, [table]),
    data,
    blocks: [{ type: "markdown", text }, table],
    receipts: [...cost.receipts, ...pulls.receipts],
    suggestions: ["AI cost by model last month", "who uses Claude Code?"],
  };
}

/** "October 2026", though the period may begin within it. */
function nameOf(grain: Grain, step: CivilDate): string {
  return formatPeriod({ from: startOf(grain, step), to: endOf(grain, step) });
}

/** The last whole steps compared: the first and the last may be cut by the period. */
function courseOf(rows: readonly Row[], grain: Grain): string {
  const [before, now] = rows.slice(1, -1).slice(-2);
  if (!before?.costPerMerged || !now?.costPerMerged) return "";
  const change = now.costPerMerged / before.costPerMerged - 1;
  return ` From ${nameOf(grain, before.step)} to ${nameOf(grain, now.step)} it ${change >= 0 ? "rose" : "fell"} by ${formatPercent(Math.abs(change))}.`;
}
