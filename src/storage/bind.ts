import { UserError } from "../errors.ts";

/**
 * What may be a parameter of a statement, the same for every database: text, finite numbers, null, booleans (as 0 and 1),
 * Dates (as ISO-8601 UTC text), bytes. Anything else throws TypeError: node:sqlite would take an object for named parameters
 * and store nothing, pg would write a Date in local time and an array as its own literal. NaN would become null.
 * Text with a NUL character throws UserError: PostgreSQL cannot hold it, and SQLite's functions stop at it.
 */
export function bind(value: unknown): string | number | bigint | null | Uint8Array {
  if (value === null || typeof value === "bigint" || value instanceof Uint8Array) return value;
  if (typeof value === "string") return withoutNul(value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  throw new TypeError(`A value of type ${typeof value === "number" ? String(value) : typeof value} cannot be stored`);
}

function withoutNul(text: string): string {
  if (text.includes("\0")) throw new UserError("The text holds a NUL character (U+0000), which cannot be stored. Please remove it.");
  return text;
}

/** For people's own words: better stored without an invisible character than refused. */
export function dropNul(text: string): string {
  return text.replaceAll("\0", "");
}
