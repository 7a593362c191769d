import { addDays, civilDate } from "../core/civil-date.ts";
import type { Digest, DigestOrder } from "../core/digest.ts";
import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import { formatChange, formatPercent, formatValue } from "../core/format.ts";
import { formatDay } from "../core/period.ts";
import type { Reply, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { causesOf } from "./causes.ts";
import { type DayTotals, newestDay } from "./cost-day.ts";
import { HISTORY_DAYS, isUnusual, type Mover, moversOf, totalSeries, type Usual, usualDay } from "./movers.ts";
import { chartOf, createParts, detailsOf, missingLine, type Parts, tablesOf, unique } from "./parts.ts";
import { dayWords, shortDay } from "./words.ts";

const DAYS_READ = 10;
const SHOWN = 3;

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
    const facts = assess(day, read);
    const movers = facts.movers.slice(0, SHOWN);
    const causes = await causesOf(parts, movers, { date: day.date, dimension: read.dimension ?? "service" }, order);
    const lines = facts.quiet ? [quietLine(day, facts, read)] : summaryLines(day, facts, read, movers, causes);
    const heading = `**${order.title ?? costDigest.title}, ${dayWords(day.date)}: ${formatValue(day.total, day.unit)}**`;
    // The picture of what moved, where there is one; else where the month ends.
    const isNews = facts.fresh.length > 0 || facts.open.some(({ series }) => series === movers[0]?.name);
    const chart = facts.quiet ? undefined : ((isNews ? chartOf(read.anomalies) : undefined) ?? chartOf(read.month));
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

function titled(finding: Finding | undefined, title: string): TableBlock[] {
  return tablesOf(finding)
    .slice(0, 1)
    .map((table) => ({ ...table, title }));
}

interface Read {
  dimension: string | undefined;
  byPart: Finding | undefined;
  history: Finding | undefined;
  month: Finding | undefined;
  anomalies: Finding | undefined;
}

async function readParts(parts: Parts, day: DayTotals, order: DigestOrder, context: ToolContext): Promise<Read> {
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

interface Anomaly {
  series: string;
  kind: "rise" | "creep" | "drop";
  from: CivilDate;
  to: CivilDate;
  excess: number;
}

interface MonthData {
  total: { mean: number; lo80: number; hi80: number };
  period: Period;
  known: { value: number };
  provisional?: { value: number };
  budget?: { budget: number; used: number; usedShare: number; timeShare: number; over: number; chanceOver: number };
}

interface Assessed {
  usual: Usual | undefined;
  outside: boolean;
  movers: readonly Mover[];
  /** Anomalies that still go on. */
  open: readonly Anomaly[];
  /** Of those, the ones that began on the day or shortly before: news. */
  fresh: readonly Anomaly[];
  month: MonthData | undefined;
  quiet: boolean;
}

/** An anomaly is news for so many days; after that it is open. */
const NEWS_DAYS = 2;
/** A budget is spoken of by itself when it will more likely than not be passed. */
const LIKELY = 0.5;

function assess(day: DayTotals, read: Read): Assessed {
  const facts = read.history?.facts ?? [];
  const totals = totalSeries(facts, day.unit);
  const usual = usualDay(totals, day.date);
  const outside = usual !== undefined && isUnusual(totals, day.date, usual);
  const movers = read.dimension ? moversOf(facts, { ...day, dimension: read.dimension }) : [];
  const all = (read.anomalies?.data as { unit: string; anomalies: Anomaly[] } | undefined)?.anomalies ?? [];
  const open = all.filter(({ to }) => to >= addDays(day.date, -1));
  const fresh = open.filter(({ from }) => from >= addDays(day.date, 1 - NEWS_DAYS));
  const month = read.month?.data as MonthData | undefined;
  const overBudget = (month?.budget?.chanceOver ?? 0) >= LIKELY;
  return { usual, outside, movers, open, fresh, month, quiet: !outside && movers.length === 0 && fresh.length === 0 && !overBudget };
}

function expectedWords({ usual, outside }: Assessed, { total, unit }: DayTotals): string {
  if (!usual) return " (too few days before it to say what was expected)";
  const range = `${formatValue(Math.max(0, usual.low), unit)} to ${formatValue(usual.high, unit)}`;
  return outside
    ? `, **${formatChange(total / usual.value - 1)}** against ${formatValue(usual.value, unit)} as usual (expected ${range})`
    : `, as expected (${range})`;
}

function quietLine(day: DayTotals, facts: Assessed, { month, anomalies }: Read): string {
  const looked = anomalies ? "" : " (unusual days could not be looked for)";
  const still = facts.open.length ? ` ${openWords(facts.open, day)}` : "";
  return `Nothing moved beyond its noise${looked}.${month ? ` ${monthWords(facts, day)}` : ""}${still}${provisionalWords(day)}`;
}

function summaryLines(
  day: DayTotals,
  facts: Assessed,
  { byPart }: Read,
  movers: readonly Mover[],
  causes: { lines: readonly string[] },
): string[] {
  const money = (value: number) => formatValue(value, day.unit);
  const signed = (value: number) => `${value > 0 ? "+" : ""}${money(value)}`;
  const more = facts.movers.length - movers.length;
  const top = topParts(byPart, day).map((p) => `${plainWords(p.label)} ${money(p.value)} (${formatPercent(p.value / day.total)})`);
  return [
    ...movers.map(
      ({ name, change, usual, isNew, value }, i) =>
        `- ${isNew ? "New" : change > 0 ? "Up" : "Down"}: **${plainWords(name)} ${signed(change)}** (${isNew ? "not there before" : `${money(value)}, usually ${money(usual)}`})${causes.lines[i] ?? ""}`,
    ),
    ...(more > 0 ? [`- ${more} more moved; see the thread.`] : []),
    ...(top.length ? [`- Largest: ${listWords(top)}.`] : []),
    ...(facts.month ? [`- ${monthWords(facts, day)}`] : []),
    ...(facts.open.length ? [`- ${openWords(facts.open, day)}`] : []),
    ...(day.provisional.length ? [`- ${provisionalWords(day).trim()}`] : []),
  ];
}

function topParts(byPart: Finding | undefined, { unit }: DayTotals): { label: string; value: number }[] {
  const rows = (byPart?.data as { rows: { labels: Record<string, string>; unit: string; value: number }[] } | undefined)?.rows ?? [];
  return rows
    .filter((row) => row.unit === unit && Object.keys(row.labels).length > 0)
    .slice(0, SHOWN)
    .map(({ labels, value }) => ({ label: Object.values(labels).join(" · "), value }));
}

function monthWords({ month }: Assessed, { unit, date }: DayTotals): string {
  if (!month) return "";
  const money = (value: number) => formatValue(value, unit);
  const end = `Month-end forecast ${money(month.total.mean)} (likely ${money(month.total.lo80)} to ${money(month.total.hi80)})`;
  const { budget } = month;
  if (!budget) return `${end}; ${money(month.known.value)} settled by ${formatDay(date)}.`;
  const state = budget.over > 0 ? `**${money(budget.over)} over**` : `${money(-budget.over)} under`;
  return `${end}, ${state} the budget of ${money(budget.budget)}. ${bar(budget.usedShare)} ${formatPercent(budget.usedShare)} used, ${formatPercent(budget.timeShare)} of the month gone.`;
}

const BAR = 10;

function bar(share: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
}

function openWords(open: readonly Anomaly[], { unit }: DayTotals): string {
  const words = open
    .slice(0, SHOWN)
    .map(
      (a) =>
        `${plainWords(a.series)} ${formatValue(Math.abs(a.excess), unit)} ${a.kind === "drop" ? "below" : "above"} expected since ${shortDay(a.from)}`,
    );
  return `Open anomal${open.length === 1 ? "y" : "ies"}: ${listWords(open.length > SHOWN ? [...words, `${open.length - SHOWN} more`] : words)}.`;
}

function provisionalWords({ provisional, unit }: DayTotals): string {
  if (provisional.length === 0) return "";
  const days = listWords(provisional.map(({ date, total }) => `${shortDay(date)} (${formatValue(total, unit)} so far)`));
  return ` Not final, so not judged yet: ${days}.`;
}

/** Of the figures of the day; what is behind the movers has its own in the thread. */
function receiptsOf(course: Finding, { byPart, history, month, anomalies }: Read): Receipt[] {
  return unique([course, byPart, history, month, anomalies].flatMap((finding) => finding?.receipts ?? []));
}
