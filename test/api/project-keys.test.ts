import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, type Served, serve } from "../kit/app.ts";

/** A key of one project at every door of the real program; the routes and records themselves are walked by test/authorization.test.ts. */

let app: Served;
let whole: Record<string, string>;
let narrow: Record<string, string>;
let repository: string;

beforeAll(async () => {
  app = await serve();
  whole = bearer(await app.key("admin"));
  const pulls = await app.post("/api/v1/tools/pareto", { feed: "pulls", by: "repository" }, whole);
  repository = pulls.json.data.data.items[0].label;
  await app.post("/api/v1/projects", { name: "Narrow", repositories: [repository], members: ["nobody@example.com"] }, whole);
  await app.post("/api/v1/projects", { name: "Unseen" }, whole);
  narrow = bearer(await app.key("analyst", "--project", "Narrow"));
}, 60_000);
afterAll(() => app.stop());

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const pareto = { feed: "pulls", by: "repository" };

describe("a key of one project", () => {
  it("gets figures of that project alone, over REST, in chat and over MCP", async () => {
    const everything = await app.post("/api/v1/tools/pareto", pareto, whole);
    const rest = await app.post("/api/v1/tools/pareto", pareto, narrow);
    const chat = await app.post("/api/v1/ask", { question: "delivery metrics last month" }, narrow);
    const mcp = await app.post(
      "/mcp",
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "pareto", arguments: pareto } },
      { ...narrow, accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25" },
    );

    expect(everything.json.data.data.n).toBeGreaterThan(1);
    expect(rest.json.data.data.items.map(({ label }: { label: string }) => label)).toEqual([repository]);
    const others = everything.json.data.data.items.slice(1).map(({ label }: { label: string }) => label) as string[];
    expect(mcp.text).toContain(repository);
    for (const text of [rest.text, chat.text, mcp.text]) {
      expect(others.filter((name) => text.includes(name))).toEqual([]);
    }
    expect(chat.json.data.receipts.length).toBeGreaterThan(0);
    expect(chat.json.data.notice).toContain("Narrowed to project Narrow, which your key is for.");
  });

  it("is not told of what cannot be narrowed to it", async () => {
    const refused = await app.post("/api/v1/tools/get_costs", {}, narrow);
    const { data } = (await app.get("/api/v1/tools", narrow)).json;
    const names = data.map(({ name }: { name: string }) => name) as string[];

    expect(refused.status).toBe(422);
    expect(names).toContain("list_projects");
    for (const absent of ["search_knowledge", "digests", "alerts", "post_message", "cloud_inventory", "find_issues"]) {
      expect(names).not.toContain(absent);
      expect((await app.post(`/api/v1/tools/${absent}`, {}, narrow)).status, absent).toBe(404);
    }
    for (const question of ["what alerts are firing?", "what does the runbook say about failover?", "show the open issues of OPS"]) {
      const { json } = await app.post("/api/v1/ask", { question }, narrow);
      expect(json.data.receipts, question).toEqual([]);
    }
  });

  it("knows no other project by any name, and changes what belongs to its own alone", async () => {
    const listed = await app.post("/api/v1/ask", { question: "which projects do we have?" }, narrow);
    const asked = await app.post("/api/v1/ask", { question: "who owns project Unseen?" }, narrow);
    const own = (await app.get("/api/v1/projects", narrow)).json.data as { id: string; name: string }[];
    const foreign = (await app.get("/api/v1/projects?name=Unseen", whole)).json.data[0].id as string;

    expect(listed.json.data.text).toContain("Narrow");
    expect(listed.json.data.text + asked.json.data.text.replaceAll("“", "")).not.toMatch(/Unseen\W.*owned|seen by everyone/);
    expect(own.map(({ name }) => name)).toEqual(["Narrow"]);
    expect((await app.post("/api/v1/projects", { name: "Mine too" }, narrow)).status).toBe(403);
    for (const projectId of [foreign, undefined]) {
      const made = await app.post("/api/v1/accounts", { name: "Elsewhere", ...(projectId ? { projectId } : {}) }, narrow);
      expect(made.status).toBe(422);
      expect(made.json.errors[0].path).toBe("projectId");
    }
    const account = await app.post("/api/v1/accounts", { name: "Here", projectId: own[0]?.id }, narrow);
    expect(account.status).toBe(201);
    const moved = await fetch(`${app.url}/api/v1/accounts/${account.json.data.id}`, {
      method: "PATCH",
      headers: { ...narrow, "content-type": "application/json" },
      body: JSON.stringify({ projectId: null }),
    });
    expect(moved.status).toBe(422);
    expect((await app.get(`/api/v1/accounts/${account.json.data.id}`, narrow)).json.data.projectId).toBe(own[0]?.id);
  });

  it("proposes a budget for its own project and approves it", async () => {
    const input = { project: "Narrow", amount: 100, currency: "EUR" };
    const proposed = await app.post("/api/v1/tools/set_project_budget", input, narrow);
    const done = await app.post(`/api/v1/approvals/${proposed.json.data.data.approval}/approve`, {}, narrow);
    const refused = await app.post("/api/v1/tools/set_project_budget", { ...input, project: "Unseen" }, narrow);

    expect(proposed.status).toBe(202);
    expect(done.json.data.state).toBe("done");
    expect(refused.status).toBe(422);
    expect(refused.json.detail).toContain("There is no project “Unseen”");
  });

  it("is told what it cannot do, by its own reason", async () => {
    const asked = await app.post("/api/v1/ask", { question: "create project Another" }, narrow);

    expect(asked.json.data.text).toContain("Your key is for one project");
    expect((await app.get("/api/v1/projects?name=Another", whole)).json.data).toEqual([]);
  });

  it("passes its limits on to the tokens it opens", async () => {
    const pair = await app.post("/api/v1/auth/token", { grant: "key" }, narrow);
    const token = bearer(pair.json.data.accessToken);
    const next = await app.post("/api/v1/auth/token", { grant: "refresh", refreshToken: pair.json.data.refreshToken });

    for (const by of [token, bearer(next.json.data.accessToken)]) {
      expect((await app.get("/api/v1/projects", by)).json.data.map(({ name }: { name: string }) => name)).toEqual(["Narrow"]);
      expect((await app.get("/api/v1/alerts", by)).status).toBe(403);
    }
  });

  it("is made for a project that is there, and never for an admin", async () => {
    const wrong = await app.post("/api/v1/keys", { name: "k", role: "viewer", project: "Nowhere" }, whole);
    const admin = await firstmate(["key", "create", "--role", "admin", "--project", "Narrow", "--demo"], { dataDir: app.dataDir });
    const made = await app.post("/api/v1/keys", { name: "k", role: "viewer", project: "Narrow" }, whole);
    const listed = await app.get("/api/v1/keys", whole);

    expect([wrong.status, wrong.json.errors[0].path]).toEqual([422, "project"]);
    expect(admin.code).toBe(2);
    expect(made.status).toBe(201);
    expect(listed.json.data.find(({ id }: { id: string }) => id === made.json.data.id).project).toEqual(expect.any(String));
  });
});
