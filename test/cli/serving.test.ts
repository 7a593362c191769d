import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { type AnthropicServer, startAnthropicServer } from "../kit/anthropic-server.ts";
import { firstmate, remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { connectRaw } from "../kit/raw-http.ts";

/** A model that takes the question and never answers keeps a turn open for as long as a test needs. */
let model: AnthropicServer;
let dataDir: string;
const running: Served[] = [];
beforeAll(async () => {
  dataDir = await temporaryFolder();
});
beforeEach(async () => {
  model = await startAnthropicServer();
});
afterEach(async () => {
  await model.close();
  await Promise.all(running.splice(0).map((app) => app.stop()));
});
afterAll(() => remove(dataDir));

async function start(env: Record<string, string> = {}): Promise<Served> {
  const app = await serve({ env, dataDir });
  running.push(app);
  return app;
}

const withModel = () => ({ ANTHROPIC_API_KEY: "sk-test", ANTHROPIC_BASE_URL: model.url, ANSWER_SECONDS: "60" });

/** A question that is being answered; the answer in an object, for a promise alone would be awaited with this one. */
async function askWithoutEnd(app: Served, conversation: string) {
  const before = model.requests.length;
  model.script({ silent: true });
  const answer = app.post("/api/v1/ask", { question: "How much did we spend last month?", conversation });
  answer.catch(() => {});
  await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(before + 1);
  return { answer };
}

describe("serve", () => {
  it("says where once it can answer, in lines of JSON alone", async () => {
    const app = await start({ LOG_LEVEL: "debug" });
    await app.get("/health/live");
    await app.get("/nothing?with=secrets");

    const outcome = await app.stop();

    expect([outcome.code, outcome.err]).toEqual([0, ""]);
    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const line of app.log())
      expect(line).toMatchObject({ level: expect.any(String), time: expect.stringMatching(/Z$/), msg: expect.any(String) });
    expect(app.log().find(({ msg }) => msg === "ready")).toMatchObject({ url: app.url, demo: true });
    const requests = app.log().filter(({ msg }) => msg === "request");
    expect(requests).toMatchObject([
      { method: "GET", path: "/health/live", status: 200, correlation: expect.any(String) },
      { method: "GET", path: "/nothing", status: 404 },
    ]);
    expect(requests[0]?.correlation).not.toBe(requests[1]?.correlation);
    expect(outcome.out).not.toContain("secrets");
    // A look at a source that is cut off then may still be told of, to whoever debugs.
    expect(app.log().findLast(({ level }) => level !== "debug")?.msg).toBe("stopped");
  });

  it("takes SIGINT as it takes SIGTERM", async () => {
    const app = await start();

    app.signal("SIGINT");

    expect(await app.ended).toMatchObject({ code: 0, signal: null });
  });

  it("stops at once while callers hold connections that ask nothing", async () => {
    const app = await start();
    const unused = await connectRaw(app.port);
    const half = await connectRaw(app.port);
    half.send("POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\ncontent-type: application/json\r\n\r\n{");

    expect((await app.stop()).code).toBe(0);
    await Promise.all([unused.received(), half.received()]);
  });

  it("finishes the answers under way before it ends", async () => {
    const app = await start(withModel());
    const { answer } = await askWithoutEnd(app, "finishes");

    const outcome = app.stop();
    await app.logged("stopping");
    // Now the model goes away, and so the turn comes to its end.
    await model.close();

    const { status, json } = await answer;
    expect(status).toBe(200);
    expect(json.data).toMatchObject({
      agent: "deterministic",
      notice: expect.stringContaining("could not be reached"),
      tools: [{ name: "get_costs" }],
    });
    expect((await outcome).code).toBe(0);
  });

  it("has its port refused in words when another listens there", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const port = String((other.address() as AddressInfo).port);

    const { code, err } = await firstmate(["serve", "--demo", "--port", port], { dataDir });
    const away = await firstmate(["serve", "--demo"], { dataDir, env: { HOST: "192.0.2.1", PORT: "0" } });
    await new Promise((resolve) => other.close(resolve));

    expect([code, away.code]).toEqual([1, 1]);
    expect(err).toBe("The port is in use. Stop the other program, or set PORT to another number (0 picks a free one).\n");
    expect(away.err).toContain("HOST");
    expect(away.err).not.toMatch(/\n\s+at /);
  });
});

describe("claims of gestures", () => {
  it("are dropped a day later, so that they do not pile up", async () => {
    await firstmate(["migrate"], { dataDir });
    const database = await openDatabase(`sqlite:${join(dataDir, "firstmate.db")}`);
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const rows = [25, 23].map((hours) => ({ key: `${hours} hours ago`, claimed_at: hoursAgo(hours) }));
    await database.kysely.insertInto("claims").values(rows).execute();

    const app = await serve({ args: [], dataDir });
    await app.stop();

    expect(await database.kysely.selectFrom("claims").select("key").execute()).toEqual([{ key: "23 hours ago" }]);
    await database.close();
  });
});

describe("keys", () => {
  it("made on the command line open the door over HTTP, until they are revoked there", async () => {
    const app = await start();
    const run = (...args: string[]) => firstmate(["key", ...args, "--demo"], { dataDir });
    const created = await run("create", "--role", "viewer", "--name", "Ada's laptop", "--days", "30");
    const secret = created.out.trim().split(/\s+/).at(-1) ?? "";
    const authorization = `Bearer ${secret}`;

    expect([created.code, secret]).toEqual([0, expect.stringMatching(/^fm_[\w-]{43}$/)]);
    expect((await app.get("/api/v1/tools", { authorization })).status).toBe(200);
    const listed = await run("list");
    expect(listed.out).toMatch(/viewer +Ada's laptop +created \d{4}-\d\d-\d\d +until \d{4}-\d\d-\d\d/);
    expect(listed.out).not.toContain(secret);
    const id = listed.out.trim().split(/\s+/)[0] ?? "";
    expect((await run("revoke", id)).out).toBe("Revoked.\n");
    expect((await app.get("/api/v1/tools", { authorization })).status).toBe(401);
    expect((await run("list")).out).toContain("revoked");
    expect(await run("revoke", "nothing")).toMatchObject({ code: 1, out: "", err: expect.stringContaining("key list") });
    expect(
      app
        .log()
        .map((line) => JSON.stringify(line))
        .join(),
    ).not.toContain(secret);
  });
});

describe("a deployment", () => {
  it("that is public asks everyone for a key", async () => {
    const app = await start({ PUBLIC_URL: "https://firstmate.example.com" });
    const authorization = `Bearer ${await app.key("viewer")}`;

    const closed = await app.post("/api/v1/ask", { question: "help" });
    expect(closed.status).toBe(401);
    expect(closed.headers.get("www-authenticate")).toBe("Bearer");
    expect(closed.json.detail).toContain("firstmate key create --role viewer");
    for (const path of ["/api/v1/tools", "/api/v1/conversations"]) expect((await app.get(path)).status).toBe(401);
    expect((await app.post("/api/v1/ask", { question: "help" }, { authorization })).status).toBe(200);
    for (const path of ["/", "/health/live", "/health/ready", "/api/v1/openapi.json"]) expect((await app.get(path)).status).toBe(200);
    expect((await app.get("/api/v1/nothing")).status).toBe(404);
  });
});

describe("the end that was not asked for", () => {
  it("by a second signal is at once", async () => {
    const app = await start(withModel());
    const { answer } = await askWithoutEnd(app, "cut-off");
    app.signal("SIGTERM");
    await app.logged("stopping");

    // One that follows within an instant counts as the same, so it is sent until it is heard.
    const again = setInterval(() => app.signal("SIGTERM"), 50);
    const outcome = await app.ended;
    clearInterval(again);

    expect(outcome).toMatchObject({ code: 143, signal: null });
    await expect(answer).rejects.toThrow();
  });

  it("by a crash loses no answer, and says which question was cut off", async () => {
    const app = await start(withModel());
    model.script({ text: "October cost 5 dollars." });
    const first = await app.post("/api/v1/ask", { question: "How much did we spend in October?", conversation: "crash" });
    expect(first.json.data.agent).toBe("model");
    const { answer } = await askWithoutEnd(app, "crash");
    app.signal("SIGKILL");
    expect((await app.ended).signal).toBe("SIGKILL");
    await expect(answer).rejects.toThrow();

    const again = await start();

    const { json } = await again.get("/api/v1/conversations/crash");
    expect(json.data.turns).toMatchObject([
      { state: "done", answer: { text: first.json.data.text } },
      { question: "How much did we spend last month?", state: "interrupted", answer: null },
    ]);
    expect(again.log()).toContainEqual(expect.objectContaining({ level: "warn", turns: 1, msg: expect.stringContaining("interrupted") }));
    expect((await again.post("/api/v1/ask", { question: "How much did we spend last month?", conversation: "crash" })).status).toBe(200);
  });
});
