import { addDays, daysBetween } from "../../core/civil-date.ts";
import type { DailyOptions, DayJudgement } from "./daily.ts";
import type { Ranges } from "./range.ts";
import { iqrRange, iqrSeverities } from "./rolling-iqr.ts";
import { zscoreRange, zscoreSeverities } from "./rolling-zscore.ts";
import { seasonalRange, weekdaySeverities } from "./seasonal.ts";
import { scoreOf } from "./severity.ts";
import { ALARM_SEVERITY } from "./stream-detector.ts";

/** The plain methods that know a day by itself; `judgeDaily` is what is used unless one is named. */
export type DailyRule = "zscore" | "iqr" | "seasonal";

/**
 * Amounts per day, judged one by one by a named method and the days before: an alarm from severity 3.8 on, one normal day in some six
 * thousand. As `judgeDaily` for the rest, but without bursts, creeps and accepted levels.
 */
export function judgeByRule(first: string, values: Float64Array, rule: DailyRule, options: DailyOptions): DayJudgement[] {
  const { direction, provisionalFrom, expected, holidays } = options;
  const firm = provisionalFrom === undefined ? values.length : Math.max(0, daysBetween(first, provisionalFrom));
  const severities = severitiesOf(first, values, rule, options);
  const range = rangesOf(first, values, rule, holidays);
  return Array.from(values, (value, i): DayJudgement => {
    const usual = range(value, i);
    if (Number.isNaN(value) || i >= firm || Number.isNaN(usual.expected))
      return { state: "unjudged", score: Number.NaN, ...usual, lasted: 1 };
    const above = value >= usual.expected;
    const severity = expected?.has(addDays(first, i)) ? 0 : (severities[i] ?? 0);
    const score = above || direction === "both" ? scoreOf(severity, ALARM_SEVERITY) : 0;
    return { state: severity < ALARM_SEVERITY ? "normal" : above ? "rise" : "drop", score, ...usual, lasted: 1 };
  });
}

function severitiesOf(first: string, values: Float64Array, rule: DailyRule, { streaming, holidays }: DailyOptions): Float64Array {
  if (rule === "zscore") return zscoreSeverities(values, { streaming });
  if (rule === "iqr") return iqrSeverities(values, { streaming });
  return weekdaySeverities(first, values, { streaming, ...(holidays ? { holidays } : {}) });
}

function rangesOf(first: string, values: Float64Array, rule: DailyRule, holidays: ReadonlySet<string> | undefined): Ranges {
  if (rule === "zscore") return zscoreRange();
  return rule === "iqr" ? iqrRange() : seasonalRange(first, values, holidays);
}
