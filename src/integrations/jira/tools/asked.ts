import { civilDate } from "../../../core/civil-date.ts";
import type { Period } from "../../../core/fact.ts";
import { clip, isPeriod, lastCompleteDays } from "../../../core/period.ts";
import { resolvePeriod } from "../../../core/period-phrases.ts";
import { closest, listWords, plainWords } from "../../../core/text.ts";
import type { ToolContext } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { UserError } from "../../../errors.ts";
import type { JiraClient } from "../client.ts";
import { oneOf } from "../jql.ts";
import { usersAnswer } from "../schema.ts";
import type { Names, Setup } from "../setup.ts";

const RECENT_DAYS = 30;

/** The days asked for, up to today in the asker's zone; the last thirty with today when none are named. Throws UserError. */
export function daysOf(asked: Period | string | undefined, { now, user }: ToolContext): Period {
  const today = civilDate(now, user.timeZone);
  if (asked === undefined) return { from: lastCompleteDays(RECENT_DAYS - 1, today).from, to: today };
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

/** The names somebody means by a word. Throws UserError with the near name, or what there is. */
export function namesMeant(field: string, spoken: string, names: readonly string[]): readonly string[] {
  const known = [...new Set(names)];
  const found = matchValues(spoken, known);
  if (found.length > 0) return found;
  const near = closest(spoken, known);
  const what = near ? `Did you mean “${plainWords(near)}”?` : `There is ${listWords(known.map(plainWords), 20) || "none"}.`;
  throw new UserError(`There is no ${field} “${plainWords(spoken)}” in Jira. ${what}`, { path: field, suggestions: near ? [near] : [] });
}

/** Keys of the projects meant, by key or name. Throws UserError like `namesMeant`. */
export function projectsMeant(spoken: string, { projects }: Names): readonly string[] {
  const exact = projects.find(({ key }) => key.toLowerCase() === spoken.trim().toLowerCase());
  if (exact) return [exact.key];
  const byName = new Set(matchValues(spoken, [...new Set(projects.map(({ name }) => name))]));
  const found = projects.filter(({ name }) => byName.has(name)).map(({ key }) => key);
  if (found.length > 0) return found;
  const known = projects.map(({ key, name }) => `${key} (${plainWords(name)})`);
  const near = closest(
    spoken,
    projects.flatMap(({ key, name }) => [key, name]),
  );
  const what = near ? `Did you mean “${plainWords(near)}”?` : `There is ${listWords(known, 20) || "none"}.`;
  throw new UserError(`There is no project “${plainWords(spoken)}” in Jira. ${what}`, { path: "project", suggestions: near ? [near] : [] });
}

export interface Narrowing {
  project?: string | undefined;
  status?: string | undefined;
  type?: string | undefined;
}

/** Clauses of JQL for what was asked; every value is one that Jira has. Throws UserError. */
export function clausesOf({ project, status, type }: Narrowing, setup: Setup, names: Names): string[] {
  const statuses = [...setup.statuses.values()].map(({ name }) => name);
  return [
    ...(project === undefined ? [] : [oneOf("project", projectsMeant(project, names))]),
    ...(status === undefined ? [] : [oneOf("status", namesMeant("status", status, statuses))]),
    ...(type === undefined ? [] : [oneOf("issuetype", namesMeant("type", singular(type, names.types), names.types))]),
  ];
}

/** People say "bugs" and "stories". */
function singular(spoken: string, types: readonly string[]): string {
  if (matchValues(spoken, types).length > 0) return spoken;
  return spoken.replace(/ies$/i, "y").replace(/s$/i, "");
}

/** The clause for a person's name, "me" or "nobody". Throws UserError when Jira knows no such person. */
export async function assigneeClause(client: JiraClient, spoken: string, { user, signal }: ToolContext): Promise<string> {
  if (/^(nobody|no one|none|unassigned)$/i.test(spoken.trim())) return "assignee IS EMPTY";
  const isMe = /^(me|myself|mine|my|i)$/i.test(spoken.trim());
  const query = isMe ? (user.email ?? user.name) : spoken;
  const { value } = await client.http.cached(
    `people ${query.toLowerCase()}`,
    async (during) => {
      const { findUsers } = await client.cloud();
      return client.http.parse(await findUsers(client.sdk(during), { query, maxResults: 20 }), usersAnswer);
    },
    signal,
    { operation: "find people" },
  );
  const found = value.filter(({ displayName }) =>
    isMe ? user.email !== undefined || displayName === user.name : matchValues(spoken, [displayName]).length > 0,
  );
  const people = found.length > 0 || isMe ? found : value;
  if (people.length === 0)
    throw new UserError(`Jira knows nobody called “${plainWords(query)}”, or the account may not look for people.`, { path: "assignee" });
  return oneOf(
    "assignee",
    people.map(({ accountId }) => accountId),
  );
}
