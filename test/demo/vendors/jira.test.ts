import { createAgileClient } from "jira.js/agile";
import { createCloudClient } from "jira.js/cloud";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Host, startHost } from "../../../src/demo/host.ts";
import { jira } from "../../../src/demo/vendors/jira.ts";
import { createWorld } from "../../../src/demo/world/index.ts";

/** The simulated Jira through jira.js with its own client and its own description of every answer: a mismatch throws. */
const NOW = new Date("2026-11-18T12:00:00Z");
const world = createWorld("2026-11-18", undefined, NOW);
let host: Host;
let address = "";

beforeAll(async () => {
  host = await startHost({ simulators: [jira], now: () => NOW });
  address = host.settings.JIRA_URL ?? "";
  world.issues();
}, 120_000);
afterAll(() => host?.close());

const auth = () => ({ type: "basic" as const, email: host.settings.JIRA_EMAIL ?? "", apiToken: host.settings.JIRA_TOKEN ?? "" });
const cloud = () => createCloudClient({ host: address, auth: auth(), onSchemaMismatch: "throw" });
const basic = () => `Basic ${Buffer.from(`${auth().email}:${auth().apiToken}`).toString("base64")}`;
const get = (path: string, authorization = basic()) => fetch(`${address}${path}`, { headers: { authorization } });

describe("the simulated Jira", () => {
  it("answers in the shapes that jira.js describes", async () => {
    const client = cloud();
    const fields = ["summary", "description", "status", "assignee", "parent", "created", "customfield_10020"];
    const found = await client.issueSearch.searchAndReconsileIssuesUsingJql({
      jql: 'project = GATE AND sprint = "GATE Sprint 183"',
      fields,
      maxResults: 5,
    });
    const key = String(found.issues?.[0]?.key);

    expect(found.issues?.length).toBe(5);
    expect(found.nextPageToken).toBeTypeOf("string");
    expect((await client.issueSearch.countIssues({ jql: "project = GATE" })).count).toBe(
      world.issues().filter((i) => i.project === "GATE").length,
    );
    const log = await client.issues.getChangeLogs({ issueIdOrKey: key });
    const bulk = await client.issues.getBulkChangelogs({ issueIdsOrKeys: [key] });
    expect(bulk.issueChangeLogs?.[0]?.changeHistories?.length).toBe(log.total);
    expect((await client.issueWorklogs.getIssueWorklog({ issueIdOrKey: key })).startAt).toBe(0);
    expect((await client.issues.getIssue({ issueIdOrKey: key })).key).toBe(key);
    expect((await client.projects.searchProjects({ maxResults: 3 })).values?.length).toBe(3);
    expect((await client.myself.getCurrentUser()).displayName).toBe("Firstmate");
  });

  it("has boards and sprints in the shapes that jira.js describes", async () => {
    const client = createAgileClient({ host: address, auth: auth(), onSchemaMismatch: "throw" });
    const boards = await client.board.getAllBoards({ type: "scrum" });
    const boardId = Number(boards.values?.[0]?.id);

    expect(boards.total).toBe(8);
    const answer = await get(`/rest/agile/1.0/board/${boardId}/sprint?state=active`);
    expect(await answer.json()).toMatchObject({
      isLast: true,
      values: [{ name: "GATE Sprint 183", state: "active", originBoardId: boardId }],
    });
  });

  it("refuses whoever has no token, as Jira does", async () => {
    for (const path of ["/rest/api/3/myself", "/rest/agile/1.0/board"]) {
      const answer = await get(path, "Basic b3RoZXI6b3RoZXI=");
      expect([answer.status, answer.headers.get("x-seraph-loginreason")]).toEqual([401, "AUTHENTICATED_FAILED"]);
    }
  });

  it("has removed the old search, gives ids alone without fields, and refuses what has no bounds", async () => {
    expect((await get("/rest/api/3/search?jql=project=GATE")).status).toBe(410);
    const bare = (await (await get(`/rest/api/3/search/jql?jql=${encodeURIComponent("project = GATE")}&maxResults=1`)).json()) as {
      issues: object[];
    };
    expect(Object.keys(bare.issues[0] ?? {})).toEqual(["id"]);
    for (const [jql, said] of [
      ["ORDER BY key", /Unbounded JQL/],
      ["project = NONE", /The value 'NONE' does not exist for the field 'project'/],
      ["owner = me", /Field 'owner' does not exist/],
      ["project = GATE AND", /Unexpected end/],
    ] as const) {
      const answer = await get(`/rest/api/3/search/jql?jql=${encodeURIComponent(jql)}`);
      expect([answer.status, (await answer.json()) as unknown]).toMatchObject([400, { errorMessages: [expect.stringMatching(said)] }]);
    }
  });

  it("reads days in the zone of the account, and gives all pages once", async () => {
    const ids = async (jql: string) => {
      const all: string[] = [];
      for (let token: string | undefined, more = true; more; ) {
        const query = new URLSearchParams({ jql, fields: "key,summary", maxResults: "40", ...(token ? { nextPageToken: token } : {}) });
        const page = (await (await get(`/rest/api/3/search/jql?${query}`)).json()) as { issues: { key: string }[]; nextPageToken?: string };
        all.push(...page.issues.map(({ key }) => key));
        token = page.nextPageToken;
        more = token !== undefined;
      }
      return all;
    };
    const found = await ids('created >= "2026-10-01" AND created < "2026-11-01" ORDER BY created ASC, key ASC');
    const expected = world.issues().filter(({ createdAt }) => createdAt >= "2026-09-30T16:00:00Z" && createdAt < "2026-10-31T16:00:00Z");

    expect(found.length).toBeGreaterThan(100);
    expect(found.toSorted()).toEqual(expected.map(({ key }) => key).toSorted());
  });
});
