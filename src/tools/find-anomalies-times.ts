import { isCivilDate } from "../core/civil-date.ts";

/**
 * A point in time as files write it, in milliseconds: "2014-04-01 00:05:00", ISO 8601 (UTC unless it says otherwise), a day, seconds or
 * milliseconds since 1970, or a plain count of days (0, 1, 2 …; which weekday they are is not known). NaN for anything else.
 */
export function timeOf(text: string): number {
  const trimmed = text.trim();
  if (/^-?\d+(?:\.\d+)?$/.test(trimmed)) return fromNumber(Number(trimmed));
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:\s?(Z|UTC|[+-]\d{2}:?\d{2}))?)?$/.exec(trimmed);
  if (!match) return Number.NaN;
  const [, day = "", clock = "00:00", zone = "Z"] = match;
  if (!isCivilDate(day)) return Number.NaN;
  const offset = zone === "UTC" ? "Z" : zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  return Date.parse(`${day}T${clock.padStart(clock.indexOf(":") === 1 ? clock.length + 1 : 0, "0")}${offset}`);
}

function fromNumber(value: number): number {
  if (Math.abs(value) >= 1e11) return value;
  return Math.abs(value) >= 1e7 ? value * 1000 : value * 86_400_000;
}
