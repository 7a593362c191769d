import type { SimulatedResponse } from "../../simulator.ts";
import type { Issue, World } from "../../world/index.ts";
import { accountOf, idOf, lookupOf, SITE, SPRINT, stamped, statusNamed, userOf } from "./names.ts";
import { numberIn, problem } from "./problem.ts";

interface History {
  at: string;
  fieldId: string;
  json: Record<string, unknown>;
}

const FIELD_IDS: Readonly<Record<string, string>> = { status: "status", assignee: "assignee", priority: "priority", Sprint: SPRINT };

/** The changes of an issue, oldest first. A sprint comes on top of those the issue was in, as Jira keeps them. */
function historiesOf(issue: Issue, world: World): History[] {
  const { people, projects, sprints } = lookupOf(world);
  let entered = 0;
  return issue.changes.map(({ at, author, field, from, to }, i) => {
    const person = people.get(author);
    if (field === "Sprint") entered += 1;
    const ids = (n: number) => issue.sprints.slice(0, n);
    const names = (n: number) => ids(n).map((id) => sprints.get(id)?.name ?? `Sprint ${id}`);
    const values =
      field === "status"
        ? { from: statusNamed(from).id, fromString: statusNamed(from).name, to: statusNamed(to).id, toString: statusNamed(to).name }
        : field === "assignee"
          ? {
              from: from && accountOf(from),
              fromString: from && (people.get(from)?.name ?? from),
              to: to && accountOf(to),
              toString: to && (people.get(to)?.name ?? to),
            }
          : field === "Sprint"
            ? {
                from: ids(entered - 1).join(", "),
                fromString: names(entered - 1).join(", "),
                to: ids(entered).join(", "),
                toString: names(entered).join(", "),
              }
            : { from, fromString: from, to, toString: to };
    const fieldId = FIELD_IDS[field] ?? field;
    return {
      at,
      fieldId,
      json: {
        id: `${idOf(issue, projects)}${String(i).padStart(3, "0")}`,
        ...(person ? { author: userOf(person) } : {}),
        items: [{ field, fieldtype: field === "Sprint" ? "custom" : "jira", fieldId, ...values }],
      },
    };
  });
}

export function pageOfChangelog(issue: Issue, query: URLSearchParams, world: World): SimulatedResponse {
  const all = historiesOf(issue, world);
  const startAt = numberIn(query, "startAt", 0, 1e9);
  const maxResults = numberIn(query, "maxResults", 100, 100);
  const values = all.slice(startAt, startAt + maxResults).map(({ at, json }) => ({ ...json, created: stamped(at) }));
  const isLast = startAt + maxResults >= all.length;
  return {
    status: 200,
    body: { self: `${SITE}/rest/api/3/issue/${issue.key}/changelog`, maxResults, startAt, total: all.length, isLast, values },
  };
}

/** Of a thousand issues at most, filtered by field; pages are counted in changes, and an issue may lie on several. */
export function bulkChangelogs(body: Record<string, unknown>, world: World): SimulatedResponse {
  const { issueIdsOrKeys, fieldIds, maxResults = 1_000, nextPageToken } = body;
  const asked = Array.isArray(issueIdsOrKeys) ? issueIdsOrKeys.map(String) : [];
  if (asked.length === 0 || asked.length > 1_000) return problem(400, "issueIdsOrKeys must hold between 1 and 1000 issues.");
  if (Array.isArray(fieldIds) && fieldIds.length > 10) return problem(400, "At most 10 field ids are allowed.");
  const size = Math.min(Math.max(1, Number(maxResults) || 1_000), 10_000);
  const from = Number(nextPageToken ?? 0);
  if (!Number.isInteger(from)) return problem(400, "The nextPageToken is invalid.");
  const { ids, projects } = lookupOf(world);
  const all = [...new Set(asked)]
    .flatMap((name) => ids.get(name) ?? [])
    .flatMap((issue) => historiesOf(issue, world).map((history) => ({ ...history, issueId: idOf(issue, projects) })))
    .filter(({ fieldId }) => !Array.isArray(fieldIds) || fieldIds.length === 0 || fieldIds.includes(fieldId))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : Number(a.issueId) - Number(b.issueId)));
  const groups = Map.groupBy(all.slice(from, from + size), ({ issueId }) => issueId);
  const issueChangeLogs = [...groups].map(([issueId, list]) => ({
    issueId,
    changeHistories: list.map(({ at, json }) => ({ ...json, created: Date.parse(at) })),
  }));
  return { status: 200, body: { issueChangeLogs, ...(from + size < all.length ? { nextPageToken: String(from + size) } : {}) } };
}
