import { addDays, daysBetween } from "../../core/civil-date.ts";
import { type DailyFit, fitDaily } from "./daily-fit.ts";
import { acceptLevel, historyOf, type LevelHistory } from "./daily-history.ts";
import { ALARM, Drift, type Seen, severityOf, Watch } from "./daily-watch.ts";
import { RANGE } from "./range.ts";
import { scoreOf } from "./severity.ts";

export interface DailyOptions {
  /** rise: the score tells only of more than expected, as with money. both: of drops as well. */
  direction: "rise" | "both";
  /** true: each day is judged by the days before it. false: by days before and after, for a look back. */
  streaming: boolean;
  /** One step of the values. Weeks and months have no weekday; their steps count as days. Default: day. */
  step?: "day" | "longer";
  /** Holidays have a level of their own. */
  holidays?: ReadonlySet<string>;
  /** From this day on nothing is judged or learned: the source may still change it. */
  provisionalFrom?: string;
  /** Days somebody marked as expected: they are learned like any other, and end what was going on. */
  expected?: ReadonlySet<string>;
}

export interface DayJudgement {
  /** "unjudged": missing, provisional, or too few days before it. */
  state: "unjudged" | "normal" | "rise" | "creep" | "drop";
  /** 0 to below 1; an alarm from one half on, which is a chance of 80 %. NaN when unjudged. */
  score: number;
  /** NaN before there is a fit. */
  expected: number;
  /** 99 of 100 normal days lie between. */
  low: number;
  high: number;
  /** For how many days it probably has been going on, this one too; 1 for anything but a creep. */
  lasted: number;
}

/**
 * Anomalies in amounts per day (`values`, one per calendar day from `first` on, NaN for a missing day).
 *
 * Every two weeks a trend with weekday, holiday and month shape is fitted to the last 550 days (`fitDaily`), without the days believed to be
 * anomalous. The relative error of a day goes through a filter that knows bursts and slow creeps (`RiseFilter`); when a creep is known
 * its first days leave the fit too. Drops are followed alike, so that a lower level is noticed. What has lasted three weeks is
 * usual (`acceptLevel`); what strays slowly is followed (`Drift`).
 *
 * Smallest sample: 56 days with a value before a day. Throws nothing; a series of zeros is normal until it is not.
 */
export function judgeDaily(first: string, values: Float64Array, options: DailyOptions): DayJudgement[] {
  const history = historyOf(first, values, options);
  const firm = options.provisionalFrom === undefined ? values.length : daysBetween(first, options.provisionalFrom);
  const end = Math.max(0, Math.min(values.length, firm));
  const marked = options.expected?.size ? options.expected : undefined;
  const isExpected = (i: number) => marked?.has(addDays(first, i)) ?? false;
  const days = { history, end, isExpected, direction: options.direction };
  const judged = follow(days, pastFits(history), true);
  return options.streaming ? judged : follow(days, fitsAround(history, end), false);
}

/** The chance that a day with this score is no normal day: .8 at one half, or what the severity `alarm` is of. */
export function chanceOf(score: number, alarm = ALARM): number {
  return score >= 1 ? 1 : 1 - 10 ** ((-alarm * score) / (1 - score));
}

interface Days {
  history: LevelHistory;
  /** Days from here on are not judged. */
  end: number;
  isExpected(day: number): boolean;
  direction: DailyOptions["direction"];
}

/** The fit a day is judged by; undefined while there is too little. */
type Fits = (day: number, anew: boolean) => DailyFit | undefined;

function follow({ history, end, isExpected, direction }: Days, fits: Fits, learning: boolean): DayJudgement[] {
  const watch = new Watch();
  const drift = new Drift();
  return Array.from(history.values, (_, i) => {
    const fit = fits(i, false);
    const range = rangeOf(fit, i, history.ratios[i] ?? 1, drift.amount);
    const z = i < end ? errorOf(fit, history.values[i] ?? Number.NaN, i, drift.amount) : undefined;
    const seen = watch.observe(z);
    if (z === undefined) return { state: "unjudged", score: Number.NaN, ...range, lasted: 1 };
    if (isExpected(i)) {
      watch.reset();
      return { state: "normal", score: 0, ...range, lasted: 1 };
    }
    drift.follow(z, severityOf(seen) >= ALARM);
    if (learning && fit) learn(fit, i, z, seen);
    return { ...verdict(seen, direction), ...range };
  });

  function learn(fit: DailyFit, day: number, z: number, seen: Seen): void {
    leaveOut(history.weights, day, z, seen);
    if (watch.run < ACCEPTED_AFTER) return;
    acceptLevel(history, fit, { from: day - watch.run + 1, to: day, kind: watch.creeping ? "creep" : "step" });
    fits(day + 1, true);
    watch.reset();
    drift.reset();
  }
}

/** In standard deviations, from the expected value with what has strayed; undefined when there is nothing to compare. */
function errorOf(fit: DailyFit | undefined, value: number, day: number, strayed: number): number | undefined {
  return fit && !Number.isNaN(value) ? (value - fit.expected(day)) / fit.scale(day) / fit.deviation - strayed : undefined;
}

/** Days a fit must not learn from: what is far off, and what is an alarm. A creep is known late: its first days leave when it is. */
function leaveOut(weights: Float64Array, day: number, z: number, { rise, drop }: Seen): void {
  if (Math.abs(z) > FAR) weights[day] = 0;
  const worse = rise.severity > drop.severity ? rise : drop;
  if (worse.severity >= ALARM) weights.fill(0, Math.max(0, day + 1 - Math.round(worse.days)), day + 1);
}

/** Fits to the past of a day, taken anew every two weeks. */
function pastFits(history: LevelHistory): Fits {
  let fit: DailyFit | undefined;
  let known = 0;
  let counted = 0;
  return (day, anew) => {
    for (; counted < day; counted++) if (!Number.isNaN(history.values[counted])) known++;
    if (known >= SMALLEST_SAMPLE && (fit === undefined || anew || day % REFIT === 0)) {
      fit = fitDaily(history, Math.max(0, day - WINDOW), day);
    }
    return fit;
  };
}

/** Fits to the days around a day: the same for two weeks. */
function fitsAround(history: LevelHistory, end: number): Fits {
  const known = history.values.subarray(0, end).reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
  let fit: DailyFit | undefined;
  return (day) => {
    if (known < SMALLEST_SAMPLE) return undefined;
    if (fit === undefined || day % REFIT === 0) {
      const from = Math.max(0, Math.min(day - WINDOW / 2, end - WINDOW));
      fit = fitDaily(history, from, Math.min(end, from + WINDOW));
    }
    return fit;
  };
}

function verdict({ rise, drop }: Seen, direction: DailyOptions["direction"]): Pick<DayJudgement, "state" | "score" | "lasted"> {
  const up = scoreOf(rise.severity, ALARM);
  const down = scoreOf(drop.severity, ALARM);
  const score = direction === "both" ? Math.max(up, down) : up;
  if (down >= 0.5 && down > up) return { state: "drop", score, lasted: Math.round(drop.days) };
  return { state: up < 0.5 ? "normal" : rise.creep > rise.burst ? "creep" : "rise", score, lasted: up < 0.5 ? 1 : Math.round(rise.days) };
}

/** In the units of the day itself, before any level was accepted. */
function rangeOf(fit: DailyFit | undefined, day: number, ratio: number, drift: number): Pick<DayJudgement, "expected" | "low" | "high"> {
  if (!fit) return { expected: Number.NaN, low: Number.NaN, high: Number.NaN };
  const expected = (fit.expected(day) + drift * fit.deviation * fit.scale(day)) / ratio;
  const half = (RANGE * fit.deviation * fit.scale(day)) / ratio;
  return { expected, low: expected - half, high: expected + half };
}

const FAR = 4;
/** Days with a value that are needed before the first can be judged. */
export const SMALLEST_SAMPLE = 56;
const WINDOW = 550;
const REFIT = 14;
const ACCEPTED_AFTER = 21;
