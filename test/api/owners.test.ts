import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";

/** Limits and ownership over HTTP; who may knock at all is tested with identity. */
let app: Served;
let ada: { authorization: string };
let ben: { authorization: string };
beforeAll(async () => {
  app = await serve({ env: { REQUESTS_PER_MINUTE: "8" } });
  const [a, b] = await Promise.all([app.key("viewer", "--name", "Ada"), app.key("viewer", "--name", "Ben")]);
  ada = { authorization: `Bearer ${a}` };
  ben = { authorization: `Bearer ${b}` };
});
afterAll(() => app.stop());

describe("a conversation", () => {
  it("is listed and read by who began it, and does not exist for others", async () => {
    const { json } = await app.post("/api/v1/ask", { question: "help" }, ada);
    const id = json.data.conversation;

    const list = await app.get("/api/v1/conversations", ada);
    expect(list.json.data).toEqual([{ id, title: "help", updatedAt: expect.stringMatching(/Z$/) }]);
    const read = await app.get(`/api/v1/conversations/${id}`, ada);
    expect(read.json.data).toMatchObject({
      id,
      title: "help",
      turns: [{ question: "help", state: "done", answer: { text: json.data.text } }],
    });

    for (const other of [ben, {}] as Record<string, string>[]) {
      expect((await app.get("/api/v1/conversations", other)).json.data).toEqual([]);
      expect((await app.get(`/api/v1/conversations/${id}`, other)).status).toBe(404);
      const asked = await app.post("/api/v1/ask", { question: "and then?", conversation: id }, other);
      expect(asked.status).toBe(404);
      expect(asked.text).not.toContain("help");
    }
    expect((await app.get(`/api/v1/conversations/${id}`, ada)).json.data.turns.length).toBe(1);
  });

  it("keeps a question that could not be read as one, with what was said to it", async () => {
    const { json } = await app.post("/api/v1/ask", { question: "🎉🎉" }, ada);

    const read = await app.get(`/api/v1/conversations/${json.data.conversation}`, ada);

    expect(read.json.data.turns).toMatchObject([{ question: "🎉🎉", state: "done", answer: { text: json.data.text } }]);
  });

  it("may begin under a name of the caller's", async () => {
    const named = await app.post("/api/v1/ask", { question: "help", conversation: "__proto__" }, ben);

    expect(named.json.data.conversation).toBe("__proto__");
    expect((await app.get("/api/v1/conversations/__proto__", ben)).status).toBe(200);
    expect((await app.get("/api/v1/conversations/__proto__", ada)).status).toBe(404);
  });
});

describe("the limit per minute", () => {
  it("counts down, then refuses with the time to wait, for each key by itself", async () => {
    const secret = await app.key("viewer", "--name", "Eve");
    const eve = { authorization: `Bearer ${secret}` };
    const answers = [];
    // One more than fit into two minutes, so that a minute's end in between changes nothing.
    while (answers.length < 17 && answers.at(-1)?.status !== 429)
      answers.push(
        await app.post(answers.length % 2 ? "/api/v1/ask" : "/api/v1/tools/help", answers.length % 2 ? { question: "🎉" } : {}, eve),
      );

    const refused = answers.at(-1);
    expect(refused?.status).toBe(429);
    expect(refused?.json).toMatchObject({ status: 429, title: "Too Many Requests", detail: expect.stringContaining("More than 8") });
    const wait = Number(refused?.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused?.headers.get("ratelimit-remaining")).toBe("0");
    const before = answers.at(-2);
    expect([before?.status, before?.headers.get("ratelimit-limit"), before?.headers.get("ratelimit-remaining")]).toEqual([200, "8", "0"]);
    expect(Number(answers.at(-3)?.headers.get("ratelimit-remaining"))).toBe(1);

    const streamed = await app.post("/api/v1/ask", { question: "help" }, { ...eve, accept: "text/event-stream" });
    expect(streamed.status === 429 || wait <= 1).toBe(true);
    expect((await app.post("/api/v1/ask", { question: "🎉" }, {})).status).toBe(200);
    // Reading what was answered is no question.
    expect((await app.get("/api/v1/conversations", eve)).status).toBe(200);
  });
});

describe("health", () => {
  it("says that the process lives and can answer, to anyone, even with a bad key", async () => {
    const live = await app.get("/health/live", { authorization: "Bearer fm_wrong" });
    const ready = await app.get("/health/ready");

    expect(live.json.data).toEqual({ status: "live" });
    expect(ready.json.data).toEqual({
      status: "ready",
      checks: expect.arrayContaining([
        { name: "database", state: "ok" },
        { name: "accepting", state: "ok" },
      ]),
    });
    // Names and states alone: why something fails is for those who run it.
    for (const check of ready.json.data.checks) expect(Object.keys(check).toSorted()).toEqual(["name", "state"]);
    expect(ready.headers.get("cache-control")).toBe("no-store");
  });
});
