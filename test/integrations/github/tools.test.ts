import { afterAll, describe, expect, it } from "vitest";
import { testTool } from "../../kit/tool-conformance.ts";
import { contextOf, openVendor, toolOf } from "../../kit/vendor-connection.ts";
import { graphql, OPEN, page, pull, repository, SCRIPT, type Script, search } from "./answers.ts";
import { connectGithub, startGithub } from "./world.ts";

const someone = (login: string) => ({ __typename: "User", login });
const other = { repository: { nameWithOwner: "acme/api" }, author: someone("bob"), url: "https://github.com/acme/api/pull/8" };
const OPEN_ONES = [
  pull(5, { ...OPEN, createdAt: "2026-11-01T09:00:00Z", title: "Mend the gate" }),
  pull(8, { ...OPEN, ...other, createdAt: "2026-11-20T09:00:00Z", reviewDecision: "APPROVED" }),
  pull(9, { ...OPEN, createdAt: "2026-11-21T08:50:00Z", isDraft: true }),
];
const release = (tagName: string, publishedAt: string, changes: object = {}) => ({
  ...{ id: tagName, tagName, name: `Web ${tagName}`, url: `https://github.com/acme/web/releases/tag/${tagName}`, author: { login: "ann" } },
  ...{ createdAt: publishedAt, publishedAt, isDraft: false, isPrerelease: false, ...changes },
});
const commit = (oid: string, committedDate: string, author: object | null) => ({ oid, committedDate, author, parents: { nodes: [] } });

const script: Script = {
  ...SCRIPT,
  "repositories(first: $first": () => ({
    repositoryOwner: { repositories: page([repository("web"), repository("api", { pushedAt: "2025-01-01T09:00:00Z" })]) },
  }),
  "search(": ({ text }) =>
    String(text).includes("is:open") ? search(OPEN_ONES) : search([pull(1), pull(2, { mergedAt: "2026-11-12T10:00:00Z" })]),
  "releases(": ({ ids, after }) => {
    const list = [
      release("v4", "2026-11-20T10:00:00Z", { isDraft: true, publishedAt: null }),
      release("v3", "2026-11-19T10:00:00Z", { isPrerelease: true }),
      release("v2", "2026-11-02T10:00:00Z"),
      release("v1", "2026-06-01T10:00:00Z"),
    ];
    return ids
      ? { nodes: (ids as string[]).map((id) => ({ id, nameWithOwner: "", page: page(id === "R_web" ? list : []) })) }
      : { node: after };
  },
  "history(": ({ ids }) => {
    const people = [
      { name: "Ann", user: { login: "ann" } },
      { name: "Bob", user: null },
    ];
    const nodes = ["2026-11-10", "2026-11-11", "2026-11-12"].map((day, i) => commit(`c${i}`, `${day}T10:00:00Z`, people[i] ?? null));
    const branch = { target: { __typename: "Commit", history: page(nodes) } };
    return {
      nodes: (ids as string[]).map((id) => ({ id, nameWithOwner: id === "R_web" ? "acme/web" : "acme/api", defaultBranchRef: branch })),
    };
  },
};

const vendor = await openVendor(connectGithub(), { "POST /graphql": graphql(script) });
const context = contextOf(vendor.connection);
afterAll(vendor.stop);
const tool = (name: string) => toolOf(vendor.connection, name);
const keep = async () => ({ context });

testTool(tool("find_pull_requests"), {
  start: keep,
  good: [
    { name: "the open ones", input: {} },
    { name: "those that wait for a review", input: { state: "waiting_for_review" } },
    { name: "approved ones", input: { state: "approved" } },
    { name: "drafts of a team", input: { state: "draft", team: "platform" } },
    { name: "merged ones of a period", input: { state: "merged", period: "last week" } },
    { name: "closed ones", input: { state: "closed", period: { from: "2026-11-01", to: "2026-11-20" } } },
    { name: "opened ones by an author", input: { author: "ann", period: "this month" } },
    { name: "old ones in a repository", input: { repository: "web", older_than_days: 7 } },
    { name: "none", input: { older_than_days: 400 } },
  ],
  bad: [
    { name: "a repository that is none", input: { repository: "webb" }, says: /Did you mean “web”/ },
    { name: "a team that is none", input: { team: "gate" }, says: /There is Platform/ },
    { name: "an author who has none", input: { author: "zoe" }, says: /ann and bob/ },
    { name: "a state that is none", input: { state: "stuck" }, says: /waiting_for_review/ },
    { name: "days in the wrong order", input: { state: "merged", period: { from: "2026-11-20", to: "2026-11-01" } }, says: /not a range/ },
  ],
  reads: false,
});

testTool(tool("list_releases"), {
  start: keep,
  good: [
    { name: "of the last ninety days", input: {} },
    { name: "of a repository and year", input: { repository: "web", period: "this year" } },
    { name: "none", input: { repository: "api" } },
  ],
  bad: [{ name: "a repository that is none", input: { repository: "webb" }, says: /Did you mean “web”/ }],
  reads: false,
});

testTool(tool("repository_activity"), {
  start: keep,
  good: [
    { name: "of all", input: {} },
    { name: "of one", input: { repository: "acme/web", period: "last week" } },
  ],
  bad: [{ name: "a repository that is none", input: { repository: "webb" }, says: /Did you mean “web”/ }],
  reads: false,
});

const run = async (name: string, input: Record<string, unknown>) => tool(name).run(tool(name).input.parse(input), context);

describe("what the tools say", () => {
  it("lists open pull requests, the oldest first, with review state and link", async () => {
    const { content, data, receipts } = await run("find_pull_requests", {});

    expect(content).toContain(
      "**3 open pull requests** of acme. By ann (2) and bob (1). Oldest: [web#5](https://github.com/acme/web/pull/5) “Mend the gate” by ann, 20 days old;",
    );
    expect(content).toContain("| [api#8](https://github.com/acme/api/pull/8) | OPS-8 Change the answer | bob | 25 h | approved |");
    expect(data).toMatchObject({
      n: 3,
      pull_requests: [{ id: "acme/web#5", team: "Platform", issue: "OPS-5", ageDays: 20 }, {}, { ageDays: 0 }],
    });
    expect(receipts).toMatchObject([{ query: "open pull requests of acme", status: "live" }]);
  });

  it("dates merged ones by their merge", async () => {
    const { content, receipts } = await run("find_pull_requests", { state: "merged", period: { from: "2026-11-12", to: "2026-11-12" } });

    expect(content).toMatch(/^\*\*1 pull request\*\* of acme was merged on 12 November 2026\./);
    expect(content).toContain("| 2026-11-12 10:00 | 2 days |");
    expect(receipts[0]).toMatchObject({ query: "pull requests merged 2026-11-12 to 2026-11-12" });
  });

  it("counts releases by their publication, without drafts", async () => {
    const { content, data } = await run("list_releases", {});

    expect(content).toMatch(/^\*\*2 releases\*\* of acme in 24 August – 21 November 2026\. Newest: \[web v3]/);
    expect(content).toContain("Web v3 (pre-release)");
    expect(data).toMatchObject({ n: 2, releases: [{ tag: "v3" }, { tag: "v2", published: "2026-11-02T10:00:00.000Z" }] });
  });

  it("counts people by log-in or name, and names what rests", async () => {
    const { content, data } = await run("repository_activity", { period: { from: "2026-11-10", to: "2026-11-12" } });

    expect(content).toContain("**3 commits** by 2 people in 2 repositories in 10–12 November 2026");
    expect(content).toContain("Without a commit: [api]");
    expect(data).toMatchObject({
      n: 2,
      repositories: [{ repository: "acme/web", commits: 3, contributors: 2, open: 2, merged: 2, lines: 30 }, { open: 1 }],
    });
  });

  it("stays short when there is much, and says what is not shown", async () => {
    const many = Array.from({ length: 50 }, (_, i) => pull(i + 1, { ...OPEN, title: "A long title ".repeat(30) }));
    const { connection } = await startGithub({ "POST /graphql": graphql({ ...SCRIPT, "search(": () => search(many) }) });
    const { content, blocks } = await toolOf(connection, "find_pull_requests").run({ top: 50 }, contextOf(connection));

    expect(content.length).toBeLessThanOrEqual(8_000);
    expect(content).toMatch(/… and \d+ more rows/);
    expect(blocks[1]).toMatchObject({ type: "table", rows: { length: 50 } });
    expect((await toolOf(connection, "find_pull_requests").run({}, contextOf(connection))).content).toContain("30 more are not shown");
  });
});
