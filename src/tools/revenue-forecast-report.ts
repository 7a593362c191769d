import { z } from "zod";
import { addMonths, addUnits, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { formatChange, formatPercent, formatValue, readable } from "../core/format.ts";
import { formatPeriod, wholeUnit } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { FeedReading } from "./feed-question.ts";
import { amountColumn, chartNotes, contentOf, notesText } from "./finding.ts";
import { type History, stepsFrom } from "./forecast-history.ts";
import type { BoundMonth, Constraints } from "./revenue-forecast-constraints.ts";
import type { Course } from "./revenue-forecast-course.ts";

const range = z.object({ mean: z.number(), lo80: z.number(), hi80: z.number() });

export const revenueOutput = z.object({
  measure: z.string(),
  unit: z.string(),
  base: z.object({ month: z.string(), value: z.number(), known: z.number() }),
  constraints: z.object({ growthCap: z.number().optional(), growthFloor: z.number().optional(), capacity: z.number().optional() }),
  months: z.array(range.extend({ month: z.string(), free: range, bound: z.enum(["growth cap", "growth floor", "capacity"]).optional() })),
  free: z.number().describe("Sum of the expected months without constraints."),
  constrained: z.number().describe("Sum of the expected months under them."),
  gap: z.number(),
  backTest: z.object({ origins: z.number(), steps: z.number(), step: z.number().optional(), total: z.number().optional() }),
});

/** Both courses in words, by month, and as a chart. */
export async function revenueReport(
  read: FeedReading,
  unit: string,
  history: History,
  { forecast, base, names }: Course,
  months: readonly BoundMonth[],
  constraints: Constraints,
  notes: readonly string[],
): Promise<Finding> {
  const measure = readable(read.measure);
  const subject = `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)}${read.subject ? ` of ${plainWords(read.subject)}` : ""}`;
  const free = months.reduce((sum, m) => sum + m.free.mean, 0);
  const constrained = months.reduce((sum, m) => sum + m.mean, 0);
  const gap = constrained - free;
  const span = formatPeriod({ from: names[0] ?? base.month, to: endOf("month", names.at(-1) ?? base.month) });
  const held = months.flatMap((m, i) => (m.bound ? [`${monthName(names[i])} (${m.bound})`] : []));
  const stated = statedWords(constraints, unit);
  const error = forecast.backTest.total ?? forecast.backTest.step;
  const title =
    stated.length === 0
      ? `${subject} for ${span} is expected at ${formatValue(free, unit)}`
      : `${subject} for ${span}: ${formatValue(constrained, unit)} under the constraints, ${formatValue(free, unit)} without`;
  const sentences = [
    `**${title}.**`,
    stated.length
      ? `Constraints: ${listWords(stated)}. ${Math.abs(gap) < 1e-9 * Math.max(1, Math.abs(free)) ? "None of them binds the expected course." : `They ${gap < 0 ? "take" : "add"} ${formatValue(Math.abs(gap), unit)} (${formatPercent(Math.abs(gap) / Math.max(1e-9, Math.abs(free)))}), binding in ${listWords(held)}.`}`
      : "No constraint was named, so both courses are the same. Name a growth cap, a growth floor, a capacity, or a budget with its cost share.",
    `Growth is counted from ${monthName(base.month)}, expected at ${formatValue(base.value, unit)} with ${formatValue(base.known, unit)} of it known.`,
    error === undefined
      ? ""
      : `How sure: the same method missed by ${formatPercent(error)} on average over ${forecast.backTest.steps} ${history.step}s, tried ${forecast.backTest.origins} times; each month's 80% range is in the table.`,
    held.length ? "A course held by a cap is an upper reading: months that fall short of it are not made up for." : "",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = monthTable(names, months, measure, unit);
  const { timeChart } = await import("../charts/time-chart.ts");
  const past = pastMonths(history, base.month);
  const now = { at: base.month, value: base.value };
  const chart = timeChart({
    title,
    subject: `${measure} per month`,
    grain: "month",
    unit,
    notes: chartNotes(read.receipts),
    series: [
      { name: "known", points: past },
      { name: "expected", points: [now, ...names.map((at, i) => ({ at, value: months[i]?.free.mean ?? null }))] },
      ...(stated.length
        ? [{ name: "under the constraints", points: [now, ...names.map((at, i) => ({ at, value: months[i]?.mean ?? null }))] }]
        : []),
    ],
  });
  return {
    content: contentOf(text, [table]),
    data: {
      measure: read.measure,
      unit,
      base,
      constraints,
      months: months.map((m, i) => ({ month: names[i] ?? "", ...m })),
      free,
      constrained,
      gap,
      backTest: forecast.backTest,
    },
    blocks: [{ type: "markdown", text }, chart, table] satisfies Block[],
    facts: read.facts,
    receipts: read.receipts,
    suggestions: [`Forecast ${measure} for next month`],
  };
}

function monthName(month: CivilDate | undefined): string {
  return month ? formatPeriod(wholeUnit("month", month)) : "";
}

function statedWords({ growthCap, growthFloor, capacity }: Constraints, unit: string): string[] {
  return [
    ...(growthCap === undefined ? [] : [`growth of at most ${formatChange(growthCap)} a month`]),
    ...(growthFloor === undefined ? [] : [`growth of at least ${formatChange(growthFloor)} a month`]),
    ...(capacity === undefined ? [] : [`at most ${formatValue(capacity, unit)} a month`]),
  ];
}

/** Whole months that are known, a year of them at most. */
function pastMonths({ step, values, first }: History, before: CivilDate): { at: CivilDate; value: number }[] {
  const from = startOf("month", first) === first ? first : addMonths(startOf("month", first), 1);
  const since = addUnits("month", before, -12);
  const months = new Map<CivilDate, number>();
  for (const [day, value] of values) {
    const month = startOf("month", day);
    if (month >= from && month >= since && month < before) months.set(month, (months.get(month) ?? 0) + value);
  }
  const whole = [...months].filter(
    ([month]) => step === "month" || stepsFrom("day", month, endOf("month", month)).every((day) => values.has(day)),
  );
  return whole.sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, value]) => ({ at, value }));
}

function monthTable(names: readonly CivilDate[], months: readonly BoundMonth[], measure: string, unit: string): TableBlock {
  const amount = (label: string) => amountColumn(label, unit);
  return {
    type: "table",
    title: `${measure} by month`,
    columns: [
      { label: "month from", type: "date" },
      amount("expected"),
      amount("80% from"),
      amount("80% to"),
      amount("under constraints"),
      amount("then from"),
      amount("then to"),
      { label: "held by", type: "text" },
    ],
    rows: months.map((m, i) => [names[i] ?? "", m.free.mean, m.free.lo80, m.free.hi80, m.mean, m.lo80, m.hi80, m.bound ?? null]),
  };
}
