import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";
import { type Postgres, startPostgres } from "../kit/postgres.ts";

/** Two real processes on one PostgreSQL. */

let postgres: Postgres | undefined;
let replicas: Served[] = [];
let reason = "";

beforeAll(async () => {
  try {
    postgres = await startPostgres();
  } catch (error) {
    reason = String(error);
    return;
  }
  const env = { DATABASE_URL: await postgres.fresh(), REQUESTS_PER_MINUTE: "20" };
  // One after the other: the first makes the tables and the secrets.
  for (let i = 0; i < 2; i++) replicas.push(await serve({ args: [], env }));
}, 60_000);
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas = [];
  await postgres?.stop();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("two replicas", () => {
  it("count the questions of a key together", async (context) => {
    context.skip(replicas.length < 2, reason);
    const key = bearer((await replicas[0]?.key("viewer")) ?? "");

    // Two minutes at most, of twenty each; alone, each would let all of these in.
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => replicas[i % 2]?.post("/api/v1/tools/help", {}, key) ?? Promise.reject(new Error("no replica"))),
    );

    const letIn = answers.filter(({ status }) => status === 200).length;
    expect(letIn).toBeGreaterThanOrEqual(20);
    expect(letIn).toBeLessThanOrEqual(40);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(60 - letIn);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused[0]?.headers.get("ratelimit-policy")).toBe('"key";q=20;w=60');
  });

  it("take each other's tokens, and end a session for both", async (context) => {
    context.skip(replicas.length < 2, reason);
    const [one, two] = replicas as [Served, Served];
    const key = bearer(await one.key("viewer"));

    const pair = (await one.post("/api/v1/auth/token", { grant: "key" }, key)).json.data;
    expect((await two.get("/api/v1/auth/me", bearer(pair.accessToken))).status).toBe(200);
    const next = (await two.post("/api/v1/auth/token", { grant: "refresh", refreshToken: pair.refreshToken })).json.data;
    expect((await one.post("/api/v1/auth/token", { grant: "refresh", refreshToken: pair.refreshToken })).status).toBe(401);

    for (const replica of [one, two]) expect((await replica.get("/api/v1/auth/me", bearer(next.accessToken))).status).toBe(401);
  });
});
