import { addDays, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";

/** A text of somebody's as an NRQL string: it stays a string whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** WHERE for one of several values; nothing for none. */
export function whereIn(attribute: string, values: readonly string[] | undefined): string {
  return values === undefined || values.length === 0 ? "" : ` WHERE ${attribute} IN (${values.map(quoted).join(", ")})`;
}

/** Whole days in UTC, the last one included; UNTIL is the first moment that no longer counts. */
export function during({ from, to }: Period): string {
  return ` SINCE ${toInstant(from).getTime()} UNTIL ${toInstant(addDays(to, 1)).getTime()}`;
}
