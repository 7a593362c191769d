import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, type Served, serve } from "../kit/app.ts";

/** What the console's pages ask of the API beside questions. */
let app: Served;
let admin: Record<string, string>;
let ada: Record<string, string>;
let ben: Record<string, string>;
beforeAll(async () => {
  app = await serve();
  const bearer = async (role: string, name: string) => ({ authorization: `Bearer ${await app.key(role, "--name", name)}` });
  [admin, ada, ben] = await Promise.all([bearer("admin", "Root"), bearer("viewer", "Ada"), bearer("viewer", "Ben")]);
});
afterAll(() => app.stop());

const change = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
  const init = { method, headers: { "content-type": "application/json", ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) };
  return fetch(`${app.url}${path}`, init);
};
const project = async (fields: object) => (await app.post("/api/v1/projects", fields, admin)).json.data.id as string;

describe("a conversation of one's own", () => {
  it("is renamed and deleted by who began it alone, and the audit chain holds", { timeout: 60_000 }, async () => {
    const asked = await app.post("/api/v1/ask", { question: "help me with secrets" }, ada);
    const path = `/api/v1/conversations/${asked.json.data.conversation}`;

    expect((await change("PATCH", path, ben, { title: "Mine" })).status).toBe(404);
    expect((await change("DELETE", path, ben)).status).toBe(404);
    expect((await change("DELETE", path, {})).status).toBe(401);
    expect((await change("PATCH", path, ada, { title: "  " })).status).toBe(422);
    expect((await change("PATCH", path, ada, { title: "Secrets" })).status).toBe(200);
    expect((await app.get(path, ada)).json.data.title).toBe("Secrets");

    expect((await change("DELETE", path, ada)).status).toBe(200);
    expect((await app.get(path, ada)).status).toBe(404);
    expect((await app.get("/api/v1/conversations", ada)).json.data).toEqual([]);
    expect((await app.get("/api/v1/audit?limit=200", admin)).text).not.toContain("help me with secrets");
    const verified = await firstmate(["audit", "verify", "--demo"], { dataDir: app.dataDir });
    expect([verified.code, verified.err]).toEqual([0, ""]);
  });
});

describe("who one is", () => {
  it("is told to a key, and to nobody else", async () => {
    const { json } = await app.get("/api/v1/me", ada);

    expect(json.data).toEqual({ id: expect.stringMatching(/^key:/), name: "Ada", roles: ["viewer"] });
    expect((await app.get("/api/v1/me")).status).toBe(401);
  });
});

describe("feedback", () => {
  it("is kept for an answer of one's own, and refused for another's", async () => {
    const { json } = await app.post("/api/v1/ask", { question: "help" }, ada);
    const path = `/api/v1/turns/${json.data.turn}/feedback`;

    expect((await app.post(path, { verdict: "good" }, ben)).status).toBe(404);
    expect((await app.post(path, { verdict: "great" }, ada)).status).toBe(422);
    expect((await app.post(path, { verdict: "bad" }, ada)).json.data).toEqual({ verdict: "bad" });
    expect((await app.post(path, { verdict: "good" }, ada)).status).toBe(200);
    const read = await app.get(`/api/v1/conversations/${json.data.conversation}`, ada);
    expect(read.json.data.turns[0].verdict).toBe("good");
  });
});

describe("a question about one project", () => {
  it("is answered from its figures alone and says so; without it from everything", async () => {
    const id = await project({ name: "Atlas", cloudAccount: "data-platform" });
    const question = "What did we spend last month?";

    const narrowed = await app.post("/api/v1/ask", { question, project: id }, ada);
    const whole = await app.post("/api/v1/ask", { question }, ada);

    expect(narrowed.json.data.notice).toContain("Narrowed to project Atlas, as you chose.");
    expect(whole.json.data.notice).not.toContain("Atlas");
    expect(narrowed.json.data.text).not.toBe(whole.json.data.text);
  });

  it("is refused for a project that the asker does not see, which is not offered either", async () => {
    const hidden = await project({ name: "Hidden", members: ["someone@example.com"] });
    const archived = await project({ name: "Archived" });
    await app.post(`/api/v1/projects/${archived}/archive`, {}, admin);

    for (const id of [hidden, archived, "no-such"]) {
      const refused = await app.post("/api/v1/ask", { question: "help", project: id }, ada);
      expect(refused.status).toBe(422);
      expect(refused.json.errors[0].path).toBe("project");
    }
    const names = async (headers = {}) => (await app.get("/api/v1/scopes", headers)).json.data.map(({ name }: { name: string }) => name);
    expect(await names()).not.toContain("Hidden");
    expect(await names(admin)).toContain("Hidden");
    expect(await names(admin)).not.toContain("Archived");
  });
});

describe("a chart that a tool gave", () => {
  it("is drawn as it came, in both themes, and not when anything in it was changed", { timeout: 60_000 }, async () => {
    const { json } = await app.post("/api/v1/tools/pareto", { feed: "costs", by: "service", period: "last month" }, ada);
    const { spec, proof } = json.data.blocks.find(({ type }: { type: string }) => type === "chart");

    for (const theme of ["light", "dark"]) {
      const drawn = await change("POST", "/api/v1/charts", ada, { spec, proof, theme });
      expect([drawn.status, drawn.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(
        Buffer.from(await drawn.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    }
    const forged = { ...spec, datasets: { ...spec.datasets, more: [{ url: "http://example.com" }] } };
    expect((await change("POST", "/api/v1/charts", ada, { spec: forged, proof })).status).toBe(403);
    expect((await change("POST", "/api/v1/charts", ada, { spec, proof: "expires=9999999999&signature=x" })).status).toBe(403);
  });
});

describe("budgets and rules", () => {
  it("tell what is used and left, with no limit as no limit", async () => {
    const { json } = await app.get("/api/v1/budgets");

    expect(json.data.model.state).toBe("off");
    expect(json.data.scopes).toEqual([
      { scope: "day", name: "All answers", tokens: { used: 0, limit: 5_000_000 }, usd: { used: 0, limit: null } },
      { scope: "user", name: "Answers to you", tokens: { used: 0, limit: null }, usd: { used: 0, limit: null } },
      { scope: "channel", name: "Answers through the console and REST", tokens: { used: 0, limit: null }, usd: { used: 0, limit: null } },
    ]);
    expect(Date.parse(json.data.until) - Date.parse(json.data.from)).toBe(86_400_000);
  });

  it("judge the alert rules on request and keep nothing", { timeout: 60_000 }, async () => {
    const began = new Date().toISOString();

    const { status, json } = await app.get("/api/v1/alerts/preview");

    expect(status).toBe(200);
    expect(json.data).toEqual({ at: expect.stringMatching(/Z$/), firing: expect.any(Array), problems: expect.any(Array) });
    // The demo's own may have opened before.
    const kept = (await app.get("/api/v1/alerts?state=all", admin)).json.data as { openedAt: string }[];
    expect(kept.filter(({ openedAt }) => openedAt >= began)).toEqual([]);
  });
});
