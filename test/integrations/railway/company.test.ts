import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import type { Fault } from "../../../src/demo/faults.ts";
import { type Host, startHost } from "../../../src/demo/host.ts";
import { railway as simulator } from "../../../src/demo/vendors/railway.ts";
import { createWorld } from "../../../src/demo/world/index.ts";
import { VendorError } from "../../../src/errors.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { railway } from "../../../src/integrations/railway/index.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";
import { contextOf, feedOf, NOW, patience } from "./world.ts";

/** Our integration against the simulated Railway, and the simulated company's own records beside it. */
const world = createWorld("2026-11-21", undefined, new Date("2026-11-21T09:00:00Z"));
const period = { from: "2026-06-01", to: "2026-11-20" };
const isIn = (at: string) => at.slice(0, 10) >= period.from && at.slice(0, 10) <= period.to;
const faults = new Map<string, Fault>();
let host: Host;
let connection: Connection;
let time = NOW.getTime();
const calls: string[] = [];

async function connect(): Promise<Connection> {
  const context: HttpContext = {
    now: () => new Date(time),
    demoOrigins: [host.origin],
    onVendorCall: ({ outcome, operation }) => void (outcome === "cached" ? 0 : calls.push(operation)),
    random: () => 0.5,
    wait: async () => {},
    attemptMs: 8_000,
  };
  return railway.connect(railway.settings.parse(host.settings), context);
}

beforeAll(async () => {
  host = await startHost({ simulators: [simulator], now: () => new Date(time), faults });
  connection = await connect();
  // The company is made with the first request, which may take longer than a vendor may.
  const { RAILWAY_TOKEN = "", RAILWAY_API_URL = "" } = host.settings;
  await fetch(RAILWAY_API_URL, {
    method: "POST",
    headers: { authorization: `Bearer ${RAILWAY_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ deployments(input: {}, first: 1) { edges { node { id } } } }" }),
  });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await host?.close();
});

describe("the simulated company on Railway", () => {
  it("has its deployments, of all pages, with outcome, place and commit", async () => {
    const expected = world.deployments().filter(({ platform, createdAt }) => platform === "railway" && isIn(createdAt));
    const answer = await feedOf(connection, "railway_deploys").records?.({ period }, patience());
    const told = (answer?.records ?? []).map(({ id, labels, at }) => [
      id,
      labels.service,
      labels.environment,
      labels.status,
      labels.commit,
      at,
    ]);

    expect(told.length).toBeGreaterThan(200);
    expect(told.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual(
      expected
        .map((d) => [
          ...[d.id, d.service, d.environment, d.status === "in_progress" ? "running" : d.status, d.commit],
          new Date(d.createdAt),
        ])
        .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
    expect(calls.filter((operation) => operation === "list deployments").length).toBeGreaterThan(3);
    expect(answer?.receipts).toMatchObject([{ status: "demo", window: period }]);
  });

  it.each([
    ["cpu_minutes", "cpuMinutes"],
    ["memory_gb_minutes", "memoryGbMinutes"],
    ["network_gb", "networkGb"],
    ["disk_gb_minutes", "diskGbMinutes"],
  ] as const)("has its %s by service", async (measure, field) => {
    const { facts } = await feedOf(connection, "railway_usage").query({ measure, by: ["service"], period }, patience());
    const sums = new Map<string, number>();
    for (let at = Date.parse(period.from); at <= Date.parse(period.to); at += 86_400_000)
      for (const row of world.railwayUsage(new Date(at).toISOString().slice(0, 10)))
        sums.set(row.service, (sums.get(row.service) ?? 0) + row[field]);

    expect(facts.map(({ labels }) => labels.service).toSorted()).toEqual([...sums.keys()].toSorted());
    for (const { labels, value } of facts) expect(value).toBeCloseTo(sums.get(labels.service ?? "") ?? Number.NaN, 4);
  });

  it("tells its services with what they use", async () => {
    const [tool] = connection.tools;
    const finding = await tool?.run(tool.input.parse({ period: "last month" }), contextOf(connection));

    expect(finding?.content).toContain("reporting-old");
    expectHonest(finding ?? { facts: [], receipts: [] });
    expect(await connection.check(patience())).toMatchObject([
      { state: "ok", message: expect.stringContaining("3 projects") },
      { state: "ok" },
    ]);
  });

  const broken: Fault[] = ["limited", "failing", "truncated", "drifted", "revoked"];
  it.each(broken)("answers with an error of ours, and never with a figure, when it is %s", async (fault) => {
    faults.set("railway", fault);
    const fresh = await connect();
    try {
      for (const feed of fresh.feeds) await expect(feed.query({ period }, patience())).rejects.toBeInstanceOf(VendorError);
    } finally {
      faults.clear();
      await fresh.close();
    }
  });

  it("serves its last answer with its age while it fails", async () => {
    const ask = () => feedOf(connection, "railway_usage").query({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());
    const before = await ask();
    time += 20 * 60_000;
    faults.set("railway", "failing");
    const after = await ask();
    faults.clear();
    time = NOW.getTime();

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]?.notes?.join(" ")).toMatch(/2\d min old/);
  });
});
