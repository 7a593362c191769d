import { describe, expect, test } from "vitest";
import { getCosts } from "../../src/tools/get-costs.ts";
import { queryDataset } from "../../src/tools/query-dataset.ts";
import { contextOf, daily, ledger, refusalOf, run, sumOf, tableOf, undated, wordsOf } from "./world.ts";

/** Which days a figure is of; every expected sum is added up from the rows here. */
interface Costs {
  period?: { from: string; to: string };
  comparePeriod?: { from: string; to: string };
  totals: { unit: string; value: number; previous?: number; change?: number | null }[];
}

const YEAR = daily({ from: "2025-06-10", to: "2026-11-20" }, { service: "compute" }, (_, i) => 10 + (i % 13));

async function costs(
  rows: typeof YEAR,
  input: Record<string, unknown>,
  options: Parameters<typeof ledger>[2] & { timeZone?: string } = {},
) {
  const { timeZone, ...rest } = options;
  const finding = await run(getCosts, input, contextOf([ledger("bill", rows, rest)], timeZone ? { timeZone } : {}));
  return { data: finding.data as Costs, words: wordsOf(finding), finding };
}

describe("without a period", () => {
  test("a dataset means all of it", async () => {
    const { data, words } = await costs(YEAR, {});

    expect(data.period).toEqual({ from: "2025-06-10", to: "2026-11-20" });
    expect(data.totals).toEqual([{ unit: "USD", value: sumOf(YEAR) }]);
    expect(words).toContain("10 June 2025 – 20 November 2026");
  });

  test("a source that goes on means its last 30 complete days", async () => {
    const { data } = await costs(YEAR, {}, { withoutPeriod: "recent" });

    const period = { from: "2026-10-22", to: "2026-11-20" };
    expect(data).toMatchObject({ period, totals: [{ value: sumOf(YEAR, period) }] });
  });

  test("complete days end yesterday in the asker's zone", async () => {
    const ahead = await costs(YEAR, {}, { withoutPeriod: "recent", timeZone: "Pacific/Kiritimati" });
    const behind = await costs(YEAR, {}, { withoutPeriod: "recent", timeZone: "Pacific/Honolulu" });

    expect(ahead.data.period).toEqual({ from: "2026-10-22", to: "2026-11-20" });
    expect(behind.data.period).toEqual({ from: "2026-10-21", to: "2026-11-19" });
  });

  test("a source with nothing in its last 30 days means the last 30 days it has, and says so", async () => {
    const old = daily({ from: "2026-01-01", to: "2026-08-15" }, { service: "compute" }, () => 2);

    const { data, words } = await costs(old, {}, { withoutPeriod: "recent" });

    expect(data.period).toEqual({ from: "2026-07-17", to: "2026-08-15" });
    expect(data.totals[0]?.value).toBe(60);
    expect(words).toContain("There is nothing in the last 30 days; these are the last 30 days there are.");
  });

  test("a source that began today has no complete day yet, and shows what it has", async () => {
    const { data, words } = await costs([["2026-11-21", { service: "compute" }, 5]], {}, { withoutPeriod: "recent" });

    expect(data.totals[0]?.value).toBe(5);
    expect(words).toContain("these are the last 30 days there are");
  });

  test("a source that lags says to which day it reaches", async () => {
    const lagging = daily({ from: "2026-01-01", to: "2026-11-12" }, { service: "compute" }, () => 2);

    const { data, words } = await costs(lagging, {}, { withoutPeriod: "recent" });

    expect(data.totals[0]?.value).toBe(2 * 22);
    expect(words).toContain("The data reaches to 12 November 2026.");
  });
});

describe("a period that is asked for", () => {
  test.each([
    ["last month", "2026-10-01", "2026-10-31"],
    ["Q3 2026", "2026-07-01", "2026-09-30"],
    ["since 3 March", "2026-03-03", "2026-11-20"],
    ["this month", "2026-11-01", "2026-11-20"],
    ["until the end of 2025", "2025-06-10", "2025-12-31"],
    ["all time", "2025-06-10", "2026-11-20"],
    ["yesterday", "2026-11-20", "2026-11-20"],
  ])("“%s” is summed from %s to %s", async (period, from, to) => {
    const { data } = await costs(YEAR, { period });

    expect(data.period).toEqual({ from, to });
    expect(data.totals[0]?.value).toBe(sumOf(YEAR, { from, to }));
  });

  test("as days is the same as in words", async () => {
    const words = await costs(YEAR, { period: "October 2026" });
    const days = await costs(YEAR, { period: { from: "2026-10-01", to: "2026-10-31" } });

    expect(days.data).toEqual(words.data);
  });

  test.each([
    [{ from: "2026-10-31", to: "2026-10-01" }, /not a range of days/],
    [{ from: "2026-02-30", to: "2026-03-01" }, /not a range of days/],
    ["last mnoth", /I do not know the period “last mnoth”/],
    ["October vs September", /names two periods/],
  ])("that is none is refused: %o", async (period, expected) => {
    const error = await refusalOf(costs(YEAR, { period }));

    expect(error.message).toMatch(expected);
    expect(error.path).toBe("period");
  });

  test("with nothing in it says which period there is", async () => {
    const early = await refusalOf(costs(YEAR, { period: "2024" }));
    const late = await refusalOf(costs(YEAR, { period: "today" }));

    expect(early.message).toBe("No cost on record for 2024: bill covers 10 June 2025 – 20 November 2026. Ask for a period in there.");
    expect(late.message).toContain("bill covers 10 June 2025 – 20 November 2026");
    expect(early.suggestions).toEqual(["cost for 10 June 2025 – 20 November 2026"]);
  });

  test("with nothing of what is filtered says that the rest is there", async () => {
    const rows = [...YEAR, ["2025-07-01", { service: "rare" }, 1] as const];

    const error = await refusalOf(costs(rows, { period: "last month", filter: { service: "rare" } }));

    expect(error.message).toMatch(/No cost for service rare on record for October 2026, though bill covers/);
  });

  test("that begins before the data or ends after it says so", async () => {
    const before = await costs(YEAR, { period: "2025" });
    const after = await costs(
      daily({ from: "2026-09-01", to: "2026-10-20" }, { service: "x" }, () => 1),
      { period: "October" },
    );

    expect(before.words).toContain("The data begins on 10 June 2025, so 2025 is not all there.");
    expect(after.words).toContain("The data reaches to 20 October 2026.");
    expect(after.data.totals[0]?.value).toBe(20);
  });
});

describe("a comparison", () => {
  test("of a month that goes on is with as many days of the one before", async () => {
    const { data, words } = await costs(YEAR, { period: "this month", compare: "previous" });

    const [now, then] = [
      { from: "2026-11-01", to: "2026-11-20" },
      { from: "2026-10-01", to: "2026-10-20" },
    ];
    expect(data).toMatchObject({ period: now, comparePeriod: then });
    const [value, previous] = [sumOf(YEAR, now), sumOf(YEAR, then)];
    expect(data.totals).toEqual([{ unit: "USD", value, previous, change: value / previous - 1 }]);
    expect(words).toContain("1–20 October 2026");
  });

  test.each([
    ["last month", "last month's days", "2026-10-01", "2026-10-20"],
    ["October", "a named month", "2026-10-01", "2026-10-20"],
  ])("of this month with “%s”, %s, is cut to the same days and says so", async (compare, _, from, to) => {
    const { data, words } = await costs(YEAR, { period: "this month", compare });

    expect(data.comparePeriod).toEqual({ from, to });
    expect(words).toContain("1–20 November 2026 is not over yet, so it is compared with 1–20 October 2026.");
  });

  test("of a month further along than the one before was long is with all of that", async () => {
    const now = new Date("2026-03-31T12:00:00Z");
    const rows = daily({ from: "2026-01-01", to: "2026-03-30" }, { service: "a" }, () => 1);

    const finding = await run(getCosts, { period: "this month", compare: "February" }, contextOf([ledger("bill", rows)], { now }));

    expect(finding.data).toMatchObject({ totals: [{ value: 30, previous: 28 }], comparePeriod: { from: "2026-02-01", to: "2026-02-28" } });
  });

  test("of this week with last week is of the same weekdays", async () => {
    const { data } = await costs(YEAR, { period: "this week", compare: "last week" });

    expect(data).toMatchObject({
      period: { from: "2026-11-16", to: "2026-11-20" },
      comparePeriod: { from: "2026-11-09", to: "2026-11-13" },
    });
  });

  test.each([
    ["last month", "previous", "2026-09-01", "2026-09-30"],
    ["last month", "year_ago", "2025-10-01", "2025-10-31"],
    ["Q3", "previous", "2026-04-01", "2026-06-30"],
    ["yesterday", "previous", "2026-11-19", "2026-11-19"],
    ["last 30 days", "previous", "2026-09-22", "2026-10-21"],
    ["October", "August", "2026-08-01", "2026-08-31"],
    ["this month", "year_ago", "2025-11-01", "2025-11-20"],
  ])("of %s with %s is with %s to %s", async (period, compare, from, to) => {
    const { data } = await costs(YEAR, { period, compare });

    expect(data.comparePeriod).toEqual({ from, to });
    expect(data.totals[0]?.previous).toBe(sumOf(YEAR, { from, to }));
  });

  test("with a period that has nothing says so and gives no change", async () => {
    const { data, words } = await costs(YEAR, { period: "July 2025", compare: "year_ago" });

    expect(words).toContain("There is no data for July 2024 to compare with.");
    expect(data).not.toHaveProperty("comparePeriod");
    expect(data.totals[0]).not.toHaveProperty("change");
  });

  test("with a period that is only partly there says so", async () => {
    const { words } = await costs(YEAR, { period: "July 2025", compare: "previous" });

    expect(words).toContain("The data begins on 10 June 2025, so June 2025 is not all there.");
  });

  test("from nothing gives no percentage", async () => {
    const rows = [["2026-09-10", { service: "a" }, 0] as const, ["2026-10-10", { service: "a" }, 7] as const];

    const { data, words } = await costs(rows, { period: "October", compare: "previous" });

    expect(data.totals[0]).toEqual({ unit: "USD", value: 7, previous: 0, change: null });
    expect(words).toContain("$7.00 more");
    expect(words).not.toContain("%");
  });

  test("with the same says unchanged", async () => {
    const rows = [["2026-09-10", { service: "a" }, 7] as const, ["2026-10-10", { service: "a" }, 7] as const];

    expect((await costs(rows, { period: "October", compare: "previous" })).words).toContain("unchanged from September 2026");
  });
});

describe("a comparison without a period, of a dataset that means everything", () => {
  test("is of its last whole month and the one before, and says so", async () => {
    for (const compare of ["previous", "year_ago"]) {
      const { data, words } = await costs(YEAR, { compare });

      const then = compare === "previous" ? { from: "2026-09-01", to: "2026-09-30" } : { from: "2025-10-01", to: "2025-10-31" };
      expect(data).toMatchObject({ period: { from: "2026-10-01", to: "2026-10-31" }, comparePeriod: then });
      expect(data.totals[0]?.value).toBe(sumOf(YEAR, data.period));
      expect(data.totals[0]?.previous).toBe(sumOf(YEAR, then));
      expect(words).toContain("No period was named, so this is October 2026, the last whole month of the data.");
    }
  });

  test("takes the last month when the data ends with it", async () => {
    const rows = daily({ from: "2026-01-01", to: "2026-09-30" }, { service: "a" }, () => 1);

    const { data } = await costs(rows, { order: "change", by: "service" });

    expect(data).toMatchObject({
      period: { from: "2026-09-01", to: "2026-09-30" },
      comparePeriod: { from: "2026-08-01", to: "2026-08-31" },
    });
  });

  test("with less than a whole month of data says what to do", async () => {
    const rows = daily({ from: "2026-10-05", to: "2026-11-20" }, { service: "a" }, () => 1);

    const { data, words } = await costs(rows, { compare: "previous" });

    expect(data.totals[0]?.value).toBe(47);
    expect(words).toContain("The data has no whole calendar month to compare; name a period.");
  });

  test("works for every tool over feeds", async () => {
    const context = contextOf([ledger("sales", YEAR, { kind: "metrics", measure: "revenue", unit: "EUR" })]);

    const finding = await run(queryDataset, { dataset: "sales", by: "service", order: "change" }, context);

    expect(wordsOf(finding)).toContain("October 2026, the last whole month of the data");
    expect(tableOf(finding).columns.map((c) => c.label)).toContain("September 2026");
  });

  test("leaves a source that goes on to its last 30 days", async () => {
    const { data } = await costs(YEAR, { compare: "previous" }, { withoutPeriod: "recent" });

    expect(data).toMatchObject({
      period: { from: "2026-10-22", to: "2026-11-20" },
      comparePeriod: { from: "2026-09-22", to: "2026-10-21" },
    });
  });
});

describe("a source without dates", () => {
  const feed = undated(ledger("assets", [["2026-01-01", { team: "a" }, 3]], { kind: "costs" }));

  test("answers without a period and names none", async () => {
    const finding = await run(getCosts, { by: "team" }, contextOf([feed]));

    expect(finding.data).not.toHaveProperty("period");
    expect(wordsOf(finding)).toBe("**Cost: $3.00**. Largest: a ($3.00, 100%).");
  });

  test("cannot be cut to a period", async () => {
    expect((await refusalOf(run(getCosts, { period: "last month" }, contextOf([feed])))).message).toMatch(/no time column/);
  });

  test("says that it has nothing to compare with", async () => {
    const words = wordsOf(await run(getCosts, { compare: "previous" }, contextOf([feed])));

    expect(words).toContain("The source has no dates, so there is no period before to compare with.");
  });
});
