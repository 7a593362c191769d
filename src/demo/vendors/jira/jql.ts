import type { Issue, World } from "../../world/index.ts";
import { ACCOUNT_ZONE, accountOf, STATUSES, statusNamed, TYPES } from "./names.ts";
import { issuesIn } from "./written.ts";

/** A query Jira does not accept, in its words. */
export class JqlError extends Error {}

type Test = (issue: Issue) => boolean;

interface Token {
  text: string;
  isQuoted: boolean;
}

/** The part of JQL that tools use: AND, OR, NOT, parentheses, comparisons, IN, IS EMPTY, text search, ORDER BY. Throws JqlError. */
export function compile(jql: string, world: World): () => Issue[] {
  const tokens = tokensOf(jql);
  const order = tokens.findIndex((t, i) => isWord(t, "order") && isWord(tokens[i + 1], "by"));
  const where = order < 0 ? tokens : tokens.slice(0, order);
  if (where.length === 0) throw new JqlError("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
  const parser = { tokens: where, at: 0, world };
  const test = either(parser);
  if (parser.at < where.length) fail(`Expecting either 'OR' or 'AND' but got '${where[parser.at]?.text}'.`);
  const keys = order < 0 ? [] : orderOf(tokens.slice(order + 2));
  return () => sorted(issuesIn(world).filter(test), keys);
}

interface Parser {
  tokens: readonly Token[];
  at: number;
  world: World;
}

function tokensOf(jql: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(!=|!~|<=|>=|[=<>~(),])|([^\s"'=!<>~(),]+))/gy;
  while (pattern.lastIndex < jql.trimEnd().length) {
    const start = pattern.lastIndex;
    const found = pattern.exec(jql);
    if (!found) fail(`The character at position ${start + 1} is not allowed here.`);
    const [, double, single, sign, word] = found ?? [];
    const text = double ?? single;
    tokens.push(
      text === undefined ? { text: sign ?? word ?? "", isQuoted: false } : { text: text.replace(/\\(.)/g, "$1"), isQuoted: true },
    );
  }
  return tokens;
}

function either(parser: Parser): Test {
  const tests = [both(parser)];
  while (takeWord(parser, "or")) tests.push(both(parser));
  return (issue) => tests.some((test) => test(issue));
}

function both(parser: Parser): Test {
  const tests = [one(parser)];
  while (takeWord(parser, "and")) tests.push(one(parser));
  return (issue) => tests.every((test) => test(issue));
}

function one(parser: Parser): Test {
  if (takeWord(parser, "not")) {
    const test = one(parser);
    return (issue) => !test(issue);
  }
  if (takeWord(parser, "(")) {
    const test = either(parser);
    if (!takeWord(parser, ")")) fail("Expecting ')'.");
    return test;
  }
  const field = take(parser).text.toLowerCase();
  if (takeWord(parser, "is")) {
    const isNot = takeWord(parser, "not");
    if (!takeWord(parser, "empty") && !takeWord(parser, "null")) fail("Expecting 'EMPTY'.");
    return (issue) => (valuesOf(field, issue).length === 0) !== isNot;
  }
  const isNot = takeWord(parser, "not");
  if (takeWord(parser, "in")) {
    const wanted = listOf(parser).map((token) => knownValue(field, token.text, parser.world));
    return (issue) => valuesOf(field, issue).some((value) => wanted.includes(value)) !== isNot;
  }
  return compared(field, take(parser).text, take(parser), parser.world);
}

function listOf(parser: Parser): Token[] {
  if (!takeWord(parser, "(")) fail("Expecting '('.");
  const list = [take(parser)];
  while (takeWord(parser, ",")) list.push(take(parser));
  if (!takeWord(parser, ")")) fail("Expecting ')'.");
  return list;
}

const DATES: Readonly<Record<string, (issue: Issue) => string | null>> = {
  created: (i) => i.createdAt,
  updated: (i) => i.updatedAt,
  resolved: (i) => i.resolvedAt,
  resolutiondate: (i) => i.resolvedAt,
  duedate: (i) => (i.dueOn === null ? null : midnight(i.dueOn)),
};

function compared(field: string, sign: string, { text }: Token, world: World): Test {
  const dateOf = DATES[field];
  if (dateOf) {
    const limit = instantOf(text, field, world);
    const signs: Readonly<Record<string, (at: string) => boolean>> = {
      ">=": (at) => at >= limit,
      ">": (at) => at > limit,
      "<": (at) => at < limit,
      "<=": (at) => at <= limit,
    };
    const test = signs[sign] ?? fail(`The operator '${sign}' is not supported by the '${field}' field.`);
    return (issue) => {
      const at = dateOf(issue);
      return at !== null && test(at);
    };
  }
  if (sign === "~" && ["text", "summary", "description"].includes(field)) {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return ({ summary, description, comments }) => {
      const all = field === "summary" ? summary : [summary, description, ...comments.map((c) => c.body)].join(" ");
      const known = new Set((all.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem));
      return words.every((word) => known.has(stem(word)));
    };
  }
  if (sign !== "=" && sign !== "!=") fail(`The operator '${sign}' is not supported by the '${field}' field.`);
  const wanted = knownValue(field, text, world);
  return (issue) => valuesOf(field, issue).includes(wanted) === (sign === "=");
}

function stem(word: string): string {
  return word.replace(/(?:ings?|ed|es|s)$/, "");
}

/** The values an issue has in a field, in lower case, as queries name them. */
function valuesOf(field: string, issue: Issue): string[] {
  switch (field) {
    case "project":
      return [issue.project.toLowerCase()];
    case "key":
    case "issuekey":
      return [issue.key.toLowerCase()];
    case "status":
      return [issue.status.toLowerCase()];
    case "statuscategory":
      return [{ todo: "to do", doing: "in progress", done: "done" }[statusNamed(issue.status).category]];
    case "issuetype":
    case "type":
      return [issue.type.toLowerCase()];
    case "priority":
      return [issue.priority.toLowerCase()];
    case "assignee":
      return issue.assignee === null ? [] : [accountOf(issue.assignee)];
    case "component":
      return issue.component ? [issue.component.toLowerCase()] : [];
    case "resolution":
      return issue.resolution ? [issue.resolution.toLowerCase()] : [];
    case "sprint":
      return issue.sprints.map(String);
    default:
      return fail(`Field '${field}' does not exist or you do not have permission to view it.`);
  }
}

const VALUES: Readonly<Record<string, (world: World) => Iterable<string>>> = {
  project: (world) => world.projects().flatMap(({ key }) => key),
  status: () => STATUSES.map(({ name }) => name),
  statuscategory: () => ["To Do", "In Progress", "Done"],
  issuetype: () => TYPES.map(({ name }) => name),
  type: () => TYPES.map(({ name }) => name),
};

/** A value as `valuesOf` gives it. Jira refuses values it does not know. */
function knownValue(field: string, text: string, world: World): string {
  const lower = text.toLowerCase();
  if (field === "project") {
    const project = world.projects().find(({ key, name }) => [key.toLowerCase(), name.toLowerCase()].includes(lower));
    return project?.key.toLowerCase() ?? unknown(field, text);
  }
  if (field === "key" || field === "issuekey") {
    if (!issuesIn(world).some(({ key }) => key === text.toUpperCase())) fail(`An issue with key '${text}' does not exist for field 'key'.`);
    return lower;
  }
  if (field === "sprint") {
    const sprint = world.sprints().find(({ id, name }) => String(id) === text || name.toLowerCase() === lower);
    return sprint ? String(sprint.id) : unknown(field, text);
  }
  if (field === "assignee") return text;
  const known = VALUES[field]?.(world);
  return known && ![...known].some((name) => name.toLowerCase() === lower) ? unknown(field, text) : lower;
}

function unknown(field: string, text: string): never {
  return fail(`The value '${text}' does not exist for the field '${field}'.`);
}

/** "2026-11-01" and "2026-11-01 10:00" in the zone of the account; "-90m", "-3d", "-2w" from now. */
function instantOf(text: string, field: string, { now }: World): string {
  const [, amount, unit = "d"] = /^(-\d+)([mhdw])?$/.exec(text) ?? [];
  if (amount !== undefined)
    return instant(Date.parse(now) + Number(amount) * ({ m: 60, h: 3_600, d: 86_400, w: 604_800 }[unit] ?? 0) * 1_000);
  const [, day, time = "00:00"] = /^(\d{4}[-/]\d\d[-/]\d\d)(?: (\d\d:\d\d))?$/.exec(text) ?? [];
  if (day === undefined)
    fail(
      `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
    );
  return midnight(String(day).replaceAll("/", "-"), time);
}

/** A day's beginning, or a time of it, in the zone of the account. */
function midnight(day: string, time = "00:00"): string {
  return instant(Date.parse(`${day}T${time}:00Z`) - ACCOUNT_ZONE.offsetHours * 3_600_000);
}

/** As the world writes instants, so that they compare as text. */
function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

type Key = readonly [(issue: Issue) => string | number, 1 | -1];

const SORTS: Readonly<Record<string, (issue: Issue) => string | number>> = {
  created: (i) => i.createdAt,
  updated: (i) => i.updatedAt,
  resolved: (i) => i.resolvedAt ?? "",
  key: (i) => `${i.project} ${String(i.number).padStart(9, "0")}`,
  priority: (i) => ["Low", "Medium", "High", "Highest"].indexOf(i.priority),
};

function orderOf(tokens: readonly Token[]): Key[] {
  const text = tokens.map((t) => t.text).join(" ");
  return text.split(",").map((part) => {
    const [name = "", way = "asc"] = part.trim().toLowerCase().split(/\s+/);
    const of = SORTS[name] ?? fail(`Field '${name}' does not exist or cannot be sorted by.`);
    return [of, way === "desc" ? -1 : 1] as const;
  });
}

function sorted(issues: Issue[], keys: readonly Key[]): Issue[] {
  return issues.sort((a, b) => {
    for (const [of, way] of keys) {
      const [x, y] = [of(a), of(b)];
      if (x !== y) return x < y ? -way : way;
    }
    return 0;
  });
}

function take(parser: Parser): Token {
  const token = parser.tokens[parser.at];
  parser.at += 1;
  return token ?? fail("Unexpected end of the query.");
}

function takeWord(parser: Parser, word: string): boolean {
  if (!isWord(parser.tokens[parser.at], word)) return false;
  parser.at += 1;
  return true;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token !== undefined && !token.isQuoted && token.text.toLowerCase() === word;
}

function fail(message: string): never {
  throw new JqlError(message.startsWith("Unbounded") ? message : `Error in the JQL Query: ${message}`);
}
