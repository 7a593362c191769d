import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Feed } from "../../../src/core/feed.ts";
import { openWorld, refusalOf, signal, type World } from "./world.ts";

const ROWS = 1_000_000;
const START = Date.UTC(2024, 0, 1);

/** Row i, worked out here and not by any database. In cents. */
function rowOf(i: number) {
  return { day: i % 731, team: (i * 7) % 13, cents: ((i * 7919) % 100_000) - 5_000 };
}

function dayText(offset: number): string {
  return new Date(START + offset * 86_400_000).toISOString().slice(0, 10);
}

let world: World;
let feed: Feed;
let csv = "";
beforeAll(async () => {
  world = openWorld();
  const names = Array.from({ length: 731 }, (_, d) => dayText(d));
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const { day, team, cents } = rowOf(i);
    return `${names[day]},team ${team},${(cents / 100).toFixed(2)}`;
  });
  csv = `day,team,amount\n${lines.join("\n")}\n`;
  world.write("big.csv", csv);
  feed = await world.feed(
    "datasets:\n  - name: big\n    source: big.csv\n    time: day\n    measures: [{ name: amount, unit: currency, currency: EUR }]\n    dimensions: [team]\n",
  );
});
afterAll(() => world.close());

test("a million rows add up to the cent, in all and by team and year", async () => {
  let cents = 0;
  const parts = new Map<string, number>();
  for (let i = 0; i < ROWS; i++) {
    const row = rowOf(i);
    cents += row.cents;
    const key = `${dayText(row.day).slice(0, 4)} team ${row.team}`;
    parts.set(key, (parts.get(key) ?? 0) + row.cents);
  }

  const whole = await feed.query({}, signal);
  const split = await feed.query({ by: ["team"], grain: "year" }, signal);

  expect(whole.facts).toHaveLength(1);
  expect(whole.facts[0]?.value).toBeCloseTo(cents / 100, 6);
  expect(whole.receipts[0]?.notes?.[0]).toBe("1,000,000 rows");
  expect(split.facts).toHaveLength(parts.size);
  for (const fact of split.facts)
    expect(fact.value).toBeCloseTo((parts.get(`${fact.at.getUTCFullYear()} ${fact.labels.team}`) ?? 0) / 100, 6);
});

test("a broken line near the end of a million is named by its number", async () => {
  const at = 1 + ROWS - 500;
  const lines = csv.split("\n");
  lines[at - 1] = "2024-01-01,team 1";
  world.write("big.csv", lines.join("\n"));

  expect(await refusalOf(feed.query({ by: ["team"] }, signal))).toMatch(
    new RegExp(`^big\\.csv, line ${at}: it has 2 columns where the header has 3`),
  );

  lines[at - 1] = "2024-01-01,team 1,12.x";
  world.write("big.csv", lines.join("\n"));

  expect(await refusalOf(feed.query({ by: ["team"] }, signal))).toMatch(
    new RegExp(`^big\\.csv, row ${at - 1}: the amount is not a number`),
  );
});

test("a reading that is stopped ends, and the next one works", async () => {
  world.write("big.csv", csv);
  const stop = new AbortController();
  const reading = feed.query({ by: ["team"], grain: "day" }, stop.signal);
  const refused = expect(reading).rejects.toThrow(/Stopped/);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  stop.abort();

  await refused;
  expect((await feed.query({ by: ["team"] }, signal)).facts).toHaveLength(13);
});
