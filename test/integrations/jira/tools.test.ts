import { afterAll, describe, expect, it } from "vitest";
import { testTool } from "../../kit/tool-conformance.ts";
import { contextOf, openVendor, toolOf } from "../../kit/vendor-connection.ts";
import type { RecordedRequest } from "../../kit/vendor-server.ts";
import { BOARDS, COUNT, change, connectJira, found, histories, issue, NAMES, SETUP, SPRINT, STATUSES, searching } from "./world.ts";

const done = { status: STATUSES[3], resolutiondate: "2026-11-18T10:00:00.000+0100", resolution: { name: "Done" } };
const ISSUES = [
  issue(1, { status: STATUSES[2], summary: "Slots by | the hour [now](https://evil.example)" }),
  issue(2, { ...done }),
  issue(3, { assignee: null, timespent: null, created: "2026-08-01T09:00:00.000+0200" }),
];
const HISTORY = histories({
  1: [
    change("2026-11-08T09:00:00.000+0100", SPRINT, "", "7"),
    change("2026-11-11T09:00:00.000+0100", "status", "1", "3"),
    change("2026-11-13T09:00:00.000+0100", "status", "3", "4"),
  ],
  2: [
    change(Date.parse("2026-11-12T09:00:00Z"), "status", "1", "3"),
    change("2026-11-18T10:00:00.000+0100", "status", "3", "5"),
    change("2026-11-12T09:00:00.000+0100", SPRINT, "6", "6, 7"),
  ],
  3: [change("2026-11-09T09:00:00.000+0100", SPRINT, "", "7")],
});
const sprint = { id: 7, name: "WEB Sprint 7", state: "active", goal: "Quiet gates", originBoardId: 1 };
const dates = { startDate: "2026-11-10T08:00:00.000Z", endDate: "2026-11-24T16:00:00.000Z" };

/** Answers by the query, as far as these questions need it. */
function answer({ body }: RecordedRequest) {
  const { jql } = body as { jql: string };
  if (jql.includes("key = "))
    return jql.includes("WEB-404") ? refusal("An issue with key 'WEB-404' does not exist.") : found([ISSUES[0] ?? {}]);
  if (jql.includes("resolved >=")) return found(ISSUES.slice(1, 2));
  if (jql.includes('statusCategory = "In Progress"') || jql.includes("status in")) return found(ISSUES.slice(0, 1));
  if (jql.includes("nowhere")) return found([]);
  return found(ISSUES);
}
const refusal = (message: string) => ({ status: 400, json: { errorMessages: [message], errors: {} } });

const vendor = await openVendor(connectJira, {
  ...SETUP,
  ...NAMES,
  ...BOARDS,
  ...COUNT,
  ...searching(answer, HISTORY),
  "GET /rest/api/3/user/search": ({ query }) => ({
    json: query.get("query")?.startsWith("A") ? [{ accountId: "a:1", displayName: "Ann Oak", active: true }] : [],
  }),
  "GET /rest/api/3/issue/:key/worklog": {
    json: {
      startAt: 0,
      maxResults: 100,
      total: 1,
      worklogs: [{ author: { displayName: "Ann Oak" }, timeSpentSeconds: 7_200, started: "2026-11-11T09:00:00.000+0100" }],
    },
  },
  "GET /rest/agile/1.0/board/1/sprint": ({ query }) => ({
    json: { startAt: 0, maxResults: 50, isLast: true, values: query.get("state") === "active" ? [{ ...sprint, ...dates }] : [] },
  }),
});
const context = contextOf(vendor.connection);
afterAll(vendor.stop);
const tool = (name: string) => toolOf(vendor.connection, name);
const keep = async () => ({ context });

testTool(tool("find_issues"), {
  start: keep,
  good: [
    { name: "the open ones", input: {} },
    { name: "by words", input: { query: "slots by the hour" } },
    { name: "by key", input: { key: "web-1" } },
    { name: "bugs of a project in a status", input: { project: "Web shop", type: "bugs", status: "review" } },
    { name: "of a person", input: { assignee: "Ann" } },
    { name: "of the asker", input: { assignee: "me", state: "open" } },
    { name: "of nobody, old", input: { assignee: "nobody", older_than_days: 60 } },
    { name: "resolved in a period", input: { state: "done", period: "this month" } },
    { name: "none", input: { query: "nowhere" } },
  ],
  bad: [
    { name: "a project that is none", input: { project: "WEP" }, says: /Did you mean “WEB”/ },
    { name: "a status that is none", input: { status: "Parked" }, says: /There is To Do, In Progress/ },
    { name: "a type that is none", input: { type: "stori" }, says: /Did you mean “Story”/ },
    { name: "a person nobody knows", input: { assignee: "Zoe" }, says: /nobody called “Zoe”/ },
    { name: "a key that is none", input: { key: "the first" }, says: /looks like GATE-412/ },
    { name: "a key Jira does not have", input: { key: "WEB-404" }, says: /no issue WEB-404/ },
    { name: "words without a word", input: { query: "?!" }, says: /no word to look for/ },
    { name: "days in the wrong order", input: { period: { from: "2026-11-20", to: "2026-11-01" } }, says: /not a range/ },
  ],
  reads: false,
});

testTool(tool("sprint_report"), {
  start: keep,
  good: [
    { name: "of all projects", input: {} },
    { name: "of one", input: { project: "web", which: "active" } },
    { name: "by name", input: { sprint: "sprint 7" } },
  ],
  bad: [
    { name: "a project without sprints", input: { project: "OPS" }, says: /No sprint has begun in OPS/ },
    { name: "a sprint that is none", input: { sprint: "Polar bears" }, says: /WEB Sprint 7/ },
  ],
  reads: false,
});

testTool(tool("time_in_status"), {
  start: keep,
  good: [
    { name: "of what was resolved", input: {} },
    { name: "of a project's bugs", input: { project: "WEB", type: "bug", period: "this month" } },
    { name: "what is in a status now", input: { status: "review" } },
    { name: "of one issue", input: { key: "WEB-1" } },
  ],
  bad: [
    { name: "a key Jira does not have", input: { key: "WEB-404" }, says: /no issue WEB-404/ },
    { name: "a status that is none", input: { status: "Parked" }, says: /There is To Do/ },
  ],
  reads: false,
});

const run = async (name: string, input: Record<string, unknown>) => tool(name).run(tool(name).input.parse(input), context);
const jqlOfLast = () => {
  const body: unknown = vendor.server.requests.findLast(({ path }) => path.endsWith("/search/jql"))?.body;
  return (body as { jql: string }).jql;
};

describe("what the tools say", () => {
  it("tells an issue with its status, time and link, and keeps its words harmless", async () => {
    const { content, data } = await run("find_issues", { query: "slots" });

    expect(content).toMatch(/^\*\*3 issues with “slots”\*\*\. Changed last: \[WEB-1]\(https:\/\/acme\.atlassian\.net\/browse\/WEB-1\)/);
    expect(content).toContain(
      "| [WEB-1](https://acme.atlassian.net/browse/WEB-1) | Slots by / the hour [now] (https∶//evil.example) | In Review | 8 days | Ann Oak | 11 days |",
    );
    expect(content).not.toContain("https://evil");
    expect(data).toMatchObject({
      n: 3,
      issues: [{ key: "WEB-1", daysInStatus: 8.1, points: 3 }, { resolved: "2026-11-18T09:00:00.000Z" }, { assignee: null }],
    });
  });

  it("opens one issue with what it says and the time logged", async () => {
    const { content } = await run("find_issues", { key: "WEB-1" });

    expect(content).toContain(
      "Bug in Web shop, In Review for 8 days, with Ann Oak, reported by Bo Elm, 11 days old, priority High, 3 points, WEB Sprint 7, epic WEB-9 A quiet shop. Logged: 2 h (Ann Oak 2 h).",
    );
    expect(content).toContain("It says: “It squeaks.”");
  });

  it("reports a sprint from the history of its issues", async () => {
    const { content, data } = await run("sprint_report", { project: "WEB" });

    expect(content).toContain("**WEB Sprint 7**, active, 2026-11-10 to 2026-11-24, 3 days left. Goal: “Quiet gates”");
    expect(data).toMatchObject({
      sprints: [
        { unit: "points", committed: 6, added: 3, completed: 3, carried: 6, issues: { committed: 2, added: 1, completed: 1, carried: 2 } },
      ],
    });
  });

  it("measures the time in each status to the minute", async () => {
    const { content, data } = await run("time_in_status", { key: "WEB-1" });

    expect(content).toContain("| In Progress | 2026-11-11 08:00 | 2 days |");
    expect(content).toContain("| In Review | 2026-11-13 08:00 | 8 days so far |");
    expect(data).toMatchObject({
      n: 1,
      statuses: [{ status: "In Review", medianDays: 8.1 }, { medianDays: 2 }, { status: "To Do", medianDays: 1 }],
    });
  });

  it("finds what is past its date among the open ones, and one priority by its name", async () => {
    const { content } = await run("find_issues", { due: "overdue", priority: "High" });

    expect(content).toContain("**3 open issues past their due date of priority High**");
    expect(jqlOfLast()).toBe('statusCategory != Done AND priority = "High" AND duedate < "2026-11-21" ORDER BY updated DESC');
  });

  it("lets no word of a person become a part of the query", async () => {
    await run("find_issues", { query: 'x" OR project = "OPS" ORDER BY key --', assignee: "nobody" });
    expect(jqlOfLast()).toBe('assignee IS EMPTY AND text ~ "x OR project OPS ORDER BY key" ORDER BY updated DESC');

    await run("find_issues", { key: "web-2" });
    expect(jqlOfLast()).toBe('key = "WEB-2" ORDER BY updated DESC');
  });
});
