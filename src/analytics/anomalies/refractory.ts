/**
 * One event, one alarm. A severity counts if it is the greatest of the last `rows` rows; and once one has reached the alarm level, a
 * later one within `rows` rows counts only if it is `GROWTH` times as great. What does not count is kept below the alarm: at most half of it.
 */
export class Refractory {
  readonly #rows: number;
  readonly #alarm: number;
  /** Rows and severities that may still be the greatest, falling. */
  #rivals: { row: number; severity: number }[] = [];
  #lastAlarm = Number.NEGATIVE_INFINITY;
  #lastSeverity = 0;
  #row = 0;

  constructor(rows: number, alarm: number) {
    this.#rows = rows;
    this.#alarm = alarm;
  }

  next(severity: number): number {
    const row = this.#row++;
    const rivals = this.#rivals;
    while (rivals[0] !== undefined && rivals[0].row < row - this.#rows) rivals.shift();
    const greatest = severity > (rivals[0]?.severity ?? Number.NEGATIVE_INFINITY);
    while ((rivals.at(-1)?.severity ?? Number.POSITIVE_INFINITY) <= severity) rivals.pop();
    rivals.push({ row, severity });
    const held = Math.min(severity, this.#alarm) / 2;
    if (!greatest) return held;
    if (severity < this.#alarm) return severity;
    if (row - this.#lastAlarm <= this.#rows && severity <= GROWTH * this.#lastSeverity) return held;
    this.#lastAlarm = row;
    this.#lastSeverity = severity;
    return severity;
  }
}

const GROWTH = 1.6;
