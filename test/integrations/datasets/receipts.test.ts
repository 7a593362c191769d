import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainError } from "../../../src/errors.ts";
import { NOW, openWorld, signal, toCsv, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
  world.write("sales.csv", toCsv([["day", "region", "amount"], ...days(40)]));
});
afterEach(() => world.close());

/** Rows of the last `n` days up to yesterday. */
function days(n: number): [string, string, number][] {
  return Array.from({ length: n }, (_, i) => [new Date(NOW.getTime() - (i + 1) * 86_400_000).toISOString().slice(0, 10), `r${i % 7}`, 1]);
}

function yaml(more = ""): string {
  return `datasets:\n  - name: sales\n    title: Sales of the shop\n    source: sales.csv\n    time: day\n    measures: [amount]\n    dimensions: [region]\n${more}`;
}

describe("a receipt", () => {
  test("says the source, the question in words, the days, the rows and the state of the file", async () => {
    const feed = await world.feed(yaml());

    const { receipts } = await feed.query(
      { by: ["region"], grain: "week", filter: { region: ["r0", "r1"] }, period: { from: "2026-11-01", to: "2026-11-20" } },
      signal,
    );

    expect(receipts).toEqual([
      {
        id: expect.stringMatching(/^sales-\d+$/),
        source: "Sales of the shop (sales.csv)",
        query: "sum of amount by region per week where region = r0 or r1 for 1–20 November 2026",
        window: { from: "2026-11-01", to: "2026-11-20" },
        fetchedAt: NOW,
        status: "live",
        notes: ["6 rows", expect.stringMatching(/^file of \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC$/)],
      },
    ]);
  });

  test("counts long filters instead of listing them", async () => {
    const feed = await world.feed(yaml());

    const { receipts } = await feed.query({ filter: { region: ["r0", "r1", "r2", "r3", "r4", "r5", "r6"] } }, signal);

    expect(receipts[0]?.query).toContain("region = r0 or r1 or r2 or r3 or r4 (+2)");
  });

  test("has an id of its own for each answer", async () => {
    const feed = await world.feed(yaml());

    const ids = await Promise.all(
      [{}, { grain: "day" }, { by: ["region"] }].map(async (q) => (await feed.query(q as object, signal)).receipts[0]?.id),
    );

    expect(new Set(ids).size).toBe(3);
  });

  test("of invented data says demo", async () => {
    const feed = await world.feed(yaml("    simulated: true\n"));

    expect((await feed.query({}, signal)).receipts[0]?.status).toBe("demo");
  });

  test("names the first provisional day when the window has one, as the clock says", async () => {
    let now = NOW;
    const feed = await world.feed(yaml("    provisional_days: 3\n"), () => now);
    const provisional = async (period?: { from: string; to: string }) =>
      (await feed.query(period ? { period } : {}, signal)).receipts[0]?.provisional;

    expect(await provisional()).toBe("since 2026-11-18");
    expect(await provisional({ from: "2026-11-01", to: "2026-11-18" })).toBe("since 2026-11-18");
    expect(await provisional({ from: "2026-11-01", to: "2026-11-17" })).toBeUndefined();
    now = new Date("2026-12-24T00:00:00Z");
    expect(await provisional()).toBeUndefined();
  });
});

test("a source that goes on means its recent days without a period, a file means all of it", async () => {
  expect((await world.feed(yaml())).withoutPeriod).toBe("all");
  expect((await world.feed(yaml("    rolling: true\n"))).withoutPeriod).toBe("recent");
});

test("the kind of feed is the one described, else costs for a bill and metrics for the rest", async () => {
  world.write("bill.csv", "ChargePeriodStart,BilledCost,ServiceName\n2026-01-01,7,x\n");

  expect((await world.feed(yaml())).kind).toBe("metrics");
  expect((await world.feed(yaml("    feed: customers\n"))).kind).toBe("customers");
  expect((await world.feed("datasets:\n  - { name: bill, source: bill.csv }\n")).kind).toBe("costs");
});

test("more than two hundred values are not all listed, the most frequent are", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => ["2026-01-01", `v${i}`, 1] as [string, string, number]);
  world.write("sales.csv", toCsv([["day", "region", "amount"], ...rows, ["2026-01-01", "v299", 1]]));

  const [region] = (await (await world.feed(yaml())).describe(signal)).dimensions;

  expect(region).toMatchObject({ more: true });
  expect(region?.values).toHaveLength(200);
  expect(region?.values[0]).toBe("v299");
});

test("a split into too many lines is refused, naming what to do", async () => {
  const rows = Array.from({ length: 50_001 }, (_, i) => ["2026-01-01", `v${i}`, 1] as [string, string, number]);
  world.write("sales.csv", toCsv([["day", "region", "amount"], ...rows]));
  const feed = await world.feed(yaml());

  const error = await feed.query({ by: ["region"] }, signal).catch((reason: unknown) => reason);

  expect(explainError(error)).toBe("That would give more than 50,000 lines. Filter it, or split it by fewer dimensions.");
});
