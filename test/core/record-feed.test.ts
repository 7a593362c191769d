import { describe, expect, it } from "vitest";
import { recordFeed } from "../../src/core/record-feed.ts";
import type { FeedRecord } from "../../src/core/records.ts";

const signal = new AbortController().signal;
const RECORDS: FeedRecord[] = [
  deploy("a", "2026-11-02T10:00:00Z", { service: "api", environment: "production" }, { minutes: 4 }),
  deploy("b", "2026-11-02T23:59:59Z", { service: "web", environment: "production" }, { minutes: 8 }),
  deploy("c", "2026-11-10T00:00:00Z", { service: "api" }, {}),
];

function deploy(id: string, at: string, labels: Record<string, string>, numbers: Record<string, number>): FeedRecord {
  return { id, at: new Date(at), labels, numbers, times: { started: new Date(at) } };
}

const feed = recordFeed({
  name: "deployer",
  kind: "deploys",
  title: "Deployments",
  measures: [
    { name: "deployments", unit: "count" },
    { name: "duration", unit: "min", aggregate: "mean", of: ({ numbers }) => numbers.minutes },
  ],
  dimensions: ["service", "environment"],
  covers: () => ({ from: "2026-11-01", to: "2026-11-20" }),
  load: async (period) => ({
    records: RECORDS.filter(({ at }) => at && at >= new Date(period.from) && at < new Date(`${period.to}T24:00:00Z`)),
    receipts: [{ id: "1", source: "deployer", query: "deployments", fetchedAt: new Date(0), status: "live" }],
  }),
});

describe("a feed made of records", () => {
  it("counts records per bucket and label, and leaves out a label a record lacks", async () => {
    const { facts, receipts } = await feed.query({ by: ["environment"], grain: "week" }, signal);

    expect(facts.map(({ at, value, labels }) => [at.toISOString().slice(0, 10), value, labels])).toEqual([
      ["2026-11-02", 2, { environment: "production" }],
      ["2026-11-09", 1, {}],
    ]);
    expect(receipts).toHaveLength(1);
  });

  it("averages what must not be added, over the records that have it", async () => {
    const { facts } = await feed.query({ measure: "duration", period: { from: "2026-11-01", to: "2026-11-20" } }, signal);

    expect(facts.map(({ value, unit, measure }) => ({ value, unit, measure }))).toEqual([{ value: 6, unit: "min", measure: "duration" }]);
  });

  it("gives no fact where no record has the value", async () => {
    const { facts } = await feed.query({ measure: "duration", period: { from: "2026-11-09", to: "2026-11-20" } }, signal);

    expect(facts).toEqual([]);
  });

  it("filters by label, a missing one by its own name", async () => {
    const ids = async (values: string[]) =>
      (await feed.records?.({ filter: { environment: values } }, signal))?.records.map(({ id }) => id);

    expect(await ids(["production"])).toEqual(["a", "b"]);
    expect(await ids(["(not set)"])).toEqual(["c"]);
  });

  it("names what it has when asked for what it has not", async () => {
    await expect(feed.query({ measure: "cost" }, signal)).rejects.toThrow("It has deployments and duration");
    await expect(feed.query({ by: ["team"] }, signal)).rejects.toThrow("It has service and environment");
    await expect(feed.records?.({ filter: { team: ["x"] } }, signal)).rejects.toThrow("no dimension “team”");
  });

  it("describes its measures, and dimensions by their most frequent values", async () => {
    const about = await feed.describe(signal);

    expect(about.measures[1]).toEqual({ name: "duration", unit: "min", aggregate: "mean" });
    expect(about.dimensions).toEqual([
      { name: "service", values: ["api", "web"], more: true },
      { name: "environment", values: ["production"], more: true },
    ]);
  });
});
