import { describe, expect, test } from "vitest";
import { weekday } from "../../src/core/civil-date.ts";
import type { Feed } from "../../src/core/feed.ts";
import { forecast } from "../../src/tools/forecast.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { seededRandom } from "../kit/random.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, failing, ledger, type Row, refusalOf, run, sumOf, tableOf, undated, wordsOf } from "./world.ts";

interface Data {
  total: { mean: number; lo80: number; hi80: number; lo95: number; hi95: number };
  known: { steps: number; value: number };
  period: { from: string; to: string };
  steps: { at: string; mean: number }[];
  backTest: { origins: number; steps: number; total?: number };
  unit: string;
  step: string;
  budget?: { chanceOver: number; runsOut?: string; usedShare: number };
  provisional?: { from: string; steps: number; value: number };
  slices?: { label: string; mean?: number; known: number }[];
  before?: { value: number };
  settledTo: string;
  gaps: number;
}

/** Each service by day, less at weekends, with noise of a twentieth. */
function costs(from: string, to: string, services: Readonly<Record<string, number>> = { EC2: 100, S3: 40 }): Row[] {
  const random = seededRandom(7);
  return Object.entries(services).flatMap(([service, size]) =>
    daily({ from, to }, { service }, (day) => size * (weekday(day) > 5 ? 0.7 : 1) * (1 + 0.1 * (random() - 0.5))),
  );
}

const ROWS = costs("2026-01-01", "2026-11-20");

async function ask(input: Record<string, unknown> = {}, feeds: readonly Feed[] = [ledger("bill", ROWS)]) {
  const finding = await run(forecast, input, contextOf(feeds));
  return { data: finding.data as Data, words: wordsOf(finding), finding };
}

function provisional(feed: Feed, since: string): Feed {
  return {
    ...feed,
    async query(query, signal) {
      const got = await feed.query(query, signal);
      return { ...got, receipts: got.receipts.map((receipt) => ({ ...receipt, provisional: `since ${since}` })) };
    },
  };
}

testTool(forecast, {
  context: contextOf([billFeed(), salesFeed()]),
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a month to come with a budget", input: { period: "next month", budget: 100_000 } },
    { name: "slices to the end of the quarter", input: { by: "service", until: "end of the quarter", top: 3 } },
    { name: "another source", input: { measure: "revenue", period: "next 30 days", filter: { country: "Germany" } } },
    { name: "one dataset", input: { dataset: "sales", measure: "orders" } },
  ],
  bad: [
    { name: "a period that is over", input: { period: "last month" }, says: /is over.*“next month”/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
    { name: "an unknown measure", input: { measure: "csot" }, says: /Did you mean “cost”/ },
    { name: "an unknown dimension", input: { by: "servcie" }, says: /Did you mean “service”/ },
    { name: "a currency that is not there", input: { currency: "CHF" }, says: /no cost in CHF. There is USD/ },
    { name: "a budget of nothing", input: { budget: 0 }, says: /budget|>0/ },
    { name: "an end too far away", input: { period: { from: "2027-01-01", to: "2035-01-01" } }, says: /too far/ },
    { name: "days in the wrong order", input: { period: { from: "2027-01-02", to: "2027-01-01" } }, says: /not a range of days/ },
  ],
});

describe("a forecast", () => {
  test("of this month is what is known and what is to come", async () => {
    const { data, words, finding } = await ask();
    const known = sumOf(ROWS, { from: "2026-11-01", to: "2026-11-20" });

    expect(data.known).toEqual({ steps: 20, value: expect.closeTo(known, 6) });
    expect(data.period).toEqual({ from: "2026-11-01", to: "2026-11-30" });
    // Six workdays and four days of weekends are left.
    expect(Math.abs(data.total.mean - known - 140 * (6 + 4 * 0.7))).toBeLessThan(30);
    expect(data.total.lo95 < data.total.lo80 && data.total.lo80 < data.total.mean && data.total.mean < data.total.hi80).toBe(true);
    expect(words).toMatch(
      /^\*\*Cost will come to about \$[\d,.]+ in November 2026\.\*\* The range is \$.* with 80% confidence, .* with 95%\./,
    );
    expect(words).toMatch(/of it is known \(20 days\), .* is forecast \(10 days\)\. October 2026 was/);
    expect(words).toMatch(/On its own past this method missed totals of 10 days by \d.*% on average \(8 tries\), single days by/);
    expect(finding.blocks.map((b) => b.type)).toEqual(["markdown", "chart", "table"]);
    expect(tableOf(finding).rows).toHaveLength(10);
  });

  test.each([
    [{ period: "next month" }, { from: "2026-12-01", to: "2026-12-31" }],
    [{ period: "this month" }, { from: "2026-11-01", to: "2026-11-30" }],
    [{ period: { from: "2026-11-01", to: "2026-11-21" } }, { from: "2026-11-01", to: "2026-11-30" }],
    [{ period: "to the end of the month" }, { from: "2026-11-01", to: "2026-11-30" }],
    [{ period: "rest of the year" }, { from: "2026-01-01", to: "2026-12-31" }],
    [{ until: "end of the quarter" }, { from: "2026-10-01", to: "2026-12-31" }],
    [{ until: "year end" }, { from: "2026-01-01", to: "2026-12-31" }],
    [{ period: "Q1" }, { from: "2027-01-01", to: "2027-03-31" }],
    [{ period: "next 30 days" }, { from: "2026-11-22", to: "2026-12-21" }],
  ])("%o is about %o", async (input, period) => {
    expect((await ask(input)).data.period).toEqual(period);
  });

  test("does not count provisional days or today: they are forecast", async () => {
    const rows: Row[] = [
      ...ROWS.filter(([day]) => day < "2026-11-19"),
      ["2026-11-19", { service: "EC2" }, 3],
      ["2026-11-21", { service: "EC2" }, 1],
    ];
    const { data, words } = await ask({}, [provisional(ledger("bill", rows), "2026-11-19")]);

    expect(data).toMatchObject({ settledTo: "2026-11-18", known: { steps: 18 }, provisional: { from: "2026-11-19", steps: 2, value: 4 } });
    expect(data.steps[0]?.at).toBe("2026-11-19");
    expect(words).toContain(
      "From 19 November 2026 on the figures are not final: the 2 days that are still open are forecast, not counted ($4.00 so far).",
    );
  });

  test("says whether a budget holds, and when it is used up", async () => {
    const tight = await ask({ budget: 3000 });
    const ample = await ask({ budget: 10_000 });
    const gone = await ask({ budget: 100 });

    expect(tight.data.budget).toMatchObject({ chanceOver: 1, runsOut: expect.stringMatching(/^2026-11-2/) });
    expect(tight.words).toMatch(
      /Of the budget of \$3,000\.00, 8\d(?:\.\d)?% is used with 66\.7% of the time gone\..*almost certainly over \(over 99% chance.*It would be used up on \d+ November 2026\./,
    );
    expect(ample.words).toMatch(/below it: almost certainly within \(under 1% chance/);
    expect(gone.words).toContain("It is exceeded already, by ");
  });

  test("by slices forecasts the largest by themselves, and everything", async () => {
    const { data, finding } = await ask({ by: "service", period: "next month", top: 1 });

    expect(data.slices).toEqual([expect.objectContaining({ label: "EC2", known: 0, mean: expect.any(Number) })]);
    expect(tableOf(finding).rows.map(([label]) => label)).toEqual(["EC2", "everything"]);
    expect(data.total.mean).toBeGreaterThan(data.slices?.[0]?.mean ?? 0);
  });

  test("leaves a slice that is too young without one", async () => {
    const { data, finding } = await ask({ by: "service" }, [ledger("bill", [...ROWS, ...costs("2026-11-15", "2026-11-20", { New: 500 })])]);

    expect(data.slices?.find(({ label }) => label === "New")).toEqual({ label: "New", known: expect.any(Number) });
    expect(
      tableOf(finding)
        .rows.find(([label]) => label === "New")
        ?.slice(2),
    ).toEqual([null, null, null, null]);
  });

  test("fills gaps and says so", async () => {
    const { data, words } = await ask({}, [
      ledger(
        "bill",
        ROWS.filter(([day]) => day !== "2026-10-07" && day !== "2026-10-08"),
      ),
    ]);

    expect(data.gaps).toBe(2);
    expect(words).toContain("2 days of the history have no figure and were filled from like days.");
  });

  test("takes a day of the month without a figure for what such days are, not for nothing", async () => {
    const whole = await ask();
    const { data, words } = await ask({}, [
      ledger(
        "bill",
        ROWS.filter(([day]) => day !== "2026-11-11"),
      ),
    ]);

    expect(data.known.steps).toBe(19);
    expect(Math.abs(data.total.mean / whole.data.total.mean - 1)).toBeLessThan(0.02);
    expect(words).toContain("1 day of the history has no figure and was filled from like days.");
  });

  test("is of one currency at a time", async () => {
    const euros = costs("2026-06-01", "2026-11-20", { VM: 20 }).map(([day, labels, value]): Row => [day, labels, value, "EUR"]);
    const feeds = [ledger("bill", [...ROWS, ...euros])];

    expect((await ask({}, feeds)).words).toContain("This is USD alone; EUR is forecast apart when asked.");
    expect((await ask({ currency: "EUR" }, feeds)).data.unit).toBe("EUR");
  });

  test("goes by months where the figures do", async () => {
    const rows = Array.from(
      { length: 36 },
      (_, i): Row => [`${2023 + Math.floor((i + 10) / 12)}-${String(((i + 10) % 12) + 1).padStart(2, "0")}-01`, {}, 100 + i],
    );
    const { data, words } = await ask({ period: "next quarter" }, [ledger("bill", rows)]);

    expect(data).toMatchObject({ step: "month", settledTo: "2026-10-31", period: { from: "2027-01-01", to: "2027-03-31" } });
    expect(words).toContain("Q1 2027");
    expect((await refusalOf(ask({ period: "next 10 days" }, [ledger("bill", rows)]))).message).toContain("one figure a month");
  });

  test("of data that ended long ago begins where it ends", async () => {
    const { data, words } = await ask({}, [ledger("bill", costs("2025-01-01", "2025-09-14"))]);

    expect(data.period).toEqual({ from: "2025-09-15", to: "2025-10-14" });
    expect(words).toContain("The data ends on 14 September 2025; this is a forecast of the 30 days after it.");
  });

  test("of averages gives an average, and neither slices nor a budget", async () => {
    const bill = ledger("bill", ROWS);
    const averages: Feed = {
      ...bill,
      async query(query, signal) {
        const got = await bill.query(query, signal);
        return { ...got, facts: got.facts.map((fact) => ({ ...fact, average: true as const })) };
      },
    };

    const { data, words } = await ask({}, [averages]);
    expect(words).toContain("will average about");
    expect(data.total.mean).toBeGreaterThan(100);
    expect(data.total.mean).toBeLessThan(150);
    expect((await refusalOf(ask({ by: "service" }, [averages]))).message).toContain("is an average");
    expect((await refusalOf(ask({ budget: 5 }, [averages]))).message).toContain("no budget");
  });

  test("refuses too little, saying what it takes", async () => {
    expect((await refusalOf(ask({}, [ledger("bill", costs("2026-11-10", "2026-11-20"))]))).message).toMatch(
      /There is too little data for this forecast: 11 settled days, and it takes 16 \(two seasons of 7 days/,
    );
    expect((await refusalOf(ask({}, [ledger("bill", costs("2026-11-21", "2026-11-21"))]))).message).toContain("no day is settled yet");
    expect((await refusalOf(ask({ period: "next year" }, [ledger("bill", ROWS)]))).message).toContain("Ask for a nearer end.");
  });

  test("refuses a source without dates and passes on a failure", async () => {
    expect((await refusalOf(ask({}, [undated(ledger("bill", ROWS))]))).message).toBeTruthy();
    await expect(ask({}, [failing(ledger("bill", ROWS), "query")])).rejects.toThrow("did not answer");
  });
});
