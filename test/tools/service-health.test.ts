import { describe, expect, it } from "vitest";
import { addDays, toInstant } from "../../src/core/civil-date.ts";
import type { Fact } from "../../src/core/fact.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { serviceHealth } from "../../src/tools/service-health.ts";
import { judge, type ServiceSignals } from "../../src/tools/service-health-judge.ts";
import { fixtureFeed, salesFeed } from "../kit/fixture-feed.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, failing, refusalOf, run, tableOf, wordsOf } from "./world.ts";

const incident = (id: string, service: string, severity: string, changes: Partial<FeedRecord> = {}): FeedRecord => {
  const at = new Date("2026-11-18T09:00:00Z");
  return {
    id,
    at,
    title: `${service} is down`,
    labels: { service, severity, status: "open" },
    numbers: {},
    times: { created: at },
    ...changes,
  };
};

/** Three services, the same every day but for one bad day of checkout; two weeks. */
function monitoring(
  name: string,
  services: readonly string[],
  change: (measure: string, service: string, day: string) => number | undefined = () => undefined,
): Feed {
  const usual: Readonly<Record<string, number>> = { requests: 1_000, error_rate: 0.002, latency_p95: 200, apdex: 0.95 };
  const facts: Fact[] = Array.from({ length: 14 }, (_, i) => addDays("2026-11-07", i)).flatMap((day) =>
    services.flatMap((service) =>
      Object.entries(usual).map(([measure, value]) => ({
        at: toInstant(day),
        measure,
        value: change(measure, service, day) ?? value,
        labels: { service },
      })),
    ),
  );
  const measures = Object.keys(usual).map((measure) => ({
    name: measure,
    ...(measure === "requests" ? {} : { aggregate: "mean" as const }),
  }));
  const feed = fixtureFeed({ name, kind: "metrics", title: name, measures, dimensions: ["service"], facts, withoutPeriod: "recent" });
  return {
    ...feed,
    // The kit's feed adds; means over days are taken here, as a vendor would.
    async query(query, signal) {
      signal.throwIfAborted();
      const answer = await feed.query(query, signal);
      if (query.measure === "requests" || query.grain === "day") return answer;
      const days = query.period ? (toInstant(query.period.to).getTime() - toInstant(query.period.from).getTime()) / 86_400_000 + 1 : 14;
      return { ...answer, facts: answer.facts.map((fact) => ({ ...fact, value: fact.value / days, average: true as const })) };
    },
  };
}

const bad = (measure: string, service: string, day: string) => {
  if (service !== "checkout") return undefined;
  if (measure === "error_rate" && day === "2026-11-18") return 0.3;
  return measure === "latency_p95" && day > "2026-11-13" ? 320 : undefined;
};
const watch = monitoring("Watch", ["checkout", "search", "mail"], bad);
const pages = fixtureRecords("incidents", [incident("I-1", "search", "low"), incident("I-2", "ghost", "critical")], ["service"]);
const context = contextOf([watch, pages, salesFeed()]);

testTool(serviceHealth, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "one service and a period", input: { service: "checkout", period: "last week" } },
    { name: "days and a top", input: { period: { from: "2026-11-14", to: "2026-11-20" }, top: 1 } },
  ],
  bad: [
    { name: "a service nobody knows", input: { service: "serch" }, says: /Did you mean “search”/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
    { name: "a period without figures", input: { period: "2001" }, says: /No service was measured/ },
  ],
  wide: {
    input: { top: 500 },
    context: contextOf([
      monitoring(
        "Watch",
        Array.from({ length: 300 }, (_, i) => `service ${i} ${"with a long name | ".repeat(6)}`),
      ),
    ]),
  },
});

describe("service health", () => {
  it("puts the worst first, with the reason, the period before and what is open", async () => {
    const finding = await run(serviceHealth, {}, context);
    const { services, openElsewhere } = finding.data as {
      services: { service: string; state: string; open: string[]; now: { errorRate: number } }[];
      openElsewhere: number;
    };

    expect(services.map(({ service, state }) => `${service} ${state}`)).toEqual(["checkout red", "search amber", "mail green"]);
    expect(services[0]?.now.errorRate).toBeCloseTo((6 * 0.002 + 0.3) / 7, 12);
    expect(services[1]?.open).toEqual(["I-1"]);
    expect(openElsewhere).toBe(1);
    expect(wordsOf(finding)).toContain("30% of requests failed on 18 November 2026");
    expect(wordsOf(finding)).toContain("p95 latency 320 ms (200 ms before)");
    expect(wordsOf(finding)).toContain("1 more open incident is of no measured service");
    expect(wordsOf(finding)).toContain("Red: error rate from 5 %");
    const chart = finding.blocks.find((b) => b.type === "chart");
    expect(chart).toMatchObject({ title: "checkout: at most 30% of requests failed, on 18 November 2026" });
    expect(finding.receipts.some(({ source }) => source === "Watch")).toBe(true);
  });

  it("leaves missing figures missing, and incidents unknown when nobody was asked", async () => {
    const finding = await run(serviceHealth, {}, contextOf([monitoring("Watch", ["mail"])]));

    expect(finding.data).toMatchObject({ openElsewhere: null, services: [{ incidents: null, open: null }] });
    const { columns, rows } = tableOf(finding);
    expect(rows[0]?.[columns.findIndex(({ label }) => label === "open")]).toBeNull();
    expect(wordsOf(finding)).toContain("No source of incidents answered");
  });

  it("goes on without a source that fails, and says which", async () => {
    const finding = await run(serviceHealth, {}, contextOf([watch, failing(monitoring("Broken", ["mail"]), "query"), pages]));

    expect(wordsOf(finding)).toContain("Left out error_rate of “Broken”: The vendor did not answer.");
    await expect(run(serviceHealth, {}, contextOf([failing(watch, "query")]))).rejects.toThrow("The vendor did not answer.");
  });

  it("adds nothing where two sources measure one service: the worse figure counts", async () => {
    const other = monitoring("Other", ["mail"], (measure) => (measure === "apdex" ? 0.6 : measure === "requests" ? 900 : undefined));
    const finding = await run(serviceHealth, { service: "mail" }, contextOf([watch, other, pages]));

    expect(finding.data).toMatchObject({ services: [{ state: "red", sources: ["Watch", "Other"] }] });
    const { services } = finding.data as { services: { now: { requests: number; apdex: number } }[] };
    expect(services[0]?.now.requests).toBe(7_000);
    expect(services[0]?.now.apdex).toBeCloseTo(0.6, 12);
    expect(wordsOf(finding)).toContain("mail: measured by several sources");
  });

  it("holds no fall of requests against a day that is not over", async () => {
    const finding = await run(
      serviceHealth,
      { period: "today" },
      contextOf([monitoring("Watch", ["mail"], () => undefined), pages], { now: new Date("2026-11-20T02:00:00Z") }),
    );

    expect(finding.data).toMatchObject({ services: [{ before: { requests: null } }] });
  });

  it("names what to connect when nothing measures services", async () => {
    const absent = [{ title: "Watch", requires: ["WATCH_TOKEN"], topics: [], kinds: ["metrics" as const] }];

    expect((await refusalOf(run(serviceHealth, {}, contextOf([salesFeed(), pages], { absent })))).message).toMatch(
      /measures services.*Set WATCH_TOKEN/,
    );
  });
});

describe("the judgement of a service", () => {
  const none = { requests: null, errorRate: null, p95: null, apdex: null };
  const one = (changes: Partial<ServiceSignals>): ServiceSignals => ({
    ...{ service: "a", now: none, before: none, days: [], sources: ["s"], open: [], incidents: 0 },
    ...changes,
  });

  it.each([
    ["nothing measured", {}, "unknown"],
    ["a good service", { now: { ...none, errorRate: 0.002, apdex: 0.9, p95: 100 } }, "green"],
    ["a high error rate", { now: { ...none, errorRate: 0.05 } }, "red"],
    ["a doubled error rate", { now: { ...none, errorRate: 0.004 }, before: { ...none, errorRate: 0.002 } }, "amber"],
    [
      "a doubled error rate that is next to nothing",
      { now: { ...none, errorRate: 0.0004 }, before: { ...none, errorRate: 0.0002 } },
      "green",
    ],
    ["much slower than before", { now: { ...none, p95: 250 }, before: { ...none, p95: 100 } }, "red"],
    ["fair Apdex", { now: { ...none, apdex: 0.8 } }, "amber"],
    [
      "one bad day",
      { now: { ...none, errorRate: 0.004 }, before: { ...none, errorRate: 0.003 }, days: [{ day: "2026-11-18", value: 0.02 }] },
      "amber",
    ],
    ["half of the traffic", { now: { ...none, requests: 50, apdex: 1 }, before: { ...none, requests: 100 } }, "amber"],
    ["an open high incident", { now: { ...none, apdex: 1 }, open: [incident("i", "a", "high")] }, "red"],
    ["an open low incident", { now: { ...none, apdex: 1 }, open: [incident("i", "a", "low")] }, "amber"],
  ] as const)("of %s is by the stated thresholds", (_, changes, state) => {
    expect(judge(one(changes)).state).toBe(state);
  });
});
