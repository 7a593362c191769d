import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startOf } from "../../../src/core/civil-date.ts";
import type { Feed, FeedQuery, Grain } from "../../../src/core/feed.ts";
import { dayOf, LEDGER, type LedgerQuestion, ledgerTruth, TEAMS } from "./ledger.ts";
import { LEDGER_SOURCES, openLedger } from "./sources.ts";
import { signal } from "./world.ts";

/** The same questions give the same numbers, wherever the rows are; the truth is added up here, in cents. */
const QUESTIONS: readonly (readonly [name: string, query: FeedQuery, truth: LedgerQuestion])[] = [
  ["the total of money, each currency apart", { measure: "amount" }, { measure: "amount" }],
  ["the total of a count", { measure: "hours" }, { measure: "hours" }],
  ["a split with hostile names and rows without a value", { measure: "amount", by: ["team"] }, { measure: "amount", by: ["team"] }],
  ["a split by three", { measure: "hours", by: ["region", "team", "saying"] }, { measure: "hours", by: ["region", "team", "saying"] }],
  ["days", { measure: "amount", grain: "day" }, { measure: "amount", bucket: (d) => d }],
  ...(["week", "month", "quarter", "year"] as const).map((grain: Grain): [string, FeedQuery, LedgerQuestion] => [
    `${grain}s by region`,
    { measure: "amount", grain, by: ["region"] },
    { measure: "amount", by: ["region"], bucket: (d) => startOf(grain, d) },
  ]),
  ["a leap day", period("2024-02-29", "2024-02-29"), { measure: "amount", period: { from: "2024-02-29", to: "2024-02-29" } }],
  [
    "days over a year's turn",
    { ...period("2024-12-28", "2025-01-03"), grain: "week" },
    { measure: "amount", period: { from: "2024-12-28", to: "2025-01-03" }, bucket: (d) => startOf("week", d) },
  ],
  ["nothing before it begins", period("2023-01-01", "2023-12-31"), { measure: "amount", period: { from: "2023-01-01", to: "2023-12-31" } }],
  ...TEAMS.map((team): [string, FeedQuery, LedgerQuestion] => {
    const filter = { team: [team ?? "(not set)"] };
    return [`only the team ${JSON.stringify(team ?? "(not set)")}`, { measure: "amount", filter }, { measure: "amount", filter }];
  }),
  ...[
    { region: ["eu-west-1", "(not set)"] },
    { region: ["eu-west-1", "us-east-1"], saying: ["no"] },
    { team: ["nobody"] },
    { team: ["x') OR 1=1 --"] },
    { team: [] },
  ].map((filter): [string, FeedQuery, LedgerQuestion] => [
    `where ${JSON.stringify(filter)}`,
    { measure: "hours", filter, by: ["region"] },
    { measure: "hours", filter, by: ["region"] },
  ]),
];

function period(from: string, to: string): FeedQuery {
  return { measure: "amount", period: { from, to } };
}

describe.each(LEDGER_SOURCES)("$name", (source) => {
  let running: Awaited<ReturnType<typeof openLedger>> | undefined;
  let reason = "";
  beforeAll(async () => {
    try {
      running = await openLedger(source);
    } catch (error) {
      if (!source.stop) throw error;
      reason = error instanceof Error ? error.message : String(error);
      console.warn(`${source.name} is not tested here: ${reason}`);
    }
  });
  beforeEach((context) => context.skip(running === undefined, reason));
  afterAll(() => running?.stop());
  const feed = (): Feed => {
    if (!running) throw new Error("not running");
    return running.feed;
  };

  test.each(QUESTIONS)("gives %s", async (_, query, truth) => {
    const { facts } = await feed().query(query, signal);

    const expected = ledgerTruth(truth);
    const actual = new Map(
      facts.map((f) => [
        [query.grain ? f.at.toISOString().slice(0, 10) : "", f.unit ?? "", ...(query.by ?? []).map((d) => f.labels[d])].join(" | "),
        f.value,
      ]),
    );
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
    expect(facts).toHaveLength(expected.size);
    for (const [key, value] of expected) expect(actual.get(key), key).toBeCloseTo(value, 6);
  });

  test("knows its days and its values", async () => {
    const about = await feed().describe(signal);
    const days = LEDGER.map(dayOf).sort();

    expect(about.covers).toEqual({ from: days[0], to: days.at(-1) });
    expect([...(about.dimensions.find((d) => d.name === "team")?.values ?? [])].sort()).toEqual(TEAMS.filter((t) => t !== null).sort());
    expect(about.dimensions.map((d) => [d.name, d.more])).toEqual([
      ["team", false],
      ["saying", false],
      ["region", false],
    ]);
    expect(about.measures).toEqual([
      { name: "amount", unit: "currency" },
      { name: "hours", unit: "count" },
    ]);
  });

  test("says how many rows a figure is of, those without a value left out", async () => {
    const { receipts } = await feed().query({ measure: "hours", filter: { region: ["eu-west-1"] } }, signal);

    const rows = LEDGER.filter((r) => r.hours !== null && r.region === "eu-west-1").length;
    expect(receipts[0]?.notes?.[0]).toBe(`${rows} rows`);
  });
});
