import { describe, expect, it } from "vitest";
import type { SimulatedResponse } from "../../../src/demo/simulator.ts";
import { github } from "../../../src/demo/vendors/github.ts";
import { createWorld } from "../../../src/demo/world/index.ts";

const world = createWorld("2026-11-21");
const now = new Date("2026-11-21T09:30:00Z");
const baseUrl = "http://127.0.0.1:4010/github";
const settings = github.settings(baseUrl);
const authorization = `Bearer ${settings.GITHUB_TOKEN}`;

async function ask(method: string, address: string, body: object | undefined = undefined, headers: object = { authorization }, at = now) {
  const url = new URL(`${baseUrl}${address}`);
  return github.handle(
    {
      ...{ method, path: url.pathname.slice("/github".length), query: url.searchParams, headers: headers as Record<string, string> },
      ...{ body: Buffer.from(body ? JSON.stringify(body) : ""), baseUrl, now: at },
    },
    world,
  );
}

async function query(
  text: string,
  variables: object = {},
): Promise<{ data?: Record<string, unknown>; errors?: Record<string, unknown>[] }> {
  const { status, body } = await ask("POST", "/graphql", { query: text, variables });
  expect(status).toBe(200);
  return body as { data?: Record<string, unknown>; errors?: Record<string, unknown>[] };
}

interface Page {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

describe("the simulated GitHub", () => {
  it("refuses whoever has no token, as GitHub does", async () => {
    for (const headers of [{}, { authorization: "Bearer other" }, { authorization: settings.GITHUB_TOKEN }])
      for (const [method, path] of [
        ["POST", "/graphql"],
        ["GET", "/rate_limit"],
        ["GET", "/repos/harbourline/gate-api/actions/runs"],
      ] as const) {
        const answer = await ask(method, path, {}, headers);
        expect(answer).toMatchObject({ status: 401, body: { message: "Bad credentials", status: "401" } });
      }
  });

  it("tells the limits and the scopes with every answer", async () => {
    expect((await ask("GET", "/rate_limit")).headers).toMatchObject({
      ...{ "x-ratelimit-limit": "5000", "x-ratelimit-reset": String(Date.parse("2026-11-21T10:00:00Z") / 1_000) },
      "x-oauth-scopes": "read:org, repo",
    });
  });

  it("has nothing else", async () => {
    for (const path of [
      "/user",
      "/repos/harbourline/none/actions/runs",
      "/repos/others/gate-api/actions/runs",
      "/orgs/harbourline/copilot/metrics",
    ])
      expect((await ask("GET", path)).status).toBe(404);
    expect((await ask("DELETE", "/repos/harbourline/gate-api/actions/runs")).status).toBe(404);
  });

  it("says what is wrong with a query in its errors, with status 200", async () => {
    expect((await query("{ viewer { login nothing } }")).errors?.[0]?.message).toContain("nothing");
    expect((await query("{ viewer {")).errors).toHaveLength(1);
    expect((await query("mutation { nothing }")).errors).toHaveLength(1);
    expect((await query('{ organization(login: "others") { login } }')).errors?.[0]).toMatchObject({
      type: "NOT_FOUND",
      path: ["organization"],
    });
    expect(await query('{ repositoryOwner(login: "others") { login } }')).toEqual({ data: { repositoryOwner: null } });
    expect((await ask("POST", "/graphql", { nothing: 1 })).status).toBe(400);
  });

  it("wants a size for every page, of a hundred at most, and half a million nodes in all", async () => {
    const repositories = (first: string) => query(`{ organization(login: "harbourline") { repositories${first} { totalCount } } }`);

    expect((await repositories("")).errors?.[0]?.type).toBe("MISSING_PAGINATION_BOUNDARIES");
    expect((await repositories("(first: 101)")).errors?.[0]?.type).toBe("EXCESSIVE_PAGINATION");
    const deep = `query($n: Int!) { search(type: ISSUE, query: "is:pr", first: $n) { nodes { ... on PullRequest { commits(first: $n) { nodes { commit { parents(first: $n) { totalCount } } } } } } } }`;
    expect((await query(deep, { n: 100 })).errors?.[0]?.type).toBe("MAX_NODE_LIMIT_EXCEEDED");
    expect((await query(deep, { n: 2 })).errors).toBeUndefined();
  });

  it("gives each thing once over all pages", async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await query(
        `query($after: String) { organization(login: "harbourline") { repositories(first: 4, after: $after) { pageInfo { hasNextPage endCursor } nodes { id } } } }`,
        { after },
      );
      const { repositories } = (data as { organization: { repositories: Page } }).organization;
      ids.push(...repositories.nodes.map(({ id }) => id));
      after = repositories.pageInfo.hasNextPage ? repositories.pageInfo.endCursor : null;
    } while (after);

    expect(new Set(ids).size).toBe(world.repositories().length);
    expect(
      (await query(`{ organization(login: "harbourline") { repositories(first: 1, after: "x") { totalCount } } }`)).errors,
    ).toHaveLength(1);
  });

  it("finds by GitHub's qualifiers, and no more than a thousand", async () => {
    const count = async (text: string) => {
      const { data } = await query("query($text: String!) { search(type: ISSUE, query: $text, first: 1) { issueCount } }", { text });
      return (data?.search as { issueCount: number } | undefined)?.issueCount;
    };
    const pulls = world.pulls();
    const some = pulls.find(({ state }) => state === "merged");

    expect(await count("org:harbourline is:pr")).toBe(pulls.length);
    expect(await count("org:others is:pr")).toBe(0);
    expect(await count("org:harbourline is:issue")).toBe(0);
    expect(await count("is:pr is:open archived:false")).toBe(pulls.filter(({ state }) => state === "open").length);
    expect(await count("is:pr is:unmerged is:closed")).toBe(pulls.filter(({ state }) => state === "closed").length);
    expect(await count("is:pr created:2026-10-05")).toBe(pulls.filter(({ createdAt }) => createdAt.startsWith("2026-10-05")).length);
    expect(await count("is:pr created:<2026-10-05")).toBe(pulls.filter(({ createdAt }) => createdAt < "2026-10-05").length);
    expect(await count(`is:pr author:${some?.author.replaceAll(".", "-")} repo:harbourline/${some?.repository}`)).toBe(
      pulls.filter(({ author, repository }) => author === some?.author && repository === some?.repository).length,
    );
    expect(await count("is:pr no-such-words-in-a-title")).toBe(0);
    const deep = Buffer.from("cursor:v2:999").toString("base64");
    const { data } = await query(
      `{ search(type: ISSUE, query: "is:pr", first: 10, after: "${deep}") { pageInfo { hasNextPage } nodes { __typename } } }`,
    );
    expect(data?.search).toEqual({ pageInfo: { hasNextPage: false }, nodes: [{ __typename: "PullRequest" }] });
  });

  it("pages runs, newest first, with links", async () => {
    const { body, headers } = await ask("GET", "/repos/harbourline/gate-api/actions/runs?per_page=3&page=2&created=2026-10-01..2026-10-31");
    const { total_count: total, workflow_runs: runs } = body as { total_count: number; workflow_runs: { created_at: string }[] };

    expect(total).toBe(world.pipelineRuns().filter((run) => run.repository === "gate-api" && run.createdAt.startsWith("2026-10")).length);
    expect(runs).toHaveLength(3);
    expect(runs.map((run) => run.created_at)).toEqual(
      runs
        .map((run) => run.created_at)
        .toSorted()
        .toReversed(),
    );
    expect(headers?.link).toMatch(/page=1>; rel="prev".*page=3[^>]*>; rel="next"|rel="next"/);
  });

  it("gives Copilot's reports by signed links only, for a while, and without the token", async () => {
    const { body } = await ask("GET", "/orgs/harbourline/copilot/metrics/reports/organization-28-day/latest");
    const [link = ""] = (body as { download_links: string[] }).download_links;
    const path = link.slice(baseUrl.length);
    const status = async (address: string, headers: object = {}, at = now): Promise<SimulatedResponse["status"]> =>
      (await ask("GET", address, undefined, headers, at)).status;

    expect(body).toMatchObject({ report_start_day: "2026-10-23", report_end_day: "2026-11-19" });
    expect(await status(path)).toBe(200);
    expect(await status(path, { authorization })).toBe(400);
    expect(await status(path.replace("sig=", "sig=x"))).toBe(403);
    expect(await status(path, {}, new Date(now.getTime() + 16 * 60_000))).toBe(403);
    const day = (date: string) => status(`/orgs/harbourline/copilot/metrics/reports/organization-1-day?day=${date}`, { authorization });
    expect([await day("2026-11-01"), await day("2026-11-20"), await day("2024-01-01"), await day("soon")]).toEqual([200, 204, 204, 422]);
  });
});
