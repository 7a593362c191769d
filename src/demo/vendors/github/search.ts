import type { Pull, World } from "../../world/index.ts";
import { loginOf, ORG } from "./names.ts";

type Test = (pull: Pull) => boolean;

/** GitHub's search gives no more of what it finds. */
export const MOST_FOUND = 1_000;

/**
 * Pull requests that a search text finds, in its order. Knows the qualifiers for states, dates, authors and repositories; other words
 * must stand in the title. The company keeps its issues elsewhere, so `is:issue` finds none.
 */
export function searchPulls(query: string, world: World): Pull[] {
  const words = query.match(/(?:[\w-]+:)?"[^"]*"|\S+/g) ?? [];
  const order = words.find((word) => word.startsWith("sort:"))?.slice("sort:".length) ?? "created-desc";
  const tests = words.filter((word) => !word.startsWith("sort:")).map(testOf);
  const found = world.pulls().filter((pull) => tests.every((test) => test(pull)));
  const date: (pull: Pull) => string = order.startsWith("updated") ? updatedAt : (pull) => pull.createdAt;
  const sign = order.endsWith("-asc") ? 1 : -1;
  return found.sort((a, b) => (date(a) < date(b) ? -sign : date(a) > date(b) ? sign : a.id < b.id ? -1 : 1));
}

/** The last thing that happened to it. */
export function updatedAt(pull: Pull): string {
  const events = [
    pull.closedAt,
    ...pull.reviews.map((r) => r.at),
    ...pull.comments.map((c) => c.at),
    ...pull.commits.map((c) => c.committedAt),
  ];
  return events.reduce<string>((latest, at) => (at !== null && at > latest ? at : latest), pull.createdAt);
}

function testOf(word: string): Test {
  const colon = word.indexOf(":");
  const [name, value] = colon < 0 ? ["", word] : [word.slice(0, colon).toLowerCase(), word.slice(colon + 1).replaceAll('"', "")];
  switch (name) {
    case "org":
    case "user":
      return () => value.toLowerCase() === ORG;
    case "repo":
      return ({ repository }) => `${ORG}/${repository}` === value.toLowerCase();
    case "author":
      return ({ author }) => loginOf(author) === value.toLowerCase();
    case "is":
    case "type":
    case "state":
      return stateTest(value.toLowerCase());
    case "draft":
      return ({ draft }) => String(draft) === value;
    case "archived":
      return () => value === "false";
    case "created":
      return dateTest(value, ({ createdAt }) => createdAt);
    case "merged":
      return dateTest(value, ({ mergedAt }) => mergedAt);
    case "closed":
      return dateTest(value, ({ closedAt }) => closedAt);
    case "updated":
      return dateTest(value, updatedAt);
    default:
      return ({ title }) => title.toLowerCase().includes(word.toLowerCase());
  }
}

function stateTest(value: string): Test {
  if (value === "pr") return () => true;
  if (value === "issue") return () => false;
  if (value === "open") return ({ state }) => state === "open";
  if (value === "merged") return ({ state }) => state === "merged";
  if (value === "unmerged") return ({ state }) => state !== "merged";
  return value === "closed" ? ({ state }) => state !== "open" : () => false;
}

/** "2026-11-01..2026-11-30", ">=2026-11-20T08:00:00Z", "<2026-11-01", "2026-11-20": days are whole, in UTC, ends are included. */
export function dateTest<T>(value: string, dateOf: (item: T) => string | null): (item: T) => boolean {
  const begin = (text: string) => (text.length === 10 ? `${text}T00:00:00Z` : text);
  const end = (text: string) => (text.length === 10 ? `${text}T23:59:59Z` : text);
  const [, sign = "", at = ""] = /^(>=|<=|>|<)(.+)$/.exec(value) ?? [];
  const [from = "", to = from] = sign ? [] : value.split("..");
  const isIn = (date: string): boolean => {
    if (sign === ">=") return date >= begin(at);
    if (sign === ">") return date > end(at);
    if (sign === "<=") return date <= end(at);
    if (sign === "<") return date < begin(at);
    return (from === "*" || date >= begin(from)) && (to === "*" || date <= end(to));
  };
  return (item) => {
    const date = dateOf(item);
    return date !== null && isIn(date);
  };
}
