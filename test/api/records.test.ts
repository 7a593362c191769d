import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, firstmate, remove, type Served, serve, temporaryFolder } from "../kit/app.ts";

/** Records over real HTTP, without any source connected. */
type Headers = Record<string, string>;

let folder: string;
let app: Served;
const keys: Record<"admin" | "analyst" | "viewer" | "other", Headers> = { admin: {}, analyst: {}, viewer: {}, other: {} };
const ids: Record<string, string> = {};
let names = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await serve({ args: [], dataDir: folder });
  const roles = { admin: "admin", analyst: "analyst", viewer: "viewer", other: "viewer" } as const;
  const people = Object.keys(roles) as (keyof typeof roles)[];
  const made = await Promise.all(people.map((who) => app.key(roles[who], "--name", who)));
  for (const [i, who] of people.entries()) keys[who] = { authorization: `Bearer ${made[i]}` };
  const { out } = await firstmate(["key", "list"], { dataDir: folder });
  ids.viewer = `key:${/^(\S+)\s+viewer\s+viewer\b/m.exec(out)?.[1]}`;
});
afterAll(async () => {
  await app.stop();
  await remove(folder);
});

async function call(method: string, path: string, body?: unknown, headers: Headers = keys.analyst): Promise<Answered> {
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

const post = (path: string, body?: unknown, headers?: Headers) => call("POST", path, body, headers);
const get = (path: string, headers?: Headers) => call("GET", path, undefined, headers);
const patch = (path: string, body: unknown, headers?: Headers) => call("PATCH", path, body, headers);
const fresh = (name: string) => `${name} ${++names}`;

async function project(fields: object = {}): Promise<string> {
  const { json, status, text } = await post("/projects", { name: fresh("Atlas"), ...fields }, keys.admin);
  expect(status, text).toBe(201);
  return json.data.id;
}

describe("a project", () => {
  it("is created, read, changed, archived and restored", async () => {
    const fields = {
      name: fresh("Borealis"),
      description: "Billing rewrite",
      repositories: ["acme/borealis"],
      jiraProject: "BOR",
      cloudAccount: "production",
      railwayProject: "borealis",
      services: ["billing-api"],
      techStack: ["typescript"],
      budget: { amount: 12000, currency: "USD", period: "month" },
      owner: "ada@acme.example",
    };
    const created = await post("/projects", fields);
    expect(created.status, created.text).toBe(201);
    expect(created.json.data).toMatchObject({ ...fields, version: 1, archivedAt: null });
    const { id } = created.json.data;
    expect(created.headers.get("location")).toBe(`/api/v1/projects/${id}`);
    expect((await get(`/projects/${id}`, keys.viewer)).json.data).toEqual(created.json.data);

    const changed = await patch(`/projects/${id}`, { description: "Again", railwayProject: null });
    expect(changed.status).toBe(200);
    expect(changed.json.data).toMatchObject({ description: "Again", version: 2, owner: "ada@acme.example" });
    expect(changed.json.data).not.toHaveProperty("railwayProject");

    expect((await post(`/projects/${id}/archive`)).json.data.archivedAt).toEqual(expect.any(String));
    const listed = async (query: string) => (await get(`/projects?limit=200${query}`)).json.data.map((p: { id: string }) => p.id);
    expect(await listed("")).not.toContain(id);
    expect(await listed("&archived=true")).toContain(id);
    expect((await patch(`/projects/${id}`, { description: "x" })).status).toBe(409);
    expect((await post(`/projects/${id}/restore`)).json.data.archivedAt).toBeNull();
    expect(await listed("")).toContain(id);
  });

  it("is refused with every wrong field named, and nothing is made", async () => {
    const before = (await get("/projects?limit=200", keys.admin)).json.data.length;
    const refused = await post("/projects", { budget: "lots", repositories: ["atlas", 3], jiraProject: "no key", ownr: "Ada" });

    expect(refused.status).toBe(422);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const paths = refused.json.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(["name", "budget", "repositories.1", "jiraProject", "ownr"]));
    for (const { message } of refused.json.errors) expect(message).toMatch(/\w/);
    expect(refused.text).toContain("owner");
    expect((await get("/projects?limit=200", keys.admin)).json.data.length).toBe(before);
  });

  it.each([
    ["a budget below zero", { budget: { amount: -1, currency: "USD", period: "month" } }, "budget.amount"],
    ["a budget without a currency", { budget: { amount: 1, currency: "dollars", period: "month" } }, "budget.currency"],
    ["an endless name", { name: "x".repeat(121) }, "name"],
    ["a name of two lines", { name: "a\nb" }, "name"],
    ["an empty name", { name: "  " }, "name"],
    ["the same repository twice", { repositories: ["acme/a", "ACME/A"] }, "repositories"],
    ["a way out of a repository", { repositories: ["../../etc/passwd"] }, "repositories"],
    ["a NUL character", { description: "a\0b" }, "description"],
    ["its own id", { id: "mine" }, "id"],
    ["a version", { version: 9 }, "version"],
    ["a prototype", JSON.parse('{"budget":{"__proto__":{"admin":true},"amount":1,"currency":"USD","period":"month"}}'), "budget.__proto__"],
  ])("is refused with %s", async (_, fields, path) => {
    const refused = await post("/projects", { name: fresh("Wrong"), ...fields });

    expect(refused.status, refused.text).toBe(422);
    expect(refused.json.errors.map((e: { path: string }) => e.path)).toContain(path);
  });

  it("keeps its name to itself", async () => {
    const name = fresh("Unique");
    await project({ name });

    const refused = await post("/projects", { name: name.toUpperCase() });

    expect(refused.status).toBe(409);
    expect(refused.json.errors).toMatchObject([{ path: "name" }]);
  });

  it("may be changed on condition of its version", async () => {
    const id = await project();
    const { headers } = await get(`/projects/${id}`);
    const tag = headers.get("etag") ?? "";

    expect((await patch(`/projects/${id}`, { owner: "Ada" }, { ...keys.analyst, "if-match": tag })).status).toBe(200);
    const late = await patch(`/projects/${id}`, { owner: "Ben" }, { ...keys.analyst, "if-match": tag });
    expect(late.status).toBe(412);
    expect(late.json.detail).toContain("Read it again");
    expect((await patch(`/projects/${id}`, { owner: "Ben" }, { ...keys.analyst, "if-match": "yesterday" })).status).toBe(400);

    const now = await get(`/projects/${id}`);
    expect(now.json.data.owner).toBe("Ada");
    expect((await get(`/projects/${id}`, { ...keys.analyst, "if-none-match": now.headers.get("etag") ?? "" })).status).toBe(304);
  });

  it("is made once for one idempotency key", async () => {
    const body = { name: fresh("Once") };
    const headers = { ...keys.analyst, "idempotency-key": fresh("key") };

    const [first, second] = [await post("/projects", body, headers), await post("/projects", body, headers)];

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.data).toEqual(first.json.data);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    const other = await post("/projects", { name: fresh("Once") }, headers);
    expect(other.status).toBe(422);
    expect(other.json.errors[0].path).toBe("Idempotency-Key");
    expect((await post("/projects", { name: fresh("Once") }, { ...keys.analyst, "idempotency-key": "x".repeat(201) })).status).toBe(400);
  });

  it("is listed page by page, each once, and as CSV", async () => {
    const owner = fresh("Pager");
    for (let n = 0; n < 5; n++) await project({ owner, description: n === 0 ? '=HYPERLINK("http://x")' : `n ${n}, "quoted"` });
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 200; pages++) {
      const { json } = await get(`/projects?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...json.data.map((p: { id: string }) => p.id));
      cursor = json.meta.nextCursor ?? "";
      if (!cursor) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe((await get("/projects?limit=200")).json.data.length);

    const csv = await get("/projects?limit=200", { ...keys.analyst, accept: "text/csv" });
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.text).toMatch(/^id,name,description,repositories,/);
    expect(csv.text).toContain(`"n 1, ""quoted"""`);
    expect(csv.text).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it.each(["limit=0", "limit=201", "limit=ten", "archived=maybe", "from=yesterday", "cursor=none", "cursor=W10", "name=%00"])(
    "is not listed by “%s”",
    async (query) => {
      const refused = await get(`/projects?${query}`);

      expect(refused.status, refused.text).toBe(422);
      expect(refused.json.errors[0].path).toBe(query.split("=")[0]);
    },
  );

  it("with members exists for them and for admins", async () => {
    const id = await project({ members: [ids.viewer] });

    expect((await get(`/projects/${id}`, keys.viewer)).status).toBe(200);
    expect((await get(`/projects/${id}`, keys.admin)).status).toBe(200);
    for (const path of ["", "/metrics", "/brief", "/bindings"])
      expect((await get(`/projects/${id}${path}`, keys.other)).status, path).toBe(404);
    expect((await patch(`/projects/${id}`, { owner: "me" }, keys.analyst)).status).toBe(404);
    expect((await get("/projects?limit=200", keys.other)).text).not.toContain(id);
    expect((await get(`/projects?limit=200&archived=all&project=${id}`, keys.other)).json.data).toEqual([]);
  });

  it("has metrics that name what is missing and why, and no figure that is invented", async () => {
    const id = await project({ budget: { amount: 100, currency: "EUR", period: "month" } });

    const { status, json } = await get(`/projects/${id}/metrics`, keys.viewer);

    expect(status).toBe(200);
    const parts = ["cost", "delivery", "incidents", "issues", "aiUsage", "budget"];
    for (const part of parts) expect(json.data[part]).toBeNull();
    expect(json.data.missing.map((m: { part: string }) => m.part)).toEqual(parts);
    for (const { reason } of json.data.missing) expect(reason).toMatch(/Set |Connect /);
    expect(json.data.receipts).toEqual([]);
    expect((await get(`/projects/${id}/brief`, keys.viewer)).status).toBe(422);
    expect((await get(`/projects/${id}/metrics?period=when+pigs+fly`, keys.viewer)).status).toBe(422);
  });

  it("is known to places that are bound to it", async () => {
    const id = await project();
    const place = `slack:T1:C${names}`;

    const bound = await post(`/projects/${id}/bindings`, { place });
    expect(bound.status).toBe(201);
    expect(bound.json.data).toMatchObject({ place, project: id });
    expect((await get(`/projects/${id}/bindings`, keys.viewer)).json.data).toEqual([bound.json.data]);

    const elsewhere = `/projects/${await project()}/bindings/${encodeURIComponent(place)}`;
    expect((await call("DELETE", elsewhere)).status).toBe(404);
    expect((await call("DELETE", `/projects/${id}/bindings/${encodeURIComponent(place)}`)).status).toBe(200);
    expect((await get(`/projects/${id}/bindings`)).json.data).toEqual([]);
  });

  it("answers as an assignment too, and links to its address", async () => {
    const created = await post("/assignments", { name: fresh("Old name") });

    expect(created.status).toBe(201);
    const { id } = created.json.data;
    const read = await get(`/assignments/${id}`);
    expect(read.json.data).toEqual((await get(`/projects/${id}`)).json.data);
    expect(read.headers.get("link")).toBe(`</api/v1/projects/${id}>; rel="canonical"`);
    expect(read.headers.get("deprecation")).toMatch(/^@\d{10}$/);
    expect((await get(`/assignments/${id}/metrics`)).status).toBe(200);
    expect((await post("/assignments", {})).status).toBe(422);
  });
});

describe("the other records", () => {
  it("hold accounts and what is planned for them", async () => {
    const account = (await post("/accounts", { name: fresh("Port of Call"), status: "active", revenue: { amount: 5000, currency: "EUR" } }))
      .json.data;
    const plan = {
      title: "Second quay",
      accountId: account.id,
      priority: "high",
      status: "planned",
      expectedRevenue: { amount: 250000, currency: "EUR" },
      timeline: { start: "2026-12-01", end: "2027-03-31" },
    };
    const made = await post("/initiatives", plan);

    expect(made.status, made.text).toBe(201);
    expect(made.json.data).toMatchObject(plan);
    const wrong = await post("/initiatives", { ...plan, accountId: "none" });
    expect([wrong.status, wrong.json.errors[0].path]).toEqual([422, "accountId"]);
    const backwards = await post("/initiatives", { ...plan, timeline: { start: "2026-12-01", end: "2026-11-01" } });
    expect([backwards.status, backwards.json.errors[0].path]).toEqual([422, "timeline"]);
  });

  it("hold what was done with AI, once per id of the sender", async () => {
    const activity = {
      externalId: fresh("act"),
      at: "2026-11-20T10:00:00+02:00",
      tool: "Claude Code",
      category: "refactoring",
      prompt: "Tidy up",
      response: "Done",
      codeChanges: { files: 2, additions: 10, deletions: 3 },
      decision: "accepted",
      cost: { amount: 0.12, currency: "USD" },
      user: "ada",
    };
    const [first, again] = [await post("/activities", activity), await post("/activities", activity)];

    expect(first.status, first.text).toBe(201);
    expect(first.json.data).toMatchObject({ ...activity, at: "2026-11-20T08:00:00.000Z" });
    expect(again.json.data.id).toBe(first.json.data.id);
    expect(again.json.data.version).toBe(1);
  });

  it("hold executions that go their way, and the queue outlives a restart", async () => {
    const agent = fresh("agent");
    const { id } = (await post("/executions", { agent, task: "Tidy up", input: { deep: [1, { a: null }] } })).json.data;
    const refused = await patch(`/executions/${id}`, { status: "completed" });
    expect(refused.status).toBe(409);
    expect(refused.json.detail).toContain("It can become running");

    app.signal("SIGKILL");
    await app.ended;
    app = await serve({ args: [], dataDir: folder });

    const taken = await post("/executions/take", { agent });
    expect(taken.json.data).toMatchObject({ id, status: "running", input: { deep: [1, { a: null }] } });
    expect((await post("/executions/take", { agent })).json.data).toBeNull();
    expect(taken.json.data).toMatchObject({ attempts: 1, leaseUntil: expect.stringMatching(/Z$/) });
    const beat = await post(`/executions/${id}/heartbeat`, { leaseSeconds: 3_600 });
    expect([beat.status, beat.json.data.leaseUntil > taken.json.data.leaseUntil]).toEqual([200, true]);
    const done = await patch(`/executions/${id}`, { status: "failed", error: "No access" });
    expect(done.json.data.leaseUntil).toBeUndefined();
    expect((await post(`/executions/${id}/heartbeat`, {})).status).toBe(409);
    expect(done.json.data).toMatchObject({ status: "failed", error: "No access", durationMs: expect.any(Number) });
    expect((await patch(`/executions/${id}`, { status: "running" })).status).toBe(409);
  });

  it("refuse what is nested too deeply to be kept", async () => {
    const deep = `{"agent":"a","task":"t","input":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;

    const refused = await post("/executions", deep);

    expect(refused.status).toBe(422);
    expect(refused.json.detail).toContain("deeper");
  });

  it("hold pipelines with the gate they have to pass", async () => {
    const run = { repository: "acme/web", status: "success", tests: { total: 10, passed: 10, failed: 0 }, coverage: 79.5 };
    const gates = { coverage: 80, vulnerabilities: { critical: 0 } };

    expect((await post("/pipelines", run)).json.data.gate.state).toBe("passed");
    const failed = (await post("/pipelines", { ...run, gates, vulnerabilities: { critical: 0 } })).json.data.gate;
    expect(failed).toMatchObject({
      state: "failed",
      checks: [{ name: "tests", state: "passed" }, { name: "coverage", state: "failed" }, { state: "passed" }],
    });
    expect((await post("/pipelines", { ...run, coverage: 90, gates })).json.data.gate.state).toBe("unknown");
    expect((await post("/pipelines", { repository: "acme/web", status: "running" })).json.data.gate.state).toBe("none");
    const wrong = await post("/pipelines", { ...run, tests: { total: 1, passed: 1, failed: 1 } });
    expect([wrong.status, wrong.json.errors[0].path]).toEqual([422, "tests"]);
  });
});

describe("who may knock", () => {
  const kinds = ["projects", "accounts", "initiatives", "activities", "executions", "pipelines", "assignments"];

  it("takes a key for every record, on this machine too", async () => {
    for (const kind of kinds) {
      expect((await get(`/${kind}`, {})).status, kind).toBe(401);
      expect((await post(`/${kind}`, {}, {})).status, kind).toBe(401);
    }
    expect((await get("/audit", {})).status).toBe(401);
  });

  it("lets a viewer read and change nothing", async () => {
    const id = await project();
    for (const kind of kinds) {
      expect((await get(`/${kind}`, keys.viewer)).status, kind).toBe(200);
      expect((await post(`/${kind}`, {}, keys.viewer)).status, kind).toBe(403);
    }
    expect((await patch(`/projects/${id}`, { owner: "x" }, keys.viewer)).status).toBe(403);
    expect((await post(`/projects/${id}/archive`, undefined, keys.viewer)).status).toBe(403);
    expect((await post(`/projects/${id}/bindings`, { place: "slack:T:C" }, keys.viewer)).status).toBe(403);
  });

  it("shows the audit log to admins alone", async () => {
    expect((await get("/audit", keys.viewer)).status).toBe(403);
    expect((await get("/audit", keys.analyst)).status).toBe(403);
    expect((await get("/audit", keys.admin)).status).toBe(200);
  });
});

describe("the audit log", () => {
  it("has what was changed, asked and run, page by page and as CSV, and is whole", async () => {
    const id = await project();
    await post("/ask", { question: "help" }, keys.viewer);
    await post("/tools/help", {}, keys.viewer);

    const { json } = await get("/audit?limit=3", keys.admin);
    expect(json.data.map((line: { action: string }) => line.action)).toEqual(["run", "ask", "create project"]);
    expect(json.data[0]).toMatchObject({ actor: ids.viewer, target: "help", detail: { outcome: "ok" } });
    expect(json.data[1].detail).toMatchObject({ question: "help" });
    expect(json.data[2]).toMatchObject({ target: id });
    const older = await get(`/audit?limit=1&before=${json.meta.nextBefore}`, keys.admin);
    expect(older.json.data[0].seq).toBe(json.data[2].seq - 1);

    const csv = await get("/audit?action=create%20project", { ...keys.admin, accept: "text/csv" });
    expect(csv.text).toMatch(/^seq,at,actor,action,target,detail,hash\n/);
    expect((await get("/audit/verify", keys.admin)).json.data).toMatchObject({ ok: true });
    const verdict = await firstmate(["audit", "verify"], { dataDir: folder });
    expect(verdict).toMatchObject({ code: 0, out: expect.stringMatching(/^The audit log is whole: \d+ lines\. .*\n[0-9a-f]{64}\n$/) });
  });

  it("is told from one that is not whole by exit status 1, and a wrong word by 2", async () => {
    const other = await temporaryFolder();
    await firstmate(["key", "create", "--role", "viewer"], { dataDir: other });

    expect(await firstmate(["audit", "verify", "--known", "abc"], { dataDir: other })).toMatchObject({
      code: 1,
      err: expect.stringContaining("not whole"),
    });
    expect((await firstmate(["audit", "verfy"], { dataDir: other })).code).toBe(2);
    await remove(other);
  });
});

describe("old names", () => {
  it("ask, show and clear what was asked", async () => {
    const asked = await post("/chatbot/ask", { question: "help" }, keys.other);
    expect(asked.json.data.text).toMatch(/\w/);
    for (const path of ["/history", "/chatbot/history"]) expect((await get(path, keys.other)).json.data.length).toBe(1);

    expect((await post("/chatbot/clear", undefined, keys.other)).json.data).toEqual({ forgotten: true });

    expect((await get("/history", keys.other)).json.data).toEqual([]);
    expect((await post("/clear", undefined, {})).status).toBe(401);
  });
});
