import { describe, expect, it } from "vitest";
import { addDays, toInstant } from "../../src/core/civil-date.ts";
import type { Fact } from "../../src/core/fact.ts";
import type { Feed } from "../../src/core/feed.ts";
import { streamingQuality } from "../../src/tools/streaming-quality.ts";
import { compareDays, kpiOf } from "../../src/tools/streaming-quality-figures.ts";
import { fixtureFeed } from "../kit/fixture-feed.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, refusalOf, run, tableOf, wordsOf } from "./world.ts";

const UNITS = { sessions: "count", start_failures: "count", rebuffer_minutes: "", watched_minutes: "" };

/** Sixty days; from 22 October on, tablets in Asia rebuffer three times as much. */
function streams(names: readonly string[] = Object.keys(UNITS)): Feed {
  const facts = Array.from({ length: 60 }, (_, i) => {
    const day = addDays("2026-09-22", i);
    return ["Europe", "Asia"].flatMap((region) =>
      ["Web", "Tablet"].flatMap((device) => {
        const sessions = 1000 + 10 * (i % 7);
        const bad = region === "Asia" && device === "Tablet" && day >= "2026-10-22";
        const values: Record<string, number> = {
          sessions,
          start_failures: 10 + (i % 3),
          watched_minutes: sessions * 20,
          rebuffer_minutes: sessions * 20 * (bad ? 0.03 : 0.01) * (1 + 0.05 * (i % 2)),
        };
        return names.map(
          (measure): Fact => ({ at: toInstant(day), measure, value: values[measure] ?? 0, unit: "count", labels: { region, device } }),
        );
      }),
    );
  }).flat();
  return fixtureFeed({
    name: "video",
    kind: "metrics",
    measures: names.map((name) => ({ name, unit: "count" })),
    dimensions: ["region", "device"],
    facts,
  });
}

const context = contextOf([streams()]);

testTool(streamingQuality, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a dimension, a period and a top", input: { by: "region", period: { from: "2026-11-01", to: "2026-11-10" }, top: 1 } },
    { name: "a filter", input: { filter: { device: "Web" }, dataset: "video" } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "vidoe" }, says: /Did you mean “video”/ },
    { name: "an unknown dimension", input: { by: "regoin" }, says: /Did you mean “region”/ },
    { name: "a period without data", input: { period: "2020" }, says: /no streaming data/i },
  ],
});

interface Data {
  overall: Record<string, { now: number | null; before: number | null; beyondNoise: boolean | null }>;
  groups: { labels: Record<string, string>; rebuffering_ratio: { now: number; before: number; beyondNoise: boolean } }[];
  missing: string[];
}

describe("streaming quality", () => {
  it("is ratios of sums, per region and device, against the thirty days before", async () => {
    const finding = await run(streamingQuality, {}, context);
    const { overall, groups, missing } = finding.data as Data;

    expect(overall.start_failure_rate?.now).toBeCloseTo(11 / 1030, 3);
    expect(missing).toEqual(["bitrate"]);
    const bad = groups.find(({ labels }) => labels.region === "Asia" && labels.device === "Tablet");
    expect(bad?.rebuffering_ratio.now).toBeCloseTo(0.03, 2);
    expect(bad?.rebuffering_ratio.beyondNoise).toBe(true);
    expect(groups.filter((g) => g.rebuffering_ratio.beyondNoise)).toHaveLength(1);
    expect(wordsOf(finding)).toContain("rebuffering ratio got worse most in **Asia · Tablet**");
    expect(tableOf(finding).rows).toHaveLength(4);
  });

  it("says which measures it takes when a dataset has none of them", async () => {
    const { message } = await refusalOf(run(streamingQuality, {}, contextOf([streams(["sessions"])])));

    expect(message).toMatch(/takes start_failures with sessions, rebuffer_minutes with watched_minutes, or bitrate/);
  });

  it("has no ratio without anything played, and no verdict on a few days", () => {
    expect(kpiOf("rebuffering_ratio", { rebufferMinutes: 1, watchedMinutes: 0 })).toBeUndefined();
    expect(kpiOf("bitrate", {})).toBeUndefined();
    const day = { sessions: 100, startFailures: 1 };
    expect(compareDays("start_failure_rate", [day], [day])).toEqual({ now: 0.01, before: 0.01, beyondNoise: undefined });
  });
});
