/** When something was, as text or a number of a file says it. Without a zone, UTC is meant. */
export type TimeReader = (text: string) => number | undefined;

const ISO =
  /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:Z|UTC|([+-]\d{2}):?(\d{2}))?$/i;
const QUARTER = /^(\d{4})[-\s]?Q([1-4])$/i;
const WEEK = /^(\d{4})[-\s]?W(\d{1,2})$/i;
const COMPACT = /^(?:19|20)(\d{2})(\d{2})(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/;
const MONTH_NAME = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i;
const DAY_MS = 86_400_000;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * How to read a column of times: as plain numbers where all of it is numbers (counters, epochs), else as dates in milliseconds since
 * 1970. undefined when most of it is neither.
 */
export function timeReader(texts: readonly (string | null)[]): { read: TimeReader; dated: boolean } | undefined {
  const known = texts.filter((text) => text !== null && text.trim() !== "") as string[];
  if (known.length === 0) return undefined;
  if (known.every((text) => COMPACT.test(text.trim()))) return { read: compactDate, dated: true };
  if (known.every((text) => NUMBER.test(text.trim()))) return epochReader(known);
  const monthFirst = known.some((text) => Number(DAY_FIRST.exec(text.trim())?.[2]) > 12);
  const read = (text: string) => readDate(text.trim(), monthFirst);
  const readable = known.reduce((count, text) => count + (read(text) === undefined ? 0 : 1), 0);
  return readable > known.length / 2 ? { read, dated: true } : undefined;
}

/** Seconds or milliseconds since 1970 from their size (after 1990 in seconds); smaller numbers only count. */
function epochReader(known: readonly string[]): { read: TimeReader; dated: boolean } {
  const least = known.reduce((low, text) => Math.min(low, Number(text)), Number.POSITIVE_INFINITY);
  const scale = least > 6e11 ? 1 : least > 6e8 ? 1000 : 0;
  return { read: (text) => (NUMBER.test(text.trim()) ? Number(text) * (scale || 1) : undefined), dated: scale > 0 };
}

function compactDate(text: string): number | undefined {
  const t = text.trim();
  return dateOf(Number(t.slice(0, 4)), Number(t.slice(4, 6)), Number(t.slice(6, 8)));
}

function readDate(text: string, monthFirst: boolean): number | undefined {
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day = "1", hour = "0", minute = "0", second = "0", zone = "0", zoneMinutes = "0"] = iso;
    const date = dateOf(Number(year), Number(month), Number(day));
    if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
    const offset = Number(zone) * 60 + Math.sign(Number(zone) || 1) * Number(zoneMinutes);
    return date === undefined ? undefined : date + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000;
  }
  const quarter = QUARTER.exec(text);
  if (quarter) return dateOf(Number(quarter[1]), Number(quarter[2]) * 3 - 2, 1);
  const week = WEEK.exec(text);
  if (week) return mondayOf(Number(week[1]), Number(week[2]));
  const days = DAY_FIRST.exec(text);
  if (days) return dateOf(Number(days[3]), Number(days[monthFirst ? 1 : 2]), Number(days[monthFirst ? 2 : 1]));
  // "3 Mar 2026", "March 2026", "Mar 3, 2026 14:05": a month by its name and a year; other words with a number would be read as dates too.
  const words = MONTH_NAME.test(text) && /\b\d{4}\b/.test(text) ? Date.parse(`${text} UTC`) : Number.NaN;
  return Number.isFinite(words) ? words : undefined;
}

function dateOf(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  return new Date(at).getUTCMonth() === month - 1 ? at : undefined;
}

/** ISO 8601: week 1 holds 4 January. */
function mondayOf(year: number, week: number): number {
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + ((week - 1) * 7 - weekday) * DAY_MS;
}
