import { Novelty } from "./novelty.ts";
import { Refractory } from "./refractory.ts";
import { RollingMoments, RunningMoments } from "./running.ts";
import { SameHour } from "./same-hour.ts";
import { scoreOf } from "./severity.ts";
import { TailProbability } from "./tail-probability.ts";

/** One row as a stream detector sees it. */
export interface StreamJudgement {
  /** 0 to below 1; an alarm from one half on. */
  score: number;
  /** −log₁₀ of a tail probability, before repeats are held back. */
  severity: number;
  /** What was usual at this time of day; NaN in the first days. */
  low: number;
  high: number;
}

/**
 * Anomalies in a series of many points a day, one pass, each row judged by the rows before it.
 *
 * Five questions, each a distance to the nearest precedents, none with an assumption on the distribution:
 * the mean of 15 minutes and that of 6 hours against the same hour of the last two weeks (`SameHour`); the value, the mean of 6 hours and
 * the logarithm of the spread over 2½ hours against all seen (`Novelty`): spikes, shifts, a wrong daily shape, noise and flat lines.
 * Each distance becomes a severity by its own past (`TailProbability`), so units and noise cancel; severities s are combined as √Σs²,
 * between the sum (Fisher) and the greatest. `Refractory` makes one alarm of an event.
 *
 * Needs 100 rows and a day before anything scores. A missing value is not judged and takes the place of none.
 * Multiplying all values by a constant changes nothing.
 */
export class StreamDetector {
  readonly #overall = new RunningMoments();
  readonly #short: RollingMoments;
  readonly #long: RollingMoments;
  readonly #spread: RollingMoments;
  readonly #streams: { shortHour: Stream; longHour: Stream; value: Stream; level: Stream; spread: Stream };
  readonly #hour: SameHour;
  readonly #longHour: SameHour;
  readonly #value = new Novelty(NEWEST);
  readonly #level: Novelty;
  readonly #noise = new Novelty(NEWEST);
  readonly #refractory = new Refractory(REFRACTORY_ROWS, ALARM_SEVERITY);

  /** `rowsPerDay` at least 2; beyond 1,440 a "day" is as many rows. */
  constructor(rowsPerDay: number) {
    const day = Math.max(2, Math.min(MOST_ROWS_PER_DAY, Math.round(rowsPerDay)));
    // Windows are in time, not in rows: half-hourly and hourly rows are means already, and three of them would hide a spike.
    const scaled = (minutes: number, least: number) => Math.max(least, Math.round((minutes * day) / 1440));
    const short = scaled(15, 1);
    const long = scaled(360, LEAST_ROWS);
    this.#short = new RollingMoments(short);
    this.#long = new RollingMoments(long);
    this.#spread = new RollingMoments(scaled(150, LEAST_ROWS) + 1);
    this.#hour = new SameHour(day, short);
    this.#longHour = new SameHour(day, long);
    this.#level = new Novelty(scaled(500, NEWEST));
    this.#streams = { shortHour: new Stream(), longHour: new Stream(), value: new Stream(), level: new Stream(), spread: new Stream() };
  }

  next(value: number): StreamJudgement {
    if (!Number.isFinite(value)) return { score: Number.NaN, severity: Number.NaN, low: Number.NaN, high: Number.NaN };
    this.#overall.add(value);
    this.#short.add(value);
    this.#long.add(value);
    this.#spread.add(value);
    const deviation = this.#overall.deviation;
    const [short, long, spread] = [this.#short.mean, this.#long.mean, this.#logSpread(deviation)];
    const { shortHour, longHour, value: plain, level, spread: noise } = this.#streams;
    const severity = Math.hypot(
      shortHour.severity(this.#hour.add(short), deviation),
      longHour.severity(this.#longHour.add(long), deviation),
      plain.severity(this.#value.add(value), deviation),
      level.severityOf(this.#level.add(long), long),
      noise.severityOf(this.#noise.add(spread), spread),
    );
    return {
      score: scoreOf(this.#refractory.next(severity), ALARM_SEVERITY),
      severity,
      low: this.#hour.low - shortHour.usual,
      high: this.#hour.high + shortHour.usual,
    };
  }

  /** ln of the spread of the last hours as a part of the spread there ever was; a hundredth is as good as flat. */
  #logSpread(deviation: number): number {
    return deviation === 0 || this.#spread.length < 5 ? 0 : Math.log(this.#spread.exactDeviation / deviation + 0.01);
  }
}

/** Distances of one question, and what was usual among them. */
class Stream {
  readonly #tail = new TailProbability();
  readonly #moments = new RunningMoments();

  /** NaN is no distance: nothing to compare with yet. The scale floor is a part of `deviation`. */
  severity(distance: number, deviation: number): number {
    if (Number.isNaN(distance)) return 0;
    const severity = this.#tail.severity(distance, SCALE_FLOOR * deviation);
    this.#tail.add(distance);
    return severity;
  }

  /** The same with the deviation of `feature`, of which the distance is. */
  severityOf(distance: number, feature: number): number {
    this.#moments.add(feature);
    return this.severity(distance, this.#moments.deviation);
  }

  /** The distance 98 of 100 stay within. */
  get usual(): number {
    return this.#tail.quantile(0.98);
  }
}

/** From this severity on a row is an alarm: some one or two in a thousand rows before repeats are held back. */
export const ALARM_SEVERITY = 3.8;

/** A later row of the same event is no second alarm. */
export const REFRACTORY_ROWS = 90;
const NEWEST = 20;
const LEAST_ROWS = 6;
const SCALE_FLOOR = 0.05;
const MOST_ROWS_PER_DAY = 1440;
