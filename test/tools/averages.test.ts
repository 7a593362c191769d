import { describe, expect, it } from "vitest";
import { fromInstant } from "../../src/core/civil-date.ts";
import { recordFeed } from "../../src/core/record-feed.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { pareto } from "../../src/tools/pareto.ts";
import { queryDataset } from "../../src/tools/query-dataset.ts";
import { contextOf } from "./world.ts";

/** Three calls of api and one of web; latencies 10, 20, 30 and 100 ms. */
const CALLS: FeedRecord[] = [
  ["api", 10, "2026-11-18"],
  ["api", 20, "2026-11-19"],
  ["api", 30, "2026-11-20"],
  ["web", 100, "2026-11-20"],
].map(([service, ms, day], i) => ({
  id: `${i}`,
  at: new Date(`${day}T10:00:00Z`),
  labels: { service: `${service}` },
  numbers: { ms: Number(ms) },
  times: {},
}));

const feed = recordFeed({
  name: "latency",
  kind: "deploys",
  title: "Latency",
  measures: [{ name: "latency", unit: "ms", aggregate: "mean", of: ({ numbers }) => numbers.ms }],
  dimensions: ["service"],
  covers: () => ({ from: "2026-11-01", to: "2026-11-20" }),
  load: async (period) => ({
    records: CALLS.filter(({ at }) => at && fromInstant(at) >= period.from && fromInstant(at) <= period.to),
    receipts: [{ id: "l", source: "latency", query: "mean latency", fetchedAt: new Date(0), status: "live" }],
  }),
});
const context = contextOf([feed]);
const november = { from: "2026-11-01", to: "2026-11-20" };

describe("averages", () => {
  it("are averaged over all that was measured, not over the averages of the parts", async () => {
    const { blocks } = await queryDataset.run({ dataset: "latency", by: "service", period: november }, context);

    expect(blocks[0]).toMatchObject({ text: expect.stringContaining("40 ms") });
    expect(blocks.find((b) => b.type === "table")).toMatchObject({
      rows: [
        ["web", 100, null],
        ["api", 20, null],
      ],
    });
  });

  it("have no line of others that would add them up", async () => {
    const { blocks } = await queryDataset.run({ dataset: "latency", by: "service", period: november, top: 1 }, context);

    expect(blocks.find((b) => b.type === "table")).toMatchObject({ rows: [["web", 100, null]] });
  });

  it("are refused by a Pareto, with a question that works", async () => {
    await expect(pareto.run({ dataset: "latency", by: "service", period: november }, context)).rejects.toMatchObject({
      message: expect.stringContaining("is an average"),
      suggestions: ["latency by service"],
    });
  });
});
