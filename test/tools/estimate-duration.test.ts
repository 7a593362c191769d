import { describe, expect, test } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { estimateDuration } from "../../src/tools/estimate-duration.ts";
import { billFeed } from "../kit/fixture-feed.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { seededRandom } from "../kit/random.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, NOW, refusalOf, run, tableOf, wordsOf } from "./world.ts";

const DAY_MS = 86_400_000;

/** Bugs take about four days, stories about thirty; begun through 2026; what is not over by now is open. */
function issues(n: number, long = ""): FeedRecord[] {
  const random = seededRandom(8);
  return Array.from({ length: n }, (_, i): FeedRecord => {
    const type = `${random() < 0.5 ? "bug" : "story"}${long ? ` ${i % 60} ${long}` : ""}`;
    const created = new Date(Date.parse("2026-01-03T00:00:00Z") + (i / n) * 318 * DAY_MS);
    const resolved = new Date(created.getTime() + (type.startsWith("bug") ? 4 : 30) * Math.exp(1.6 * (random() - 0.5)) * DAY_MS);
    return {
      id: `OPS-${i}`,
      at: created,
      labels: { project: i % 3 ? "OPS" : "WEB", type },
      numbers: {},
      times: { created, ...(resolved < NOW && i < n - 1 ? { resolved } : {}) },
    };
  });
}

const context = contextOf([fixtureRecords("issues", issues(400), ["project", "type"])]);

testTool(estimateDuration, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "by one dimension, of one project", input: { by: "type", filter: { project: "OPS" }, top: 2 } },
    { name: "one open issue", input: { item: "ops-399" } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "forge isues" }, says: /Did you mean “forge issues”/ },
    { name: "an unknown dimension", input: { by: "typ" }, says: /Did you mean “type”/ },
    { name: "an issue that is over", input: { item: "OPS-1" }, says: /already over/ },
    { name: "an issue there is not", input: { item: "OPS-9999" }, says: /no “OPS-9999”/ },
    { name: "a column for the start that is not there", input: { start: "creatd" }, says: /Did you mean “created”/ },
    { name: "a kind it does not know", input: { kind: "costs" }, says: /issues/ },
  ],
  wide: {
    input: { by: ["project", "type"], top: 500 },
    context: contextOf([fixtureRecords("issues", issues(900, "with a very long name of its type | ".repeat(5)), ["project", "type"])]),
  },
});

interface Durations {
  all: { p50: number; p80: number };
  over: number;
  open: number;
  groups: { group: string[]; p50: number; lo80: number; hi80: number }[];
  openItems: { id: string; age: number; p50: number }[];
}

describe("duration estimates", () => {
  test("are ranges per group, with how well they held", async () => {
    const finding = await run(estimateDuration, { by: "type" }, context);
    const data = finding.data as Durations;

    const p50 = Object.fromEntries(data.groups.map((g) => [g.group[0], g.p50]));
    expect(p50.bug).toBeGreaterThan(3);
    expect(p50.bug).toBeLessThan(6);
    expect(p50.story).toBeGreaterThan(22);
    expect(p50.story).toBeLessThan(40);
    expect(data.over + data.open).toBe(400);
    expect(data.open).toBeGreaterThan(5);
    expect(wordsOf(finding)).toMatch(/^\*\*Half of issues are over within/);
    expect(wordsOf(finding)).toMatch(/the 80% range held \d+(?:\.\d)?% of them/);
    expect(wordsOf(finding)).toMatch(/A single figure is weak/);
    expect(
      tableOf(finding)
        .columns.map((c) => c.label)
        .slice(0, 4),
    ).toEqual(["type", "P50", "P80", "P95"]);
    expect(finding.blocks.some((b) => b.type === "chart")).toBe(true);
  });

  test("of what is open go on from its age", async () => {
    const data = (await run(estimateDuration, {}, context)).data as Durations;

    expect(data.openItems.length).toBe(data.open);
    for (const { age, p50 } of data.openItems) expect(p50).toBeGreaterThanOrEqual(age);
  });

  test("of too few that are over say how many it takes", async () => {
    const few = contextOf([fixtureRecords("issues", issues(20), ["project", "type"])]);

    expect((await refusalOf(run(estimateDuration, {}, few))).message).toMatch(/It takes 30 that are over/);
    expect((await refusalOf(run(estimateDuration, {}, contextOf([billFeed()])))).message).toMatch(/No connected source has issues/);
  });
});
