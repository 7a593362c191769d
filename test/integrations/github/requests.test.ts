import { describe, expect, it } from "vitest";
import { VendorError } from "../../../src/errors.ts";
import { contextOf, feedOf, patience, toolOf } from "../../kit/vendor-connection.ts";
import type { RecordedRequest } from "../../kit/vendor-server.ts";
import { CHECK_ROUTES, graphql, OPEN, page, pull, repository, routesOf, SCRIPT, search } from "./answers.ts";
import { startGithub } from "./world.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const searches = (requests: readonly RecordedRequest[]) =>
  requests.flatMap(({ body }) => (body as { variables?: { text?: string } } | undefined)?.variables?.text ?? []);

describe("what is asked of GitHub", () => {
  it("reads a month once, and afterwards only what changed in it", async () => {
    let answer: Record<string, unknown> = search([pull(1, { ...OPEN, createdAt: "2026-10-05T09:00:00Z" })]);
    const { server, connection, advance } = await startGithub({ "POST /graphql": graphql({ ...SCRIPT, "search(": () => answer }) });
    const feed = feedOf(connection, "pulls");
    const merged = async () => (await feed.records?.({ period: october }, patience()))?.records.map(({ labels }) => labels.state);

    expect(await merged()).toEqual(["open"]);
    await merged();
    answer = search([pull(1, { createdAt: "2026-10-05T09:00:00Z" })]);
    advance(6 * 60_000);
    expect(await merged()).toEqual(["merged"]);
    advance(30 * 60_000);
    await merged();

    expect(searches(server.requests)).toEqual([
      "org:acme is:pr created:2026-10-01T00:00:00Z..2026-10-31T23:59:59Z sort:created-asc",
      "org:acme is:pr created:2026-10-01T00:00:00Z..2026-10-31T23:59:59Z updated:>=2026-11-21T09:20:00Z sort:created-asc",
    ]);
  });

  it("reads a month again from its beginning after a day", async () => {
    const { server, connection, advance } = await startGithub({ "POST /graphql": graphql(SCRIPT) });
    const ask = () => feedOf(connection, "pulls").query({ period: october }, patience());
    await ask();
    advance(25 * 3_600_000);
    await ask();

    expect(searches(server.requests).filter((text) => text.includes("updated:"))).toEqual([]);
  });

  it("asks for half as much where a search has more than GitHub gives", async () => {
    const script = {
      ...SCRIPT,
      "search(": ({ text }: Readonly<Record<string, unknown>>) => {
        const [, from = "", to = ""] = /created:(\S{10})\S*\.\.(\S{10})/.exec(String(text)) ?? [];
        const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
        return search([pull(Number(from.slice(8)), { createdAt: `${from}T00:00:00Z` })], null, days > 8 ? 1_500 : 1);
      },
    };
    const { server, connection } = await startGithub({ "POST /graphql": graphql(script) });
    const { facts, receipts } = await feedOf(connection, "pulls").query({ period: october }, patience());

    expect(facts[0]?.value).toBe(4);
    expect(receipts[0]).not.toHaveProperty("truncated");
    expect(searches(server.requests)).toHaveLength(7);
  });

  it("says what is left out of a day that has too much", async () => {
    const { connection } = await startGithub({ "POST /graphql": graphql({ ...SCRIPT, "search(": () => search([pull(1)], null, 2_000) }) });
    const { receipts } = await feedOf(connection, "pulls").query({ period: october }, patience());

    expect(receipts[0]?.truncated).toContain("the first 1 of 2000 pull requests");
  });

  it("knows no team without the right to, and says so", async () => {
    const script = graphql(SCRIPT);
    const refuse = (request: RecordedRequest) =>
      request.raw.includes("teams(")
        ? { json: { data: { organization: null }, errors: [{ type: "INSUFFICIENT_SCOPES", message: "Needs read:org" }] } }
        : script(request);
    const { connection } = await startGithub({ "POST /graphql": refuse });
    const { facts, receipts } = await feedOf(connection, "pulls").query(
      { by: ["team"], period: { from: "2026-11-01", to: "2026-11-20" } },
      patience(),
    );

    expect(facts.map(({ labels }) => labels)).toEqual([{}]);
    expect(receipts[0]?.notes?.join()).toMatch(/Teams are not known: .*GITHUB_TOKEN/);
  });

  it("asks an Enterprise Server at its own address", async () => {
    const { server, connection } = await startGithub(
      { "POST /api/graphql": graphql(SCRIPT), "GET /api/v3/rate_limit": { json: {} }, "GET /api/v3/*": { status: 404, json: {} } },
      {},
    );
    await connection.close();
    const enterprise = await startGithub({}, { GITHUB_API_URL: `${server.url}/api/v3` });

    const { facts } = await feedOf(enterprise.connection, "pulls").query({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());
    expect(facts[0]?.value).toBe(3);
    expect((await enterprise.connection.check(patience())).map(({ state }) => state)).toEqual(["ok", "ok", "warning", "off"]);
  });
});

describe("GitHub's refusals with status 200", () => {
  const asked = async (error: Record<string, unknown>, headers: Record<string, string> = {}) => {
    const { connection } = await startGithub({ "POST /graphql": { json: { data: null, errors: [error] }, headers } });
    return feedOf(connection, "pulls")
      .query({ period: october }, patience())
      .catch((cause: unknown) => cause as VendorError);
  };

  it.each([
    [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }, 429, /Try again in 18 min/],
    [{ type: "NOT_FOUND", message: "Could not resolve to an Organization" }, 404, /no “acme”.*GITHUB_ORG/],
    [{ type: "FORBIDDEN", message: "Resource protected by organization SAML enforcement" }, 403, /GITHUB_TOKEN may do/],
    [{ message: "Something went wrong" }, undefined, /did not answer the query/],
  ])("%j is told with what to do", async (error, status, words) => {
    const reset = String(Date.parse("2026-11-21T09:48:00Z") / 1_000);
    const told = (await asked(error, { "x-ratelimit-reset": reset })) as VendorError;

    expect(told).toBeInstanceOf(VendorError);
    expect(told.status).toBe(status);
    expect(told.message).toMatch(words);
    expect(told.detail).toBe(error.message);
  });
});

describe("doctor", () => {
  const checked = async (routes: Parameters<typeof startGithub>[0]) => (await startGithub(routes)).connection.check(patience());

  it("says who we are and how much may still be asked", async () => {
    expect(await checked(routesOf(SCRIPT))).toEqual([
      { name: "GitHub", state: "ok", message: "acme-bot reads 1 repository of acme; 4,990 of 5,000 points are left this hour" },
      { name: "GitHub teams", state: "ok", message: "1 team" },
      { name: "GitHub Actions", state: "ok", message: "Runs can be read." },
      { name: "GitHub Copilot", state: "ok", message: "Reports up to 2026-11-19" },
    ]);
  });

  it("names the scopes a classic token lacks", async () => {
    const [first] = await checked(
      routesOf(SCRIPT, { ...CHECK_ROUTES, "GET /rate_limit": { json: {}, headers: { "x-oauth-scopes": "public_repo, gist" } } }),
    );

    expect(first).toMatchObject({ state: "warning", fix: "Add the scopes repo and read:org to GITHUB_TOKEN." });
  });

  it("says when the organisation is not there, or has nothing to see", async () => {
    const who = (owner: unknown) =>
      graphql({ ...SCRIPT, rateLimit: () => ({ viewer: { login: "acme-bot" }, repositoryOwner: owner, rateLimit: null }) });

    expect(await checked({ "POST /graphql": who(null) })).toMatchObject([{ state: "failed", fix: expect.stringContaining("GITHUB_ORG") }]);
    const nothing = { login: "acme", repositories: { totalCount: 0 } };
    expect((await checked({ ...CHECK_ROUTES, "POST /graphql": who(nothing) }))[0]).toMatchObject({ state: "warning" });
  });

  it("takes Copilot for off where the token sees no report", async () => {
    const checks = await checked(
      routesOf(SCRIPT, { ...CHECK_ROUTES, "GET /orgs/acme/copilot/metrics/reports/organization-28-day/latest": { status: 403, json: {} } }),
    );

    expect(checks.at(-1)).toMatchObject({ state: "off", fix: expect.stringContaining("Copilot metrics: read") });
  });
});

describe("hostile names", () => {
  it("stay words in a tool's answer", async () => {
    const title = "x | y](https://evil.example) `code` <script>\u202e # Title";
    const script = { ...SCRIPT, "search(": () => search([pull(1, { ...OPEN, title, author: { __typename: "User", login: "a|b" } })]) };
    const { connection } = await startGithub({ "POST /graphql": graphql(script) });
    const tool = toolOf(connection, "find_pull_requests");
    const { content, blocks } = await tool.run(tool.input.parse({}), contextOf(connection));

    expect(
      content
        .split("\n")
        .filter((line) => line.startsWith("| [web#1]"))[0]
        ?.split(" | "),
    ).toHaveLength(5);
    for (const text of [content, ...blocks.flatMap((b) => (b.type === "markdown" ? [b.text] : []))])
      expect(text).not.toMatch(/\]\(https:\/\/evil|https:\/\/evil|<script>.*\u202e/);
  });
});

describe("deployments", () => {
  const deployment = (n: number, at: string, changes: Record<string, unknown> = {}) => ({
    ...{ id: `DE_${n}`, databaseId: n, createdAt: at, environment: "production", originalEnvironment: "production" },
    ...{ commitOid: `c${n}`, state: "ACTIVE", creator: { __typename: "User", login: "ann" }, latestStatus: null },
    statuses: {
      nodes: [
        { state: "INACTIVE", createdAt: "2026-11-20T00:00:00Z" },
        { state: "SUCCESS", createdAt: at.replace(":00Z", ":30Z") },
      ],
    },
    ...changes,
  });
  const commits = [4, 3, 2, 1].map((n) => ({
    ...{ oid: `c${n}`, committedDate: `2026-10-0${n}T00:00:00Z`, author: { name: "Ann", user: { login: "ann" } } },
    parents: { nodes: [{ oid: `c${n - 1}` }] },
  }));
  const script = (pages: Readonly<Record<string, unknown>>) => ({
    ...SCRIPT,
    "deployments(": ({ ids, after }: Readonly<Record<string, unknown>>) =>
      ids
        ? { nodes: [{ id: "R_web", nameWithOwner: "acme/web", page: pages.first }] }
        : { node: { id: "R_web", nameWithOwner: "acme/web", page: pages[String(after)] } },
    "history(": ({ ids, since }: Readonly<Record<string, unknown>>) => {
      const history = { history: page(String(since).startsWith("2026-10") ? commits : []) };
      const node = { id: "R_web", nameWithOwner: "acme/web", defaultBranchRef: { target: { __typename: "Commit", ...history } } };
      return ids ? { nodes: [node] } : { node };
    },
  });
  const pages = {
    first: page([deployment(4, "2026-10-20T10:00:00Z", { state: "IN_PROGRESS", statuses: { nodes: [] } })], "p2"),
    p2: page(
      [
        deployment(3, "2026-10-10T10:00:00Z"),
        deployment(2, "2026-10-09T10:00:00Z", { statuses: { nodes: [{ state: "ERROR", createdAt: "2026-10-09T10:04:00Z" }] } }),
      ],
      "p3",
    ),
    p3: page([deployment(1, "2026-09-20T10:00:00Z", { commitOid: "c1" }), deployment(0, "2026-08-20T10:00:00Z")], "p4"),
  };

  it("carry their outcome, its time and the commits since the one before", async () => {
    const { connection } = await startGithub({ "POST /graphql": graphql(script(pages)) });
    const answer = await feedOf(connection, "deploys").records?.({ period: october }, patience());

    expect(answer?.records.map(({ id, labels, times }) => [id, labels.status, times.finished?.toISOString(), labels.commits])).toEqual([
      ["acme/web/deployments/2", "failure", "2026-10-09T10:04:00.000Z", undefined],
      ["acme/web/deployments/3", "success", "2026-10-10T10:00:30.000Z", "c3,c2"],
      ["acme/web/deployments/4", "running", undefined, undefined],
    ]);
  });

  it("are read on from where the last question ended, and the newest again", async () => {
    const { server, connection, advance } = await startGithub({ "POST /graphql": graphql(script({ ...pages, p4: page([]) })) });
    const feed = feedOf(connection, "deploys");
    const asked = () =>
      server.requests.flatMap(({ raw, body }) =>
        raw.includes("deployments(") ? [(body as { variables: { after: string | null } }).variables.after] : [],
      );

    await feed.query({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());
    expect(asked()).toEqual([null, "p2", "p3"]);
    advance(6 * 60_000);
    await feed.query({ period: { from: "2026-08-01", to: "2026-11-20" } }, patience());
    expect(asked().slice(3)).toEqual([null, "p4"]);
  });

  it("are there without their commits where the token may not read contents", async () => {
    const answers = graphql(script(pages));
    const refuse = (request: RecordedRequest) =>
      request.raw.includes("history(") ? { json: { errors: [{ type: "FORBIDDEN", message: "no" }] } } : answers(request);
    const { connection } = await startGithub({ "POST /graphql": refuse });
    const answer = await feedOf(connection, "deploys").records?.({ period: october }, patience());

    expect(answer?.records).toHaveLength(3);
    expect(answer?.receipts[0]?.notes?.join()).toContain("Which commits each deployment brought is not known");
  });
});

describe("repositories", () => {
  it("of two pages are all read", async () => {
    const repositories = ({ after }: Readonly<Record<string, unknown>>) => ({
      repositoryOwner: { repositories: after ? page([repository("api")]) : page([repository("web")], "2") },
    });
    const { connection } = await startGithub({
      "POST /graphql": graphql({ ...SCRIPT, "repositories(first: $first": repositories }),
    });
    const about = await feedOf(connection, "pipelines").describe(patience());

    expect(about.dimensions.find(({ name }) => name === "repository")?.values).toEqual(["acme/web", "acme/api"]);
  });
});
