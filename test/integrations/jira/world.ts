import { jira } from "../../../src/integrations/jira/index.ts";
import type { Connect } from "../../kit/vendor-connection.ts";
import type { Handler, Routes } from "../../kit/vendor-server.ts";

export const connectJira: Connect = (baseUrl, context) =>
  jira.connect({ JIRA_URL: baseUrl, JIRA_EMAIL: "bot@acme.example", JIRA_TOKEN: "token-for-a-test" }, context);

const category = { todo: { key: "new" }, doing: { key: "indeterminate" }, done: { key: "done" } };
export const STATUSES = [
  { id: "1", name: "To Do", statusCategory: category.todo },
  { id: "3", name: "In Progress", statusCategory: category.doing },
  { id: "4", name: "In Review", statusCategory: category.doing },
  { id: "5", name: "Done", statusCategory: category.done },
];
export const SPRINT = "customfield_10020";
const POINTS = "customfield_10016";

/** An issue as the search shows it. */
export function issue(n: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: String(10_000 + n),
    key: `WEB-${n}`,
    self: `https://acme.atlassian.net/rest/api/3/issue/${10_000 + n}`,
    fields: {
      summary: `Mend the gate ${n}`,
      description: { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: "It squeaks." }] }] },
      project: { id: "1", key: "WEB", name: "Web shop" },
      issuetype: { name: "Bug", subtask: false, hierarchyLevel: 0 },
      status: STATUSES[0],
      priority: { name: "High" },
      assignee: { accountId: "a:1", displayName: "Ann Oak" },
      reporter: { accountId: "a:2", displayName: "Bo Elm" },
      components: [{ name: "checkout" }],
      resolution: null,
      created: "2026-11-10T09:00:00.000+0100",
      updated: "2026-11-19T09:00:00.000+0100",
      resolutiondate: null,
      duedate: null,
      timespent: 7_200,
      timeoriginalestimate: null,
      parent: { id: "9", key: "WEB-9", fields: { summary: "A quiet shop", issuetype: { name: "Epic", hierarchyLevel: 1 } } },
      [POINTS]: 3,
      [SPRINT]: [{ id: 7, name: "WEB Sprint 7", state: "active", startDate: "2026-11-09T08:00:00.000Z" }],
      ...changes,
    },
  };
}

/** A change of status or sprint. */
export function change(created: string | number, field: "status" | typeof SPRINT, from: string | null, to: string | null): object {
  const nameOf = (id: string | null) => STATUSES.find((status) => status.id === id)?.name ?? id;
  const item = { field, fieldId: field, fieldtype: "jira", from, fromString: nameOf(from), to, toString: nameOf(to) };
  return { id: "1", created, author: { accountId: "a:1", displayName: "Ann Oak" }, items: [item] };
}

export function histories(of: Readonly<Record<number, readonly object[]>>): object {
  return { issueChangeLogs: Object.entries(of).map(([n, changeHistories]) => ({ issueId: String(10_000 + Number(n)), changeHistories })) };
}

const FIELDS = [
  { id: "summary", name: "Summary", schema: { type: "string" } },
  { id: POINTS, name: "Story point estimate", schema: { type: "number", custom: "com.pyxis.greenhopper.jira:jsw-story-points" } },
  { id: SPRINT, name: "Sprint", schema: { type: "array", custom: "com.pyxis.greenhopper.jira:gh-sprint" } },
];

export const SETUP: Routes = {
  "GET /rest/api/3/myself": { json: { accountId: "a:0", displayName: "Firstmate", timeZone: "Europe/Oslo", active: true } },
  "GET /rest/api/3/serverInfo": { json: { baseUrl: "https://acme.atlassian.net", deploymentType: "Cloud" } },
  "GET /rest/api/3/field": { json: FIELDS },
  "GET /rest/api/3/status": { json: STATUSES },
};
export const NAMES: Routes = {
  "GET /rest/api/3/issuetype": { json: [{ name: "Bug" }, { name: "Story" }, { name: "Epic" }] },
  "GET /rest/api/3/project/search": {
    json: {
      startAt: 0,
      maxResults: 50,
      total: 2,
      isLast: true,
      values: [project("1", "WEB", "Web shop"), project("2", "OPS", "Operations")],
    },
  },
};
export const BOARDS: Routes = {
  "GET /rest/agile/1.0/board": {
    json: {
      startAt: 0,
      maxResults: 50,
      total: 1,
      isLast: true,
      values: [{ id: 1, name: "WEB board", type: "scrum", location: { projectKey: "WEB" } }],
    },
  },
};
export const COUNT: Routes = { "POST /rest/api/3/search/approximate-count": { json: { count: 2 } } };

export function found(issues: readonly object[], nextPageToken?: string): { json: object } {
  return { json: { issues, isLast: nextPageToken === undefined, ...(nextPageToken === undefined ? {} : { nextPageToken }) } };
}

export function searching(search: Handler, history: object = histories({})): Routes {
  return { "POST /rest/api/3/search/jql": search, "POST /rest/api/3/changelog/bulkfetch": { json: history } };
}

function project(id: string, key: string, name: string): object {
  return { id, key, name };
}
