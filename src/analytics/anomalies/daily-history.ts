import { addDays, daysBetween, endOf, fields, weekday } from "../../core/civil-date.ts";
import type { DailyFit, DailyHistory } from "./daily-fit.ts";

/** A history for `values`, one per calendar day from `first` on. `step` "longer": weeks or months, which have no weekday. */
export function historyOf(
  first: string,
  values: Float64Array,
  { step, holidays }: { step?: "day" | "longer"; holidays?: ReadonlySet<string> } = {},
): LevelHistory {
  const n = values.length;
  const weekdays = new Uint8Array(n);
  const monthDays = new Uint8Array(n);
  if (step !== "longer") markCalendar(first, weekdays, monthDays);
  if (holidays?.size) for (let i = 0; i < n; i++) if (holidays.has(addDays(first, i))) weekdays[i] = HOLIDAY;
  // A copy: accepted levels are written into it.
  return {
    values: values.slice(),
    weekdays,
    monthDays,
    weights: new Float64Array(n).fill(1),
    recency: new Float64Array(n).fill(1),
    ratios: new Float64Array(n).fill(1),
  };
}

/** A history in which older days are scaled to the level of today; `ratios` is by how much. */
export interface LevelHistory extends DailyHistory {
  ratios: Float64Array;
}

/**
 * The days `from` to `to` are what is usual now, and learned again. After a step all days before are brought to the new level, and the
 * trend stays; after a creep the trend itself has changed, and the days before count for little.
 */
export function acceptLevel(
  history: LevelHistory,
  fit: DailyFit,
  { from, to, kind }: { from: number; to: number; kind: "step" | "creep" },
): void {
  const ratios: number[] = [];
  for (let i = from; i <= to; i++) {
    history.weights[i] = 1;
    const value = history.values[i] ?? Number.NaN;
    if (!Number.isNaN(value)) ratios.push(value / fit.scale(i));
  }
  ratios.sort((a, b) => a - b);
  const ratio = ratios[ratios.length >> 1] ?? 1;
  for (let i = 0; i < from; i++) {
    if (kind === "creep") history.recency[i] = (history.recency[i] ?? 1) * OLD_TREND;
    else if (ratio > LEAST_RATIO) {
      history.values[i] = (history.values[i] ?? Number.NaN) * ratio;
      history.ratios[i] = (history.ratios[i] ?? 1) * ratio;
    }
  }
}

/** What a day before a change of trend counts for the new one. */
const OLD_TREND = 0.1;

/** Weekday, 0 for Monday; day of the month, 1 to 27, or 31 for its last day, 30 for the one before … 28. One look at a date a month. */
function markCalendar(first: string, weekdays: Uint8Array, monthDays: Uint8Array): void {
  let { dayOfMonth } = fields(first);
  let left = daysBetween(first, endOf("month", first));
  const start = weekday(first) - 1;
  for (let i = 0; i < weekdays.length; i++) {
    weekdays[i] = (start + i) % 7;
    monthDays[i] = left < 4 ? 31 - left : Math.min(27, dayOfMonth);
    dayOfMonth++;
    if (left-- > 0) continue;
    const next = addDays(first, i + 1);
    dayOfMonth = 1;
    left = daysBetween(next, endOf("month", next));
  }
}

const HOLIDAY = 7;
/** Below a thousandth a series has as good as ended, and its past says nothing more. */
const LEAST_RATIO = 0.001;
