import { fromInstant } from "../../core/civil-date.ts";
import { type Cadence, cadenceOf } from "./cadence.ts";
import { judgeDaily } from "./daily.ts";
import { Refractory } from "./refractory.ts";
import { iqrSeverities } from "./rolling-iqr.ts";
import { zscoreSeverities } from "./rolling-zscore.ts";
import { sameHourSeverities, weekdaySeverities } from "./seasonal.ts";
import { scoreOf } from "./severity.ts";
import { ALARM_SEVERITY, REFRACTORY_ROWS, StreamDetector } from "./stream-detector.ts";

export const ANOMALY_METHODS = ["auto", "zscore", "iqr", "seasonal"] as const;
export type AnomalyMethod = (typeof ANOMALY_METHODS)[number];

export interface DetectOptions {
  method: AnomalyMethod;
  /** true: a row is judged by itself and the rows before it. false: by the whole series. */
  streaming: boolean;
  /** Days with a level of their own, in a daily series. */
  holidays?: ReadonlySet<string>;
  /** Called now and then with the rows done, in one series of many. */
  onProgress?: (rows: number) => void;
}

export interface Detection {
  cadence: Cadence;
  /** One per row, 0 to below 1, an alarm from one half on; NaN for a row without a value. */
  scores: Float64Array;
  /** Rows that were added to an earlier one of their day or step. */
  shared: number;
}

/**
 * Scores of a series by its cadence: `StreamDetector` for many points a day, `judgeDaily` (rises only) for one a day or fewer; or by a
 * named method. `times` in milliseconds, ascending; values that are no finite number are missing. Rows of one day, in a daily series,
 * are added up and share a score.
 *
 * Throws RangeError for a daily series of more than 40,000 steps from end to end: then a date is wrong.
 */
export function detectAnomalies(times: Float64Array, values: Float64Array, options: DetectOptions): Detection {
  const cadence = cadenceOf(times);
  if (cadence.kind === "stream") return { cadence, scores: scoreRows(values.map(finite), DAY / cadence.step, options), shared: 0 };
  return { cadence, ...scoreSteps(times, values, cadence, options) };
}

function scoreRows(values: Float64Array, rowsPerDay: number, { method, streaming, onProgress }: DetectOptions): Float64Array {
  if (method === "auto") {
    const detector = new StreamDetector(rowsPerDay);
    // A look back knows the first two weeks before it judges them.
    if (!streaming) for (const value of values.subarray(0, Math.ceil(14 * rowsPerDay))) detector.next(value);
    return values.map((value, i) => {
      if (i > 0 && i % PROGRESS_ROWS === 0) onProgress?.(i);
      return detector.next(value).score;
    });
  }
  const severities =
    method === "zscore"
      ? zscoreSeverities(values, { streaming })
      : method === "iqr"
        ? iqrSeverities(values, { streaming })
        : sameHourSeverities(values, rowsPerDay, { streaming });
  const refractory = new Refractory(REFRACTORY_ROWS, ALARM_SEVERITY);
  return severities.map((severity) => (Number.isNaN(severity) ? severity : scoreOf(refractory.next(severity), ALARM_SEVERITY)));
}

/** One step of the calendar after the other, with the missing ones. */
function scoreSteps(times: Float64Array, values: Float64Array, cadence: Cadence, { method, streaming, holidays }: DetectOptions) {
  const length = cadence.kind === "daily" ? DAY : cadence.step;
  const start = Math.floor((times[0] ?? 0) / DAY) * DAY;
  const places = Int32Array.from(times, (time) =>
    cadence.kind === "daily" ? Math.floor((time - start) / length) : Math.round((time - start) / length),
  );
  const steps = (places.at(-1) ?? -1) + 1;
  if (steps > MOST_STEPS) throw new RangeError(`detectAnomalies: ${steps} steps from end to end`);
  const amounts = new Float64Array(steps).fill(Number.NaN);
  let shared = 0;
  for (const [row, place] of places.entries()) {
    const value = finite(values[row] ?? Number.NaN);
    if (Number.isNaN(value)) continue;
    const there = amounts[place] ?? Number.NaN;
    if (!Number.isNaN(there)) shared += 1;
    amounts[place] = Number.isNaN(there) ? value : there + value;
  }
  const first = fromInstant(new Date(start));
  const calendar = { step: cadence.kind === "daily" ? ("day" as const) : ("longer" as const), ...(holidays ? { holidays } : {}) };
  const scores =
    method === "auto"
      ? dailyScores()
      : severitiesOf().map((severity) => (Number.isNaN(severity) ? severity : scoreOf(severity, ALARM_SEVERITY)));
  const ofRows = Float64Array.from(places, (place, row) =>
    Number.isNaN(finite(values[row] ?? Number.NaN)) ? Number.NaN : (scores[place] ?? Number.NaN),
  );
  return { scores: ofRows, shared };

  /** A value in the days nobody can judge yet scores 0. */
  function dailyScores(): Float64Array {
    const judged = judgeDaily(first, amounts, { direction: "rise", streaming, ...calendar });
    return Float64Array.from(judged, ({ score }, i) => (Number.isNaN(score) && !Number.isNaN(amounts[i]) ? 0 : score));
  }

  function severitiesOf(): Float64Array {
    if (method === "zscore") return zscoreSeverities(amounts, { streaming });
    if (method === "iqr") return iqrSeverities(amounts, { streaming });
    return weekdaySeverities(first, amounts, { streaming, ...calendar });
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

const DAY = 86_400_000;
const PROGRESS_ROWS = 250_000;
const MOST_STEPS = 40_000;
