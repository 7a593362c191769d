import { jsonOf, type SimulatedRequest, type SimulatedResponse } from "../../simulator.ts";
import type { Issue, World } from "../../world/index.ts";
import { bulkChangelogs, pageOfChangelog } from "./changelog.ts";
import { documentOf, fieldsJson, issueJson, statusJson, typeJson } from "./issue.ts";
import { compile, JqlError } from "./jql.ts";
import { ACCOUNT_ZONE, accountOf, EMAIL, lookupOf, SITE, STATUSES, stamped, TYPES, userOf } from "./names.ts";
import { numberIn, problem } from "./problem.ts";
import { addComment, createIssue, writtenIn } from "./written.ts";

const ROUTES: Readonly<Record<string, (request: SimulatedRequest, world: World) => SimulatedResponse>> = {
  "GET myself": () => ok(me()),
  "GET serverInfo": ({ now }) =>
    ok({
      baseUrl: SITE,
      version: "1001.0.0-SNAPSHOT",
      deploymentType: "Cloud",
      serverTime: stamped(now.toISOString()),
      serverTitle: "Jira",
    }),
  "GET field": () => ok(fieldsJson()),
  "GET status": () => ok(STATUSES.map(statusJson)),
  "GET issuetype": () => ok(TYPES.map(typeJson)),
  "GET project/search": listProjects,
  "GET user/search": findUsers,
  "GET search/jql": ({ query }, world) =>
    search(
      {
        ...Object.fromEntries(query),
        fields: query.getAll("fields").flatMap((f) => f.split(",")),
        maxResults: numberIn(query, "maxResults", 50, 5_000),
      },
      world,
    ),
  "POST search/jql": (request, world) => search(bodyOf(request), world),
  "POST search/approximate-count": (request, world) => count(bodyOf(request), world),
  "POST issue": createIssue,
  "POST changelog/bulkfetch": (request, world) => bulkChangelogs(bodyOf(request), world),
};

/** REST v3. */
export function answerPlatform(request: SimulatedRequest, world: World): SimulatedResponse {
  const path = decodeURIComponent(request.path.slice("/rest/api/3/".length));
  const known = ROUTES[`${request.method} ${path}`];
  if (known) return known(request, world);
  const [, key = "", tail] = /^issue\/([\w-]+)(?:\/(changelog|worklog))?$/.exec(path) ?? [];
  const [, commented] = /^issue\/([\w-]+)\/comment$/.exec(path) ?? [];
  if (commented && request.method === "POST") return addComment(issueOf(commented, world), request);
  const issue = key && request.method === "GET" ? issueOf(key, world) : undefined;
  if (!issue) return problem(404, key ? "Issue does not exist or you do not have permission to see it." : "null for uri");
  if (tail === "changelog") return pageOfChangelog(issue, request.query, world);
  if (tail === "worklog") return worklogs(issue, request.query, world);
  const fields = request.query.getAll("fields").flatMap((f) => f.split(","));
  return ok(issueJson(issue, fields.length > 0 ? fields : ["*all"], world));
}

function issueOf(key: string, world: World): Issue | undefined {
  return lookupOf(world).ids.get(key.toUpperCase()) ?? writtenIn(world).find((issue) => issue.key === key.toUpperCase());
}

function ok(body: object): SimulatedResponse {
  return { status: 200, body };
}

function bodyOf(request: SimulatedRequest): Record<string, unknown> {
  const body = jsonOf(request);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}

function me(): object {
  return {
    ...{ self: `${SITE}/rest/api/3/user?accountId=${accountOf("firstmate")}`, accountId: accountOf("firstmate"), accountType: "atlassian" },
    ...{ emailAddress: EMAIL, displayName: "Firstmate", active: true, timeZone: ACCOUNT_ZONE.name, locale: "en_GB" },
  };
}

function listProjects({ query }: SimulatedRequest, world: World): SimulatedResponse {
  const startAt = numberIn(query, "startAt", 0, 1e9);
  const maxResults = numberIn(query, "maxResults", 50, 100);
  const all = world.projects().map(({ key, name, number, kind }) => ({
    ...{ expand: "description,lead", self: `${SITE}/rest/api/3/project/${number}`, id: String(number), key, name },
    ...{ projectTypeKey: kind === "support" ? "service_desk" : "software", simplified: false, style: "classic", isPrivate: false },
  }));
  const isLast = startAt + maxResults >= all.length;
  return ok({
    self: `${SITE}/rest/api/3/project/search`,
    maxResults,
    startAt,
    total: all.length,
    isLast,
    values: all.slice(startAt, startAt + maxResults),
  });
}

function findUsers({ query }: SimulatedRequest, world: World): SimulatedResponse {
  const wanted = (query.get("query") ?? "").toLowerCase();
  if (wanted === "") return problem(400, "The query parameter is required.");
  const found = world
    .people()
    .filter(({ name, email }) => [...name.split(" "), name, email].some((text) => text.toLowerCase().startsWith(wanted)));
  return { status: 200, body: found.slice(0, numberIn(query, "maxResults", 50, 1_000)).map(userOf) };
}

/** Ids and keys come by the thousand, anything else by the hundred. */
function search({ jql, fields, maxResults = 50, nextPageToken }: Record<string, unknown>, world: World): SimulatedResponse {
  const names = Array.isArray(fields) && fields.length > 0 ? fields.map(String) : ["id"];
  const isShort = names.every((name) => name === "id" || name === "key");
  const size = Math.min(Number(maxResults) || 50, isShort ? 5_000 : 100);
  try {
    const all = compile(String(jql ?? ""), world)();
    const from = nextPageToken === undefined || nextPageToken === null ? 0 : offsetOf(String(nextPageToken), String(jql));
    if (from === undefined) return problem(400, "The provided nextPageToken is invalid or has expired.");
    const issues = all.slice(from, from + size).map((issue) => issueJson(issue, names, world));
    const isLast = from + size >= all.length;
    return ok({ issues, isLast, ...(isLast ? {} : { nextPageToken: tokenOf(from + size, String(jql)) }) });
  } catch (error) {
    if (error instanceof JqlError) return problem(400, error.message);
    throw error;
  }
}

function count({ jql }: Record<string, unknown>, world: World): SimulatedResponse {
  try {
    return ok({ count: compile(String(jql ?? ""), world)().length });
  } catch (error) {
    if (error instanceof JqlError) return problem(400, error.message);
    throw error;
  }
}

function tokenOf(offset: number, jql: string): string {
  return Buffer.from(JSON.stringify([offset, jql.length])).toString("base64url");
}

/** undefined for a token of another query. */
function offsetOf(token: string, jql: string): number | undefined {
  try {
    const [offset, length] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as [unknown, unknown];
    return typeof offset === "number" && length === jql.length ? offset : undefined;
  } catch {
    return undefined;
  }
}

function worklogs({ worklogs: logs }: Issue, query: URLSearchParams, world: World): SimulatedResponse {
  const { people } = lookupOf(world);
  const startAt = numberIn(query, "startAt", 0, 1e9);
  const maxResults = numberIn(query, "maxResults", 5_000, 5_000);
  const list = logs.slice(startAt, startAt + maxResults).map(({ id, author, startedAt, seconds, comment }) => {
    const person = people.get(author);
    return {
      ...{ id: id.replace(/\D/g, ""), author: person ? userOf(person) : undefined, comment: documentOf(comment) },
      ...{ started: stamped(startedAt), created: stamped(startedAt), updated: stamped(startedAt) },
      ...{ timeSpent: `${seconds / 3_600}h`, timeSpentSeconds: seconds },
    };
  });
  return ok({ startAt, maxResults, total: logs.length, worklogs: list });
}
