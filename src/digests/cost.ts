import { addDays, civilDate } from "../core/civil-date.ts";
import type { Digest, DigestOrder } from "../core/digest.ts";
import type { Period, Receipt } from "../core/fact.ts";
import { formatValue } from "../core/format.ts";
import { formatDay } from "../core/period.ts";
import type { ChartBlock, Reply } from "../core/reply.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { causesOf } from "./causes.ts";
import { type DayTotals, newestDay } from "./cost-day.ts";
import { type CostFacts, type CostRead, judgeCost } from "./cost-judge.ts";
import { expectedWords, quietLine, SHOWN, summaryLines } from "./cost-words.ts";
import { HISTORY_DAYS } from "./movers.ts";
import { chartOf, createParts, detailsOf, missingLine, type Parts, titled, unique } from "./parts.ts";
import { usualChart } from "./usual-chart.ts";
import { dayWords, shortDay } from "./words.ts";

const DAYS_READ = 10;

/** The newest settled day against what was expected of it: what moved, what may be behind it, where the month ends. */
export const costDigest: Digest = {
  name: "cost",
  title: "Cloud cost",
  summary: "The newest settled day against its expected range, movers with what came before them, and where the month ends.",
  schedule: "every day at 9:00",

  async compose(order, context) {
    const parts = createParts(context);
    const filter = order.filter ? { filter: order.filter } : {};
    const today = civilDate(context.now, context.user.timeZone);
    const recent = { from: addDays(today, -DAYS_READ), to: addDays(today, -1) };
    const course = await parts.ask("the newest days", "get_costs", { ...filter, period: recent, grain: "day" });
    const day = newestDay(course, today);
    if (!course || !day) {
      parts.requireAny("cost digest");
      throw new UserError(`There is no settled day of cost from ${formatDay(recent.from)} to ${formatDay(recent.to)}.`);
    }
    const read = await readParts(parts, day, order, context);
    const facts = judgeCost(day, read);
    const movers = facts.movers.slice(0, SHOWN);
    const dimension = read.dimension ?? "service";
    const causes = await causesOf(parts, movers, { date: day.date, dimension, open: facts.open }, order);
    const lines = facts.quiet ? [quietLine(day, facts, read)] : summaryLines(day, facts, read, movers, causes.lines);
    const heading = `**${order.title ?? costDigest.title}, ${dayWords(day.date)}: ${formatValue(day.total, day.unit)}**`;
    const chart = facts.quiet ? undefined : await pictureOf(day, facts, read);
    const reply: Reply = {
      text: [`${heading}${expectedWords(facts, day)}`, ...lines, ...missingLine(parts)].join("\n"),
      ...(chart ? { blocks: [chart] } : {}),
      receipts: receiptsOf(course, read),
      suggestions: [
        ...movers
          .slice(0, 1)
          .map(({ name }) => `Why did ${name} cost change on ${formatDay(day.date)} vs ${formatDay(addDays(day.date, -7))}?`),
        "What will our cloud bill be at the end of the month?",
      ],
      final: true,
    };
    return {
      reply,
      ...(facts.quiet
        ? {}
        : {
            details: detailsOf(parts, [
              ...titled(read.byPart, `The day against ${shortDay(addDays(day.date, -7))}`),
              ...titled(read.anomalies, "Unusual days"),
              ...causes.tables,
            ]),
          }),
      quiet: facts.quiet,
      calls: parts.calls(read.byPart),
    };
  },
};

/** What moved most, in its usual range; else where the month ends. */
async function pictureOf({ date, unit }: DayTotals, facts: CostFacts, read: CostRead): Promise<ChartBlock | undefined> {
  const name = facts.movers.find(({ isNew }) => !isNew)?.name ?? (facts.outside ? "" : facts.fresh[0]?.series);
  const series = name === undefined ? undefined : facts.series.get(name);
  const own =
    name !== undefined && series
      ? await usualChart({ name, series, date, unit, odd: facts.odd, receipts: read.history?.receipts ?? [] })
      : undefined;
  return own ?? chartOf(read.month);
}

async function readParts(parts: Parts, day: DayTotals, order: DigestOrder, context: ToolContext): Promise<CostRead> {
  const filter = order.filter ? { filter: order.filter } : {};
  const only: Period = { from: day.date, to: day.date };
  const before: Period = { from: addDays(day.date, -7), to: addDays(day.date, -7) };
  const dimension = await mainDimension(context);
  const by = dimension ? { by: dimension } : {};
  const budget = order.budget ? { budget: order.budget } : {};
  const [byPart, history, month, anomalies] = await Promise.all([
    parts.ask("the parts of the day", "get_costs", { ...filter, ...by, period: only, compare: before, top: 8 }),
    parts.ask("what is usual", "get_costs", {
      ...filter,
      ...by,
      grain: "day",
      period: { from: addDays(day.date, -HISTORY_DAYS), to: day.date },
    }),
    parts.ask("the month-end forecast", "forecast", { ...filter, feed: "costs", currency: day.unit, ...budget }),
    parts.ask("unusual days", "find_anomalies", { ...filter, feed: "costs", ...by }),
  ]);
  return { dimension, byPart, history, month, anomalies };
}

/** "service" where the sources have it, else their first dimension. */
async function mainDimension({ feeds, signal }: ToolContext): Promise<string | undefined> {
  const costs = feeds.filter(({ kind }) => kind === "costs");
  const described = await Promise.all(costs.map((feed) => feed.describe(signal, "names").catch(() => undefined)));
  const names = described.flatMap((about) => about?.dimensions.map(({ name }) => name) ?? []);
  return names.includes("service") ? "service" : names[0];
}

/** Of the figures of the day; what is behind the movers has its own in the thread. */
function receiptsOf(course: Finding, { byPart, history, month, anomalies }: CostRead): Receipt[] {
  return unique([course, byPart, history, month, anomalies].flatMap((finding) => finding?.receipts ?? []));
}
