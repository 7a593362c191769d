import type { FeedDescription } from "../core/feed.ts";
import { listWords, nearest } from "../core/text.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { sameName } from "./same-name.ts";

/**
 * Turns the values people and models write ("ec2", "production") into those the source has.
 * Throws UserError with the near ones when a dimension's values are all known and none fits.
 */
export function resolveFilter(
  filter: Readonly<Record<string, string | readonly string[]>>,
  sources: readonly FeedDescription[],
  names: readonly string[],
): Record<string, string[]> {
  const resolved: Record<string, string[]> = {};
  for (const [key, given] of Object.entries(filter)) {
    const dimension = names.find((n) => sameName(n, key));
    if (!dimension) {
      const near = nearest(key, names)[0];
      throw new UserError(
        `There is no dimension “${key}” to filter by.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(names, 15) || "none"}.`,
        { path: "filter" },
      );
    }
    const described = sources.flatMap((s) => s.dimensions.filter((d) => d.name === dimension));
    const known = [...new Set(described.flatMap((d) => d.values))];
    const complete = described.every((d) => !d.more);
    resolved[dimension] = (typeof given === "string" ? [given] : given).flatMap((value) => resolveValue(dimension, value, known, complete));
  }
  return resolved;
}

function resolveValue(dimension: string, value: string, known: readonly string[], complete: boolean): string[] {
  const found = matchValues(value, known);
  if (found.length > 0) return found;
  if (!complete || value === "(not set)") return [value];
  const near = nearest(value, known);
  const hint = near.length
    ? `Did you mean ${listWords(near.slice(0, 3).map((n) => `“${n}”`))}?`
    : `The largest are ${listWords(known.slice(0, 6))}.`;
  throw new UserError(`No ${dimension} is called “${value.slice(0, 80)}”. ${hint}`, { path: "filter", suggestions: near.slice(0, 3) });
}
