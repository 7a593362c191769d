import { type RiseBelief, RiseFilter } from "./rise-filter.ts";

/** What is believed of a day: of more, and of less, than expected. */
export interface Seen {
  rise: RiseBelief;
  drop: RiseBelief;
}

export function severityOf({ rise, drop }: Seen): number {
  return Math.max(rise.severity, drop.severity);
}

/** Both directions, and for how many days one of them has been an alarm. */
export class Watch {
  readonly #up = new RiseFilter();
  readonly #down = new RiseFilter();
  #runs = { up: 0, down: 0 };
  #creeping = 0;

  observe(z: number | undefined): Seen {
    const rise = this.#up.next(z);
    const drop = this.#down.next(z === undefined ? undefined : -z);
    // A missing day neither ends a run nor adds to it.
    if (z !== undefined) {
      const worse = rise.severity > drop.severity ? rise : drop;
      this.#creeping = worse.severity < ALARM ? 0 : this.#creeping + (worse.creep > worse.burst ? 1 : -1);
      this.#runs = {
        up: rise.severity >= ALARM ? this.#runs.up + 1 : 0,
        down: drop.severity >= ALARM ? this.#runs.down + 1 : 0,
      };
    }
    return { rise, drop };
  }

  /** Most days of the run grew from the day before. */
  get creeping(): boolean {
    return this.#creeping > 0;
  }

  get run(): number {
    return Math.max(this.#runs.up, this.#runs.down);
  }

  reset(): void {
    this.#runs = { up: 0, down: 0 };
    this.#creeping = 0;
    this.#up.reset();
    this.#down.reset();
  }
}

/**
 * How far the level has strayed from the line, in standard deviations: a real bill bends. It follows by a twelfth of each day's error, a
 * fortieth in an alarm, and of a great one by no more than of one deviation. What could be chance, 1.7 times the standard error, is not
 * believed.
 */
export class Drift {
  #strayed = 0;

  get amount(): number {
    return Math.sign(this.#strayed) * Math.max(0, Math.abs(this.#strayed) - DRIFT_ERROR);
  }

  follow(error: number, inAlarm: boolean): void {
    const days = inAlarm ? ALARM_DRIFT_DAYS : DRIFT_DAYS;
    this.#strayed += Math.max(-1, Math.min(1, this.amount + error - this.#strayed)) / days;
  }

  reset(): void {
    this.#strayed = 0;
  }
}

/** Severity of an alarm, and from which a day is kept out of fits: P(normal) is 20 %. */
export const ALARM = -Math.log10(0.2);

const DRIFT_DAYS = 12;
const ALARM_DRIFT_DAYS = 40;
/** 1.7 √(1 / (2 · 12)). */
const DRIFT_ERROR = 0.35;
