import type { AlertFigure } from "../core/alert.ts";
import { addDays } from "../core/civil-date.ts";
import { readable } from "../core/format.ts";
import type { Judged } from "./evaluate.ts";
import type { DayVerdict } from "./judge.ts";
import { type AlertRule, DEFAULT_ERRORS } from "./rules.ts";
import type { DaySeries } from "./series.ts";

const CHART_DAYS = 42;

/** What was measured in the days that fire together, what is normal, and the days around them. */
export function figureOf(
  judged: Judged,
  series: DaySeries,
  verdicts: readonly DayVerdict[],
  run: { first: number; last: number; at: number },
): AlertFigure {
  const { rule, measure, feed } = judged;
  const first = firstOf(rule, series, run);
  const verdict = verdicts[run.last];
  const newest = series.values[run.last];
  const day = (i: number) => addDays(series.first, i);
  const monthly = rule.kind === "budget" ? monthToDate(series, run.last) : undefined;
  return {
    measure: rule.kind === "agent-errors" ? "error_rate" : measure,
    unit: series.unit,
    ...(series.average ? { average: true as const } : {}),
    from: day(first),
    to: day(run.last),
    ...whenKnown("actual", monthly ?? newest),
    ...whenKnown("expected", verdict?.expected),
    ...whenKnown("low", verdict?.low),
    ...whenKnown("high", verdict?.high),
    ...(rule.kind === "anomaly" || rule.kind === "change"
      ? whenKnown("excess", excessOf(series, verdicts, { first, last: run.last }))
      : {}),
    ...(rule.budget !== undefined ? { limit: rule.budget } : {}),
    ...(rule.kind === "threshold" || rule.kind === "agent-errors"
      ? whenKnown("limit", rule.above ?? rule.below ?? (rule.kind === "agent-errors" ? DEFAULT_ERRORS : undefined))
      : {}),
    days: daysShown(rule, series, run.at).map((index) => {
      const own = verdicts[index];
      const value = rule.kind === "budget" ? monthToDate(series, index) : series.values[index];
      return { day: day(index), value: orNull(value), ...rangeOf(rule, own), odd: own?.firing ?? false };
    }),
    asked: {
      feed,
      measure,
      by: rule.by ?? [],
      filter: { ...rule.filter, ...Object.fromEntries(Object.entries(series.labels).map(([dimension, value]) => [dimension, [value]])) },
    },
  };
}

/** The days around it; of a budget its month, each day with all that was spent until then. */
function daysShown({ kind }: AlertRule, { first }: DaySeries, at: number): number[] {
  const length = kind === "budget" ? Number(addDays(first, at).slice(8)) : CHART_DAYS;
  const from = Math.max(0, at + 1 - length);
  return Array.from({ length: at + 1 - from }, (_, i) => from + i);
}

/** A month against its budget; other limits are of a day. `expected` is then what the month ends at. */
export function isMonthly(figure: AlertFigure): figure is AlertFigure & { limit: number; expected: number } {
  return figure.limit !== undefined && figure.expected !== undefined;
}

/** A change is of its day alone, a budget of its month. */
function firstOf({ kind }: AlertRule, { first }: DaySeries, run: { first: number; last: number; at: number }): number {
  if (kind === "change") return run.last;
  return kind === "budget" ? Math.max(run.first, run.at - Number(addDays(first, run.at).slice(8)) + 1) : run.first;
}

/** Above what was expected, over the days that are known: of all of them, and of each for an average. */
function excessOf(
  { values, average }: DaySeries,
  verdicts: readonly DayVerdict[],
  { first, last }: { first: number; last: number },
): number {
  const known = Array.from({ length: last - first + 1 }, (_, k) => first + k).flatMap(
    (i) => orNull((values[i] ?? Number.NaN) - (verdicts[i]?.expected ?? Number.NaN)) ?? [],
  );
  const sum = known.reduce((all, one) => all + one, 0);
  return average ? sum / Math.max(1, known.length) : sum;
}

/** A limit on one side alone has no band to draw, but for amounts, which begin at zero. */
function rangeOf({ kind }: AlertRule, verdict: DayVerdict | undefined): { low: number | null; high: number | null } {
  const [low, high] = kind === "budget" ? [null, null] : [orNull(verdict?.low), orNull(verdict?.high)];
  if (low === null && high !== null && high > 0) return { low: 0, high };
  return low === null || high === null ? { low: null, high: null } : { low, high };
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function monthToDate({ first, values }: DaySeries, index: number): number {
  const dayOfMonth = Number(addDays(first, index).slice(8));
  return values.slice(Math.max(0, index - dayOfMonth + 1), index + 1).reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
}

function whenKnown<K extends string>(name: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined || Number.isNaN(value) ? {} : ({ [name]: value } as { [key in K]: number });
}

/** The sign in one line. */
export function titleOf(rule: AlertRule, { name }: DaySeries, figure: AlertFigure): string {
  const what = readable(figure.measure);
  const whose = name === "all" ? what : `${what} of ${name}`;
  if (rule.title && name === "all") return rule.title;
  if (rule.title) return `${rule.title}: ${name}`;
  switch (rule.kind) {
    case "anomaly":
      return `${capital(whose)} ${(figure.excess ?? 0) >= 0 ? "above" : "below"} its normal range`;
    case "threshold":
    case "agent-errors":
      return `${capital(whose)} ${isBelow(rule, figure) ? "below" : "above"} its limit`;
    case "change":
      return `${capital(whose)} ${(figure.excess ?? 0) >= 0 ? "rose" : "fell"} against the ${rule.compare === "day" ? "day" : "week"} before`;
    case "budget":
      return (figure.actual ?? 0) > (rule.budget ?? 0)
        ? `${capital(whose)} is over the month's budget`
        : `${capital(whose)} is on its way over the month's budget`;
    default:
      return `No ${what}${name === "all" ? "" : ` of ${name}`} since ${figure.from}`;
  }
}

function isBelow({ below }: AlertRule, { actual }: AlertFigure): boolean {
  return below !== undefined && actual !== undefined && actual < below;
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
