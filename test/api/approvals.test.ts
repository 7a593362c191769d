import { afterAll, beforeAll, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";

/** Writes over HTTP: the whole program with the simulated company's Jira. */
let app: Served;
const keys: Record<string, { authorization: string }> = {};
beforeAll(async () => {
  app = await serve();
  for (const [name, role] of [
    ["ada", "analyst"],
    ["ben", "analyst"],
    ["vic", "viewer"],
    ["root", "admin"],
  ] as const)
    keys[name] = { authorization: `Bearer ${await app.key(role, "--name", name)}` };
});
afterAll(() => app.stop());

const as = (name: string) => keys[name] ?? {};
const propose = async (summary: string) => {
  const { status, json } = await app.post("/api/v1/tools/create_issue", { project: "GATE", summary }, as("ada"));
  expect(status).toBe(202);
  return json.data.data.approval as string;
};
const decide = (id: string, verdict: string, who: string) => app.post(`/api/v1/approvals/${id}/${verdict}`, undefined, as(who));

it("a write waits for its caller, is done once, and can be looked up in the source", async () => {
  const id = await propose("Trucks wait at lane 4");
  const waiting = await app.get("/api/v1/approvals", as("ada"));
  expect(waiting.json.data).toMatchObject([
    { id, tool: "create_issue", title: "Create a Task in GATE", lines: expect.arrayContaining(["Summary: Trucks wait at lane 4"]) },
  ]);

  const done = await decide(id, "approve", "ada");
  const again = await decide(id, "approve", "ada");

  expect(done.json.data).toMatchObject({
    state: "done",
    text: expect.stringMatching(/^Created \[GATE-\d+\].* Approved by you\.$/),
    data: { project: "GATE" },
  });
  expect(again.status).toBe(409);
  expect(again.json.detail).toMatch(/^That was approved and done already/);
  const found = await app.post("/api/v1/tools/find_issues", { key: done.json.data.data.key }, as("ada"));
  expect(found.json.data.content).toContain("Trucks wait at lane 4");
});

it("it does not exist for another key, and an admin may decide it", async () => {
  const id = await propose("Another lane");

  expect((await decide(id, "approve", "ben")).status).toBe(404);
  expect((await app.get("/api/v1/approvals", as("ben"))).json.data).toEqual([]);
  expect((await decide(id, "reject", "root")).json.data).toMatchObject({ state: "rejected" });
  expect((await decide(id, "approve", "ada")).json.detail).toMatch(/^That was rejected before/);
});

it("who only reads has no such tool, and without a key nobody decides", async () => {
  const id = await propose("A third lane");

  expect((await app.post("/api/v1/tools/create_issue", { project: "GATE", summary: "mine" }, as("vic"))).status).toBe(404);
  expect((await app.post(`/api/v1/approvals/${id}/approve`, undefined)).status).toBe(401);
});

it("in a conversation the words decide, for who asked", async () => {
  const { json } = await app.post("/api/v1/ask", { question: "file a bug in GATE: the sign is dark", conversation: "lane" }, as("ada"));
  const card = json.data.blocks.find(({ type }: { type: string }) => type === "approval");
  expect(json.data.text).toContain("Nothing has been done yet");

  const done = await app.post("/api/v1/ask", { question: `approve ${card.id}`, conversation: "lane" }, as("ada"));

  expect(done.json.data.text).toMatch(/^Created \[GATE-\d+\].*“the sign is dark” in GATE\. Approved by you\.$/);
  const audit = await app.get("/api/v1/audit?limit=20", as("root"));
  expect(JSON.stringify(audit.json.data)).toContain('"action":"run write"');
});
