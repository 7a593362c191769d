import { describe, expect, it } from "vitest";
import type { Feed, RecordAnswer } from "../../src/core/feed.ts";
import type { FeedRecord, RecordKind } from "../../src/core/records.ts";
import { explainChange } from "../../src/tools/explain-change.ts";
import { billFeed, fixtureFeed, salesFeed } from "../kit/fixture-feed.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, failing, ledger, type Row, refusalOf, run, undated, wordsOf } from "./world.ts";

interface Answer {
  before: number;
  after: number;
  direction: string;
  slices: { slice: Record<string, string>; before: number; after: number; share: number | null }[];
  days?: { now: number; before: number; change: number; share: number };
  explained: number | null;
  unexplained: number | null;
  against: { slice: Record<string, string> }[];
  began?: { day: string; before: number; after: number };
  candidates: { kind: string; title: string; hoursBefore: number | null; shared: string[]; url?: string }[];
  confidence: string;
  missing: string[];
}

const OCTOBER = { from: "2026-10-01", to: "2026-10-30" };
const SEPTEMBER = { from: "2026-09-01", to: "2026-09-30" };
const BOTH = { from: "2026-09-01", to: "2026-10-30" };

/** A steady bill with a little noise, where batch in eu costs 60 a day instead of 20 from 12 October on. */
function steadyBill(jump = 60): Row[] {
  const lines = ["web", "batch", "mail"].flatMap((service) =>
    ["eu", "us"].map((region) => ({ service, region, team: service === "mail" ? "office" : "platform" })),
  );
  return lines.flatMap((labels, line) =>
    daily(BOTH, labels, (day, i) => {
      const usual = 20 + 10 * line + ((i * 7 + line * 3) % 5) / 10;
      return labels.service === "batch" && labels.region === "eu" && day >= "2026-10-12" ? jump : usual;
    }),
  );
}

const bill = ledger("bill", steadyBill());
const input = { period: OCTOBER, compare: SEPTEMBER };

function events(kind: RecordKind, records: readonly (Partial<FeedRecord> & { id: string })[]): Feed {
  const whole = records.map((record): FeedRecord => ({ labels: {}, numbers: {}, times: {}, ...record }));
  return {
    ...fixtureFeed({ name: `the ${kind}`, kind, measures: [{ name: "count", unit: "count" }], dimensions: [], facts: [] }),
    records: async (): Promise<RecordAnswer> => ({
      records: whole,
      receipts: [{ id: kind, source: kind, query: `${kind} read`, fetchedAt: new Date("2026-11-21T06:00:00Z"), status: "live" }],
    }),
  };
}

const deploys = events("deploys", [
  { id: "9", title: "mail 9", at: new Date("2026-10-11T23:00:00Z"), labels: { service: "mail", status: "success" } },
  {
    id: "41",
    title: "batch 41",
    at: new Date("2026-10-11T22:00:00Z"),
    labels: { service: "batch", status: "success" },
    url: "https://ci.example/41",
  },
  { id: "40", title: "batch 40", at: new Date("2026-10-11T21:00:00Z"), labels: { service: "batch", status: "failure" } },
  { id: "42", title: "batch 42", at: new Date("2026-10-20T10:00:00Z"), labels: { service: "batch", status: "success" } },
]);

const answer = async (feeds: readonly Feed[], asked: Record<string, unknown> = input) => {
  const finding = await run(explainChange, asked, contextOf(feeds));
  return { finding, words: wordsOf(finding), data: finding.data as Answer };
};

testTool(explainChange, {
  context: contextOf([billFeed(), salesFeed(), deploys]),
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a month", input: { period: "October 2026" } },
    {
      name: "dimensions, a filter and a comparison",
      input: { by: ["service", "region"], filter: { account: "production" }, period: "last month", compare: "year_ago" },
    },
    { name: "a count of another source", input: { measure: "orders", period: "last month" } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "bil" }, says: /Did you mean “bill”/ },
    { name: "an unknown measure", input: { dataset: "bill", measure: "csot" }, says: /Did you mean “cost”/ },
    { name: "an unknown dimension", input: { dataset: "bill", by: "servcie" }, says: /Did you mean “service”/ },
    {
      name: "nothing before to compare with",
      input: { dataset: "bill", period: { from: "2024-11-21", to: "2024-11-30" } },
      says: /to compare with/,
    },
    { name: "a field it does not have", input: { sql: "SELECT 1" }, says: /sql/ },
  ],
});

describe("an explained change", () => {
  it("finds the slice over several dimensions, its share, the day it began and what came before", async () => {
    const { data, words, finding } = await answer([bill, deploys]);

    expect(data.direction).toBe("rise");
    expect(data.slices[0]?.slice).toEqual({ service: "batch", region: "eu" });
    expect(data.slices[0]?.share).toBeCloseTo(1, 1);
    expect((data.explained ?? 0) + (data.unexplained ?? 0)).toBeCloseTo(1, 9);
    expect(data.began?.day).toBe("2026-10-12");
    expect(data.candidates.map((c) => [c.title, c.hoursBefore])).toEqual([
      ["batch 41", 2],
      ["mail 9", 1],
    ]);
    expect(words).toContain("began after the deployment “batch 41” (2 hours before that day began, which also names batch)");
    expect(words).toContain("not a cause");
    expect(words).not.toMatch(/caused|because of/);
    expect(JSON.stringify(finding.data)).toContain("https://ci.example/41");
    expect(finding.blocks.some((block) => block.type === "chart")).toBe(true);
  });

  it("says which evidence is not connected", async () => {
    const { data, words } = await answer([bill, deploys]);

    expect(data.missing).toHaveLength(1);
    expect(words).toMatch(/No connected source has incidents, merged pull requests, pipelines and tickets/);
  });

  it("has a receipt of all that it read, each once", async () => {
    const { finding } = await answer([bill, deploys]);

    const queries = finding.receipts.map((r) => `${r.source} ${r.query}`);
    expect(new Set(queries).size).toBe(queries.length);
    expect(queries.filter((q) => q.startsWith("bill"))).toEqual(
      expect.arrayContaining([expect.stringContaining('"grain":"day"'), expect.stringContaining('"by":["service"')]),
    );
    expect(queries).toContain("deploys deploys read");
  });

  it("explains a fall the same way", async () => {
    const { data, words } = await answer([ledger("bill", steadyBill(1))]);

    expect(data.direction).toBe("fall");
    expect(data.slices[0]?.slice).toEqual({ service: "batch", region: "eu" });
    expect(data.began?.day).toBe("2026-10-12");
    expect(words).toContain("of the fall");
  });

  it("sets the days of a longer month apart", async () => {
    const rows = ["web", "mail"].flatMap((service) => daily({ from: "2026-02-01", to: "2026-03-31" }, { service }, () => 100));
    const { data, words } = await answer([ledger("bill", rows)], { period: "March 2026" });

    expect(data.days).toMatchObject({ now: 31, before: 28, share: expect.closeTo(1, 9) });
    expect(words).toContain("31 days instead of 28");
    expect(data.confidence).toBe("low");
  });

  it("says that hardly anything changed, and still what moved inside", async () => {
    const rows = [
      ...daily(BOTH, { service: "web" }, (day) => (day < "2026-10-01" ? 100 : 200)),
      ...daily(BOTH, { service: "mail" }, (day) => (day < "2026-10-01" ? 200 : 100)),
      ...daily(BOTH, { service: "batch" }, () => 100),
    ];
    const { data, words } = await answer([ledger("bill", rows)]);

    expect(data).toMatchObject({ direction: "none", explained: null, confidence: "low" });
    expect(words).toContain("hardly changed");
    expect(data.slices[0]?.slice).toEqual({ service: "web" });
    expect(data.against[0]?.slice).toEqual({ service: "mail" });
  });

  it("finds no day in a slow rise, and lays no event beside it by time", async () => {
    const rows = [
      ...daily(BOTH, { service: "web" }, (_, i) => 100 + ((i * 37) % 100)),
      ...daily(BOTH, { service: "mail" }, (_, i) => 50 + ((i * 53) % 11)),
    ];
    const { data, words } = await answer([ledger("bill", rows), deploys]);

    expect(data.began).toBeUndefined();
    expect(words).toContain("No single day stands out");
  });

  it("never judges days that may still change", async () => {
    const late: Feed = {
      ...bill,
      async query(query, signal) {
        const got = await bill.query(query, signal);
        return { ...got, receipts: got.receipts.map((receipt) => ({ ...receipt, provisional: "since 2026-10-25" })) };
      },
    };
    const { finding, words } = await answer([late], { period: { from: "2026-10-01", to: "2026-10-30" } });

    expect(words).toContain("provisional and not judged");
    expect((finding.data as { period: object }).period).toEqual({ from: "2026-10-01", to: "2026-10-24" });
  });

  it("goes on with what answers when an event source fails or only adds up", async () => {
    const broken = { ...events("incidents", []), records: () => Promise.reject(new Error("no")) };
    const counted = ledger("ci", [["2026-10-11", { service: "batch", status: "success" }, 1]], {
      kind: "pipelines",
      measure: "runs",
      unit: "count",
    });
    const { data, words } = await answer([bill, broken, counted]);

    expect(words).toContain("Left out “the incidents”");
    expect(data.candidates).toEqual([expect.objectContaining({ kind: "pipelines", title: "batch · success", shared: ["batch"] })]);
  });

  it.each([
    [2, { service: "batch", region: "eu" }, ""],
    [1, { service: "batch" }, "each was looked into alone"],
  ])("goes on with smaller splits when a source takes only %i dimensions at once", async (most, slice, note) => {
    const shallow: Feed = {
      ...bill,
      query: (query, signal) =>
        (query.by?.length ?? 0) > most ? bill.query({ ...query, by: ["nothing"] }, signal) : bill.query(query, signal),
    };
    const { data, words } = await answer([shallow]);

    expect(data.slices[0]?.slice).toEqual(slice);
    expect(words).toContain(note);
  });

  it("refuses an average and a source without dates", async () => {
    const averages: Feed = {
      ...bill,
      async query(query, signal) {
        const got = await bill.query(query, signal);
        return { ...got, facts: got.facts.map((fact) => ({ ...fact, average: true as const })) };
      },
    };

    expect((await refusalOf(answer([averages]))).message).toContain("is an average");
    expect((await refusalOf(answer([undated(bill)], {}))).message).toMatch(/no dates/);
  });

  it("passes on the failure of the source itself", async () => {
    await expect(answer([failing(bill, "query")])).rejects.toThrow("did not answer");
  });
});
