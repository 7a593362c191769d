import { describe, expect, test } from "vitest";
import { weekday } from "../../src/core/civil-date.ts";
import type { Feed } from "../../src/core/feed.ts";
import { findAnomalies } from "../../src/tools/find-anomalies.ts";
import { judgeFacts } from "../../src/tools/find-anomalies-judge.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { seededRandom } from "../kit/random.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, failing, ledger, type Row, refusalOf, run, tableOf, undated, wordsOf } from "./world.ts";

interface Found {
  series: string;
  kind: string;
  from: string;
  to: string;
  days: number;
  actual: number;
  low: number;
  high: number;
  excess: number;
  chance: number;
}
interface Data {
  unit: string;
  anomalies: Found[];
  drops: Found[];
  fresh: { series: string; since: string }[];
  judged: number;
  tooLittle: number;
  smaller: number;
  belowFloor: number;
  period: { from: string; to: string };
  provisionalFrom?: string;
  others?: Data[];
}

const YEAR = { from: "2025-09-01", to: "2026-11-20" };

/** A service by day, less at weekends, with noise of a tenth from end to end, times what `change` makes of a day. */
function service(name: string, size: number, change: (day: string) => number = () => 1, unit?: string, period = YEAR): Row[] {
  const random = seededRandom(size);
  return daily(period, { service: name }, (day) => size * (weekday(day) > 5 ? 0.6 : 1) * (1 + 0.1 * (random() - 0.5)) * change(day)).map(
    ([day, labels, value]): Row => (unit ? [day, labels, value, unit] : [day, labels, value]),
  );
}

async function ask(rows: readonly Row[], input: Record<string, unknown> = {}, change: (feed: Feed) => Feed = (feed) => feed) {
  const finding = await run(findAnomalies, input, contextOf([change(ledger("bill", rows))]));
  return { data: finding.data as Data, words: wordsOf(finding), finding };
}

const PEAK = (day: string) => (day === "2026-11-10" || day === "2026-11-11" ? 2 : 1);

const wide = ledger(
  "wide",
  Array.from({ length: 50 }, (_, i) => i).flatMap((i) =>
    daily({ from: "2026-08-20", to: "2026-11-20" }, { service: `a very long name of a service ${"that goes on ".repeat(8)}${i}` }, (day) =>
      day === "2026-11-15" ? 5000 : 1000 + i + 10 * Math.sin(Number(day.slice(8)) * (i + 1)),
    ),
  ),
);

testTool(findAnomalies, {
  context: contextOf([billFeed(), salesFeed()]),
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    {
      name: "a dimension, a filter, a period and a floor",
      input: { by: "account", filter: { region: "us-east-1" }, period: "last month", min_excess: 50 },
    },
    { name: "a count of another source", input: { measure: "orders", by: "country", period: "Q3 2026" } },
    { name: "one dataset", input: { dataset: "sales", top: 2 } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "bil" }, says: /Did you mean “bill”/ },
    { name: "an unknown measure", input: { measure: "csot" }, says: /Did you mean “cost”/ },
    { name: "an unknown dimension", input: { dataset: "bill", by: "servcie" }, says: /Did you mean “service”/ },
    { name: "an unknown value", input: { dataset: "bill", filter: { account: "prodution" } }, says: /Did you mean “production”/ },
    { name: "words that are no period", input: { dataset: "bill", period: "sometime" }, says: /Write it like “last month”/ },
    { name: "a period with nothing in it", input: { dataset: "bill", period: "2001" }, says: /covers 21 November 2024/ },
    { name: "a floor below zero", input: { min_excess: -1 }, says: /0/ },
  ],
  wide: { input: {}, context: contextOf([wide]) },
});

describe("anomalies of a bill", () => {
  test("are told with the days, the expected range, the excess and how sure, the largest first", async () => {
    const { data, words, finding } = await ask([
      ...service("S3", 300, PEAK),
      ...service("EC2", 1000, (day) => (day === "2026-11-05" ? 1.9 : 1)),
      ...service("RDS", 500),
    ]);

    expect(data.anomalies.map((a) => [a.series, a.kind, a.from, a.to, a.days])).toEqual([
      ["EC2", "rise", "2026-11-05", "2026-11-05", 1],
      ["S3", "rise", "2026-11-10", "2026-11-11", 2],
    ]);
    expect(
      data.anomalies.every((a) => a.low < a.actual - a.excess && a.actual - a.excess < a.high && a.high < a.actual && a.chance > 0.99),
    ).toBe(true);
    expect(words).toMatch(/^\*\*2 anomalies in cost by service\*\* for 22 October – 20 November 2026\./);
    expect(words).toMatch(
      /- EC2: cost of \*\*\$[\d,.]+\*\* on 5 November 2026, expected \$[\d,.]+ to \$[\d,.]+ \(\$[\d,.]+ above, \+\d+(?:\.\d)?%; over 99\.9% sure\)\./,
    );
    expect(words).toContain("No period was named, so this is the last 30 days of the data");
    expect(finding.blocks.map((b) => b.type)).toEqual(["markdown", "chart", "table"]);
    expect(tableOf(finding).rows[0]?.slice(0, 3)).toEqual(["2026-11-05", 1, "EC2"]);
    expect(finding.suggestions).toContain("EC2 per day");
  });

  test("that are none say how much was looked at", async () => {
    const { data, words, finding } = await ask([...service("S3", 300), ...service("EC2", 1000)], { period: "October" });

    expect(data).toMatchObject({ anomalies: [], judged: 2 });
    expect(words).toBe("**No anomaly in cost by service** for October 2026. 2 services stayed within what was expected.");
    expect(finding.blocks).toHaveLength(1);
  });

  test("that creep say so and from when", async () => {
    const creep = (day: string) => (day >= "2026-11-03" && day <= "2026-11-16" ? 1 + 0.03 * (Number(day.slice(8)) - 2) : 1);

    const { data, words } = await ask([...service("EC2", 1000, creep), ...service("S3", 300)]);

    expect(data.anomalies).toMatchObject([{ series: "EC2", kind: "creep" }]);
    expect(data.anomalies[0]?.from ?? "").toMatch(/^2026-(?:10-3|11-0)\d$/);
    expect(words).toContain("It crept up day by day.");
  });

  test("are one-sided: what fell is told as information, for a count it is an anomaly", async () => {
    const fall = (day: string) => (day >= "2026-11-10" ? 0.4 : 1);

    const money = await ask([...service("S3", 300, fall), ...service("EC2", 1000)]);
    const counts = (
      await run(
        findAnomalies,
        {},
        contextOf([ledger("orders", service("web", 300, fall), { kind: "metrics", measure: "orders", unit: "count" })]),
      )
    ).data as Data;

    expect(money.data).toMatchObject({ anomalies: [], drops: [{ series: "S3", kind: "drop", from: "2026-11-10" }] });
    expect(money.words).toMatch(/Below what was expected, for information: S3 \(\$[\d,.]+ from 10 November 2026\)\./);
    expect(counts).toMatchObject({ anomalies: [{ series: "web", kind: "drop" }], drops: [] });
  });

  test("do not hold what is new, or has too few days", async () => {
    const fresh = daily({ from: "2026-11-06", to: "2026-11-20" }, { service: "Bedrock" }, () => 400);
    const rare: Row[] = ["2025-09-03", "2025-12-01", "2026-03-09", "2026-11-11"].map((day): Row => [day, { service: "Snow" }, 900]);

    const { data, words } = await ask([...service("EC2", 1000), ...fresh, ...rare]);

    expect(data).toMatchObject({ anomalies: [], fresh: [{ series: "Bedrock", since: "2026-11-06" }], tooLittle: 1, judged: 1 });
    expect(words).toContain("New, so not judged: Bedrock (since 6 November 2026, $6,000.00).");
    expect(words).toContain("1 service with fewer than 56 days could not be judged.");
  });

  test("of a source with too little history say what is needed", async () => {
    const { data, words } = await ask(service("EC2", 1000, PEAK, undefined, { from: "2026-10-25", to: "2026-11-20" }));

    expect(data).toMatchObject({ anomalies: [], judged: 0, tooLittle: 1 });
    expect(words).toContain("Too little data to judge cost by service");
    expect(words).toContain("A day is judged by at least 56 days before it.");
  });

  test("below the floor are left out, and counted", async () => {
    const rows = [...service("tiny", 2, PEAK), ...service("EC2", 5000)];

    expect((await ask(rows)).data).toMatchObject({ anomalies: [], belowFloor: 1 });
    expect((await ask(rows)).words).toMatch(/1 below \$\d+\.\d\d was left out\./);
    expect((await ask(rows, { min_excess: 1 })).data.anomalies).toMatchObject([{ series: "tiny" }]);
  });

  test("never are on provisional days, nor on a day that is not over", async () => {
    const provisional = (feed: Feed): Feed => ({
      ...feed,
      async query(query, signal) {
        const got = await feed.query(query, signal);
        return { ...got, receipts: got.receipts.map((receipt) => ({ ...receipt, provisional: "since 2026-11-10" })) };
      },
    });
    const rows = service("S3", 300, PEAK);
    const today = service("S3", 300, (day) => (day === "2026-11-21" ? 9 : 1), undefined, { from: YEAR.from, to: "2026-11-21" });

    const { data, words } = await ask(rows, {}, provisional);

    expect(data).toMatchObject({ anomalies: [], provisionalFrom: "2026-11-10" });
    expect(words).toContain("Days since 10 November 2026 may still change and were not judged.");
    expect((await ask(today)).data).toMatchObject({ anomalies: [], provisionalFrom: "2026-11-21" });
  });

  test("of two currencies are judged apart", async () => {
    const { data, words } = await ask([...service("S3", 300, PEAK), ...service("EC2", 1000), ...service("Cloud", 200, PEAK, "EUR")]);

    expect(data).toMatchObject({ unit: "USD", anomalies: [{ series: "S3" }], others: [{ unit: "EUR", anomalies: [{ series: "Cloud" }] }] });
    expect(words).toMatch(/^There are 2 currencies or units; they are judged apart\./);
    expect(words).toMatch(/Cloud: cost of \*\*€/);
  });

  test("need the history before the period, which is asked for", async () => {
    const { data, finding } = await ask([...service("S3", 300, PEAK), ...service("EC2", 1000)], { period: "November" });

    expect(data).toMatchObject({ period: { from: "2026-11-01" }, anomalies: [{ series: "S3", from: "2026-11-10" }] });
    expect(finding.receipts[0]?.window?.from).toBe("2025-09-27");
    expect((finding.facts ?? []).every((fact) => fact.at >= new Date("2026-11-01"))).toBe(true);
  });

  test("by a named method say which, and how it judges", async () => {
    const rows = service("web", 100, PEAK);

    const [auto, ...named] = await Promise.all(["auto", "zscore", "iqr", "seasonal"].map((method) => ask(rows, { method })));

    expect(auto?.words).not.toMatch(/Judged by/);
    for (const { data } of named) expect(data.anomalies).toMatchObject([{ kind: "rise", from: "2026-11-10", to: "2026-11-11" }]);
    expect(named.map(({ words }) => /Judged by (?:z-scores|quartiles|the seasonal pattern alone):/.test(words))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("are none on holidays that are told", async () => {
    const holidays = ["2026-01-06", "2026-04-03", "2026-05-25", "2026-08-31", "2026-11-11"];
    const rows = service("web", 100, (day) => (holidays.includes(day) ? 2 : 1));

    const [plain, told] = await Promise.all([ask(rows), ask(rows, { holidays })]);

    expect([plain.data.anomalies, told.data.anomalies]).toEqual([[expect.objectContaining({ from: "2026-11-11" })], []]);
  });

  test("need dates", async () => {
    expect((await refusalOf(ask(service("S3", 300), {}, undated))).message).toContain("no dates");
  });

  test("go on without a source that fails, and name it", async () => {
    const finding = await run(
      findAnomalies,
      {},
      contextOf([ledger("bill", service("S3", 300, PEAK)), failing(ledger("lost", service("S3", 1)), "query")]),
    );

    expect(wordsOf(finding)).toContain("Left out “lost”");
    expect(finding.data).toMatchObject({ anomalies: [{ series: "S3" }] });
  });

  test("said to be expected are held back with the reason", async () => {
    const facts = service("S3", 300, PEAK).map(([day, labels, value]) => ({
      at: new Date(day),
      measure: "cost",
      value,
      unit: "USD",
      labels,
    }));
    const period = { from: "2026-11-01", to: "2026-11-20" };
    const question = { by: ["service"], unit: "USD", period, signal: AbortSignal.timeout(60_000) };

    const plain = await judgeFacts(facts, question);
    const snoozed = await judgeFacts(facts, {
      ...question,
      feedback: [{ kind: "snooze", series: "S3", from: "2026-11-10", until: "2026-11-30" }],
    });
    const expected = await judgeFacts(facts, {
      ...question,
      feedback: [{ kind: "expected", series: "S3", from: "2026-11-10", to: "2026-11-11" }],
    });

    expect(plain.anomalies).toHaveLength(1);
    expect(snoozed).toMatchObject({ anomalies: [], held: [{ reason: "Marked as “not now” until 30 November 2026" }] });
    expect(expected.anomalies).toEqual([]);
  });
});

test.each([
  ["anomalies in cost by z-score", /Judged by z-scores/],
  ["outliers by quartiles", /Judged by quartiles/],
  ["is anything unusual in cost?", /^(?!.*Judged by)/],
])("the method that the question names is the one that judges: %s", async (text, note) => {
  const context = { ...contextOf([billFeed()]), message: { channel: "console", conversation: "c", text } };

  expect(wordsOf(await run(findAnomalies, { dataset: "bill" }, context)).replaceAll("\n", " ")).toMatch(note);
});

describe("a measure whose days are averages", () => {
  const random = seededRandom(3);
  const lastWeek = { from: "2026-11-09", to: "2026-11-15" };
  const rates = daily(
    YEAR,
    { service: "api" },
    (day) => (day >= lastWeek.from && day <= lastWeek.to ? 0.012 : 0.006) * (1 + 0.1 * (random() - 0.5)),
  );
  const plain = ledger("errors", rates, { kind: "metrics", measure: "error_rate", unit: "ratio" });
  const feed: Feed = {
    ...plain,
    async query(query, signal) {
      const answer = await plain.query(query, signal);
      return { ...answer, facts: answer.facts.map((fact) => ({ ...fact, average: true as const })) };
    },
  };

  test("is told by its level, never by a sum of rates", async () => {
    const finding = await run(findAnomalies, { dataset: "errors", period: "last 30 days" }, contextOf([feed]));

    const [found] = (finding.data as Data).anomalies;
    const mean =
      rates.filter(([day]) => day >= (found?.from ?? "") && day <= (found?.to ?? "")).reduce((sum, [, , rate]) => sum + rate, 0) /
      (found?.days ?? 0);
    expect(found?.days).toBeGreaterThan(3);
    expect(found?.actual).toBeCloseTo(mean, 12);
    expect(found?.high).toBeLessThan(0.009);
    expect(wordsOf(finding)).toMatch(/api: average error rate of \*\*1\.2%\*\* on \d+ days, .* \(0\.\d+ points above, \+\d+/);
    expect(finding.blocks.find((block) => block.type === "chart")).toMatchObject({
      title: expect.stringMatching(/^api: 1\.2% where 0\.6% was expected, /),
    });
  });
});
