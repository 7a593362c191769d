import { chanceOf, judgeDaily } from "../analytics/anomalies/daily.ts";
import { addDays, endOf, fields, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { isCurrency } from "../core/format.ts";
import { type AlertRule, DEFAULT_ABSENCE } from "./rules.ts";
import type { DaySeries } from "./series.ts";

/** What a rule says of one day of one series. NaN where it has nothing to compare with. */
export interface DayVerdict {
  firing: boolean;
  expected: number;
  low: number;
  high: number;
  /** Days it has probably been going on, this one too; only a slow creep is known late. */
  lasted: number;
}

export interface JudgeOptions {
  /** From this day on the source may still change its numbers: nothing is said of them. */
  provisionalFrom?: CivilDate;
  /** Days people said were expected. */
  expected?: ReadonlySet<string>;
}

const UNKNOWN: DayVerdict = { firing: false, expected: Number.NaN, low: Number.NaN, high: Number.NaN, lasted: 1 };
/** Days of a month before it is said where it is going. */
const PROJECTED_AFTER = 7;
/** Days of a series before its anomalies are worth waking somebody: in its first weeks its growth looks like one. */
const KNOWN_FOR = 90;
/** Days with values before a silence is one. */
const SPOKE_BEFORE = 5;

/** Each day judged by the days up to it: run on a long history it says what it would have said on each of those days. Throws nothing. */
export function judgeSeries(rule: AlertRule, series: DaySeries, options: JudgeOptions = {}): DayVerdict[] {
  const verdicts = judges[rule.kind]?.(rule, series, options) ?? [];
  const { provisionalFrom } = options;
  if (provisionalFrom === undefined || rule.kind === "absence") return verdicts;
  return verdicts.map((verdict, i) => (addDays(series.first, i) >= provisionalFrom ? { ...verdict, firing: false } : verdict));
}

type Judge = (rule: AlertRule, series: DaySeries, options: JudgeOptions) => DayVerdict[];

const judges: Partial<Record<AlertRule["kind"], Judge>> = {
  anomaly(rule, { first, values, unit }, { provisionalFrom, expected }) {
    const days = judgeDaily(first, values, {
      direction: rule.direction ?? (isCurrency(unit) ? "rise" : "both"),
      streaming: true,
      ...(provisionalFrom ? { provisionalFrom } : {}),
      ...(expected ? { expected } : {}),
    });
    const drops = (rule.direction ?? (isCurrency(unit) ? "rise" : "both")) === "both";
    return days.map(({ state, score, expected: usual, low, high, lasted }, i) => ({
      firing: i >= KNOWN_FOR && (state === "rise" || state === "creep" || (drops && state === "drop")) && chanceOf(score) >= rule.chance,
      expected: usual,
      low,
      high,
      lasted,
    }));
  },

  threshold: (rule, { values }) =>
    Array.from(values, (value) => ({
      ...UNKNOWN,
      firing: (rule.above !== undefined && value > rule.above) || (rule.below !== undefined && value < rule.below),
      low: rule.below ?? Number.NaN,
      high: rule.above ?? Number.NaN,
    })),

  change: (rule, { values }) =>
    Array.from(values, (value, i) => {
      const before = values[i - (rule.compare === "day" ? 1 : 7)] ?? Number.NaN;
      const change = (value - before) / Math.abs(before);
      const wide = Math.abs(before) * (rule.change ?? 0);
      const far = rule.direction === "rise" ? change >= (rule.change ?? 0) : Math.abs(change) >= (rule.change ?? 0);
      return { ...UNKNOWN, firing: before !== 0 && far, expected: before, low: before - wide, high: before + wide };
    }),

  budget: (rule, { first, values }) => Array.from(values, (_, i) => budgetOn(rule.budget ?? Number.POSITIVE_INFINITY, first, values, i)),

  absence(rule, { values }) {
    const silent = rule.for ?? DEFAULT_ABSENCE;
    let known = 0;
    let since = 0;
    return Array.from(values, (value) => {
      since = Number.isNaN(value) ? since + 1 : 0;
      known += Number.isNaN(value) ? 0 : 1;
      return { ...UNKNOWN, firing: known >= SPOKE_BEFORE && since >= silent };
    });
  },
};

/** Over the budget, or, from the eighth day on, on the way there at the pace of the month so far. `expected` is the pace's end, `high` the budget. */
function budgetOn(budget: number, first: CivilDate, values: Float64Array, i: number): DayVerdict {
  const day = addDays(first, i);
  const { dayOfMonth } = fields(day);
  if (dayOfMonth - 1 > i || Number.isNaN(values[i])) return UNKNOWN;
  let spent = 0;
  let known = 0;
  for (let back = 0; back < dayOfMonth; back++) {
    const value = values[i - back] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    spent += value;
    known++;
  }
  const length = fields(endOf("month", startOf("month", day))).dayOfMonth;
  const projected = (spent / known) * length;
  const firing = spent > budget || (dayOfMonth > PROJECTED_AFTER && known >= PROJECTED_AFTER && projected > budget);
  return { firing, expected: projected, low: 0, high: budget, lasted: 1 };
}

/** The days that fire together around `day`: one quiet or unknown day between does not part them. undefined when neither it nor the day before fires. */
export function runAt(verdicts: readonly DayVerdict[], day: number): { first: number; last: number } | undefined {
  const fires = (i: number) => verdicts[i]?.firing ?? false;
  const last = fires(day) ? day : fires(day - 1) ? day - 1 : undefined;
  if (last === undefined) return undefined;
  let first = last;
  for (let i = last - 1; i >= 0 && (fires(i) || fires(i - 1)); i--) if (fires(i)) first = i;
  for (let i = first; i <= last; i++) if (fires(i)) first = Math.min(first, Math.max(0, i + 1 - (verdicts[i]?.lasted ?? 1)));
  return { first, last };
}
