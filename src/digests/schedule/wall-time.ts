/** Wall time and instants. A wall time is written "2026-11-20T09:00", without a zone. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks in `timeZone` show at the instant, as if it were UTC, in milliseconds. */
function shown(at: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? makeFormat(timeZone);
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = "numeric" as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  const format = new Intl.DateTimeFormat("en-US", { timeZone, ...fields, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" });
  formats.set(timeZone, format);
  return format;
}

/** Milliseconds that the zone is ahead of UTC at the instant. */
function offset(at: number, timeZone: string): number {
  const whole = Math.floor(at / 1000) * 1000;
  return shown(whole, timeZone) - whole;
}

/**
 * The instant at which the clocks of `timeZone` (IANA) show `wall`. A time that comes twice, when clocks are set back, is the first of the
 * two. One that never comes, when they are set forward, is later by the gap: 02:30 becomes 03:30.
 */
export function toInstant(wall: string, timeZone: string): Date {
  const asUtc = Date.parse(`${wall}Z`);
  const before = offset(asUtc - DAY_MS, timeZone);
  const after = offset(asUtc + DAY_MS, timeZone);
  const matches = [asUtc - before, asUtc - after].filter((at) => at + offset(at, timeZone) === asUtc);
  return new Date(matches.length > 0 ? Math.min(...matches) : asUtc - before);
}

/** What the clocks of `timeZone` show, to the minute. */
export function toWall(at: Date, timeZone: string): string {
  return new Date(shown(at.getTime(), timeZone)).toISOString().slice(0, 16);
}
