import { civilDate } from "../../../core/civil-date.ts";
import type { Period } from "../../../core/fact.ts";
import { clip, isPeriod, lastCompleteDays } from "../../../core/period.ts";
import { resolvePeriod } from "../../../core/period-phrases.ts";
import { closest, listWords, plainWords } from "../../../core/text.ts";
import type { ToolContext } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { UserError } from "../../../errors.ts";
import type { RepositoryNode } from "../schema.ts";

const RECENT_DAYS = 30;

/** The days asked for, up to today in the asker's zone; when none are named, the last thirty (or `recent`) with today. Throws UserError. */
export function daysOf(asked: Period | string | undefined, context: ToolContext, recent = RECENT_DAYS): Period {
  const today = civilDate(context.now, context.user.timeZone);
  if (asked === undefined) return { from: lastCompleteDays(recent - 1, today).from, to: today };
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

/**
 * The names somebody means by a word: "mara" for mara-lindqvist, "gate" for both gate-api and gate-web. All of them for no word.
 * Throws UserError with the near name, or what there is.
 */
export function namesMeant(field: string, spoken: string | undefined, names: readonly string[]): readonly string[] {
  if (spoken === undefined) return names;
  const found = matchValues(spoken, names);
  if (found.length > 0) return found;
  const near = closest(spoken, names);
  const what = near ? `Did you mean “${plainWords(near)}”?` : `There is ${listWords(names.map(plainWords)) || "none"}.`;
  throw new UserError(`There is no ${field} “${plainWords(spoken)}” here. ${what}`, { path: field, suggestions: near ? [near] : [] });
}

/** Repositories by "owner/name", by name, or by a part of it. Throws UserError like `namesMeant`. */
export function repositoriesMeant(spoken: string | undefined, all: readonly RepositoryNode[]): readonly RepositoryNode[] {
  if (spoken === undefined) return all;
  const exact = all.filter(({ name, nameWithOwner }) => [name, nameWithOwner].some((n) => n.toLowerCase() === spoken.trim().toLowerCase()));
  if (exact.length > 0) return exact;
  const names = new Set(
    namesMeant(
      "repository",
      spoken,
      all.map(({ name }) => name),
    ),
  );
  return all.filter(({ name }) => names.has(name));
}
