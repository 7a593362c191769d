import { addDays } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";

/** A value inside JQL: always quoted, so that it stays a value whatever it says. */
export function quoted(value: string | number): string {
  const text = String(value)
    .replace(/\p{C}+/gu, " ")
    .replace(/[\\"]/g, "\\$&");
  return `"${text}"`;
}

export function oneOf(field: string, values: readonly (string | number)[]): string {
  return `${field} in (${values.map(quoted).join(", ")})`;
}

/**
 * Issues with all of the words somewhere in their text; undefined when there are none. Only letters and digits go in: the rest
 * would be operators of the text search.
 */
export function textHolds(spoken: string): string | undefined {
  const found = spoken.match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? [];
  return found.length === 0 ? undefined : `text ~ ${quoted(found.join(" "))}`;
}

/**
 * Days of a date field, one day too many at either end: Jira reads days in the zone of the account. Whoever asks keeps those that
 * lie in the period in UTC.
 */
export function around(field: "created" | "resolved" | "updated", { from, to }: Period): string {
  return `${field} >= ${quoted(addDays(from, -1))} AND ${field} < ${quoted(addDays(to, 2))}`;
}

/** Relative, so that no zone can be mistaken. */
export function updatedWithin(ms: number): string {
  return `updated >= ${quoted(`-${Math.max(1, Math.ceil(ms / 60_000))}m`)}`;
}
