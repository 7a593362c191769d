import { describe, expect, test } from "vitest";
import { getCosts } from "../../src/tools/get-costs.ts";
import { queryDataset } from "../../src/tools/query-dataset.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { contextOf, daily, failing, ledger, type Row, refusalOf, run, sumOf, tableOf, wordsOf } from "./world.ts";

interface Costs {
  totals: { unit: string; value: number; previous?: number; change?: number | null }[];
  rows: {
    labels: Record<string, string>;
    unit: string;
    at?: string;
    value: number;
    share?: number;
    previous?: number;
    change?: number | null;
  }[];
}

const OCTOBER = { from: "2026-10-01", to: "2026-10-31" };
const SEPTEMBER = { from: "2026-09-01", to: "2026-09-30" };
const BOTH = { from: SEPTEMBER.from, to: OCTOBER.to };

/** What is spent each day, in whole units: steady, growing, new in October, gone since September, and a refund. */
const ROWS: readonly Row[] = [
  ...daily(BOTH, { service: "steady", region: "north" }, () => 40),
  ...daily(BOTH, { service: "growing", region: "south" }, (_, i) => 5 + i),
  ...daily(OCTOBER, { service: "new", region: "south" }, () => 12),
  ...daily(SEPTEMBER, { service: "gone", region: "north" }, () => 20),
  ...daily(OCTOBER, { service: "tiny", region: "north" }, () => 1),
  ["2026-10-15", { service: "refunded", region: "north" }, -50],
];

async function costs(input: Record<string, unknown>, rows: readonly Row[] = ROWS) {
  const finding = await run(getCosts, input, contextOf([ledger("bill", rows)]));
  return { data: finding.data as Costs, words: wordsOf(finding), finding };
}

const total = (rows: readonly Row[], period = OCTOBER) => sumOf(rows, period);
const of = (service: string, period = OCTOBER) => sumOf(ROWS, period, { service });

describe("a split", () => {
  test("gives every part with its share, the largest first, and refunds as what they are", async () => {
    const { data, words } = await costs({ by: "service", period: OCTOBER });

    const services = ["steady", "growing", "new", "tiny", "refunded"].sort((a, b) => of(b) - of(a));
    expect(data.rows.map((r) => [r.labels.service, r.value, r.share])).toEqual(services.map((s) => [s, of(s), of(s) / total(ROWS)]));
    expect(data.totals).toEqual([{ unit: "USD", value: total(ROWS) }]);
    expect(data.rows.reduce((sum, r) => sum + r.value, 0)).toBe(total(ROWS));
    expect(words).toMatch(/^\*\*Cost for October 2026: \$\d,\d{3}\.00\*\*\. Largest: growing .*, of 5 services\.$/);
  });

  test("by two dimensions has a row per pair", async () => {
    const { data, finding } = await costs({ by: ["region", "service"], period: OCTOBER });

    expect(data.rows).toHaveLength(5);
    for (const { labels, value } of data.rows) expect(value).toBe(sumOf(ROWS, OCTOBER, labels));
    expect(tableOf(finding).columns.map((c) => c.label)).toEqual(["region", "service", "cost", "share"]);
  });

  test("keeps pairs apart whose names run into each other", async () => {
    const rows: Row[] = [
      ["2026-10-01", { a: "x · y", b: "z" }, 1],
      ["2026-10-01", { a: "x", b: "y · z" }, 20],
    ];

    const { data } = await costs({ by: ["a", "b"] }, rows);

    expect(data.rows.map((r) => r.value)).toEqual([20, 1]);
  });

  test("shows the top with the rest as one line", async () => {
    const { data, finding } = await costs({ by: "service", period: OCTOBER, top: 2 });

    const { rows } = tableOf(finding);
    const rest = total(ROWS) - of("growing") - of("steady");
    expect(data.rows.map((r) => r.labels.service)).toEqual([
      of("growing") > of("steady") ? "growing" : "steady",
      of("growing") > of("steady") ? "steady" : "growing",
    ]);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toEqual(["3 others", rest, expect.closeTo(rest / total(ROWS), 9)]);
    expect(data.totals[0]?.value).toBe(total(ROWS));
    expect(tableOf((await costs({ by: "service", period: OCTOBER, top: 4 })).finding).rows.at(-1)?.[0]).toBe("1 other");
    expect(tableOf((await costs({ by: "service", period: OCTOBER, top: 5 })).finding).rows).toHaveLength(5);
  });

  test("has no shares of a total that is not positive", async () => {
    const rows: Row[] = [
      ["2026-10-01", { service: "a" }, 5],
      ["2026-10-01", { service: "b" }, -9],
      ["2026-10-01", { service: "c" }, 1],
    ];

    const { data, finding } = await costs({ by: "service", top: 1 }, rows);

    expect(data.rows).toEqual([{ labels: { service: "a" }, unit: "USD", value: 5 }]);
    expect(tableOf(finding).rows).toEqual([
      ["a", 5, null],
      ["2 others", -8, null],
    ]);
  });

  test.each([
    ["smallest", ["refunded", "tiny"]],
    ["value", ["growing", "steady"]],
  ])("in the order “%s”", async (order, first) => {
    const { data } = await costs({ by: "service", period: OCTOBER, order });

    expect(data.rows.slice(0, 2).map((r) => r.labels.service)).toEqual(
      first.sort((a, b) => (order === "smallest" ? of(a) - of(b) : of(b) - of(a))),
    );
  });
});

describe("a comparison of parts", () => {
  test("shows what is new from nothing and what has gone to nothing", async () => {
    const { data, finding } = await costs({ by: "service", period: OCTOBER, compare: "previous" });

    const row = (service: string) => data.rows.find((r) => r.labels.service === service);
    expect(row("new")).toMatchObject({ value: of("new"), previous: 0, change: null });
    expect(row("gone")).toMatchObject({ value: 0, previous: of("gone", SEPTEMBER), change: -1 });
    expect(row("steady")).toMatchObject({ value: 40 * 31, previous: 40 * 30 });
    expect(data.totals[0]).toMatchObject({ value: total(ROWS), previous: total(ROWS, SEPTEMBER) });
    expect(finding.content).toMatch(/^\| new \|.*\| missing \|$/m);
    expect(tableOf(finding).rows.find((r) => r[0] === "new")).toEqual(["new", of("new"), of("new") / total(ROWS), 0, of("new"), null]);
  });

  test("by change puts the largest movement first, up or down, and compares without being told", async () => {
    const { data, words } = await costs({ by: "service", period: OCTOBER, order: "change" });

    const moved = (s: string) => Math.abs(of(s) - of(s, SEPTEMBER));
    const services = ["steady", "growing", "new", "gone", "tiny", "refunded"].sort((a, b) => moved(b) - moved(a));
    expect(data.rows.slice(0, 4).map((r) => r.labels.service)).toEqual(services.slice(0, 4));
    expect(words).toContain("Changed most: growing (+$");
    expect(words).toContain("gone (−$600.00, now $0.00)");
  });

  test("by change, with nothing before, says so and does not speak of change", async () => {
    const { words } = await costs({ by: "service", period: SEPTEMBER, order: "change" });

    expect(words).toContain("There is no data for August 2026 to compare with.");
    expect(words).not.toContain("Changed most");
  });
});

describe("a course over time", () => {
  test.each(["day", "week", "month", "quarter", "year"] as const)("per %s adds up to the total, in order", async (grain) => {
    const { data } = await costs({ grain });

    expect(data.rows.reduce((sum, r) => sum + r.value, 0)).toBe(sumOf(ROWS));
    expect(data.rows.map((r) => r.at)).toEqual([...new Set(data.rows.map((r) => r.at))].sort());
  });

  test("names the highest and the lowest", async () => {
    const { words } = await costs({ grain: "day", period: OCTOBER, filter: { service: "growing" } });

    expect(words).toContain(
      "It was highest on 31 October 2026 ($65.00) and lowest on 1 October 2026 ($35.00); the mean per day is $50.00.",
    );
  });

  test("of parts has a row per step and part", async () => {
    const { data, finding } = await costs({ grain: "month", by: "service" });

    for (const row of data.rows) {
      const period = row.at === "2026-09-01" ? SEPTEMBER : OCTOBER;
      expect(row.value).toBe(of(String(row.labels.service), period));
    }
    expect(data.rows).toHaveLength(8);
    expect(tableOf(finding).columns.at(-1)?.label).toBe("all");
    expect(tableOf(finding).rows.map((r) => r.at(-1))).toEqual([total(ROWS, SEPTEMBER), total(ROWS, OCTOBER)]);
  });
});

describe("filters", () => {
  const bill = billFeed();

  test.each([
    [{ service: "ec2" }, "Amazon Elastic Compute Cloud"],
    [{ service: "S3" }, "Amazon Simple Storage Service"],
    [{ service: "cloudwatch" }, "AmazonCloudWatch"],
    [{ Service: "sqs" }, "Amazon Simple Queue Service"],
    [{ services: "lambda" }, "AWS Lambda"],
  ])("by a short name: %o", async (filter, name) => {
    const finding = await run(getCosts, { filter, period: "October" }, contextOf([bill]));

    expect(wordsOf(finding)).toContain(`Cost of ${name} for October 2026`);
  });

  test("by several values and dimensions give what has one of each", async () => {
    const filter = { service: ["growing", "new", "steady"], region: "south" };

    expect((await costs({ filter, period: OCTOBER })).data.totals[0]?.value).toBe(of("growing") + of("new"));
  });

  test("without a value ask for what has none", async () => {
    const rows: Row[] = [
      ["2026-10-01", { service: "a" }, 5],
      ["2026-10-01", {}, 7],
    ];

    const { data, words } = await costs({ filter: { service: "(not set)" } }, rows);

    expect(data.totals[0]?.value).toBe(7);
    expect(words).toContain("(not set)");
  });

  test.each([
    [{ filter: { service: "grwoing" } }, /No service is called “grwoing”\. Did you mean “growing”\?/],
    [{ filter: { service: "snowflake" } }, /No service is called “snowflake”\. The largest are steady/],
    [{ filter: { servcie: "growing" } }, /no dimension “servcie” to filter by\. Did you mean “service”\?/],
    [{ by: "regoin" }, /no dimension “regoin”\. Did you mean “region”\?/],
    [{ by: ["service", "color"] }, /no dimension “color”\. There is service and region/],
    [{ measure: "csot" }, /no measure “csot”\. Did you mean “cost”\?/],
    [{ dataset: "bil" }, /no dataset “bil”\. Did you mean “bill”\?/],
    [{ feed: "deploys" }, /No connected source has deploys\. What is connected has costs\. Connect one/],
  ])("of what is not there name what is: %o", async (input, expected) => {
    expect((await refusalOf(costs(input))).message).toMatch(expected);
  });

  test("that look like SQL are only values", async () => {
    const hostile = "'; DROP TABLE bill; --";

    expect(
      (await costs({ filter: { service: hostile } }, [...ROWS, ["2026-10-02", { service: hostile, region: "x" }, 3]])).data.totals[0]
        ?.value,
    ).toBe(3);
    expect((await refusalOf(costs({ filter: { service: "' OR 1=1 --" } }))).message).toMatch(/No service is called/);
  });
});

describe("several currencies", () => {
  const rows: Row[] = [
    ...daily(BOTH, { service: "a" }, () => 10),
    ...daily(BOTH, { service: "b" }, () => 3).map(([d, l, v]): Row => [d, l, v, "EUR"]),
    ...daily(SEPTEMBER, { service: "c" }, () => 2).map(([d, l, v]): Row => [d, l, v, "GBP"]),
  ];

  test("stand apart and are never added", async () => {
    const { data, words, finding } = await costs({ by: "service", period: OCTOBER }, rows);

    expect(data.totals).toEqual([
      { unit: "EUR", value: 93 },
      { unit: "USD", value: 310 },
    ]);
    expect(words).toMatch(/^Amounts of different currencies are not added up\./);
    expect(words).not.toContain("403");
    expect(finding.blocks.filter((b) => b.type === "table")).toHaveLength(2);
  });

  test("of which one has gone still show it", async () => {
    const { data, words } = await costs({ by: "service", period: OCTOBER, compare: "previous" }, rows);

    expect(data.totals.find((t) => t.unit === "GBP")).toEqual({ unit: "GBP", value: 0, previous: 60, change: -1 });
    expect(words).toContain("£0.00");
  });
});

describe("several sources", () => {
  const aws = ledger(
    "aws",
    daily(BOTH, { service: "compute", region: "north" }, () => 10),
  );
  const gcp = ledger(
    "gcp",
    daily(BOTH, { service: "compute" }, () => 7),
  );

  test("of one kind are added up, step by step too", async () => {
    const whole = await run(getCosts, { period: OCTOBER }, contextOf([aws, gcp]));
    const course = await run(getCosts, { period: OCTOBER, grain: "day", by: "service" }, contextOf([aws, gcp]));

    expect((whole.data as Costs).totals).toEqual([{ unit: "USD", value: 17 * 31 }]);
    expect(whole.receipts.map((r) => r.source)).toEqual(["aws", "gcp"]);
    expect((course.data as Costs).rows).toHaveLength(31);
    for (const row of (course.data as Costs).rows) expect(row.value).toBe(17);
  });

  test("of which one lacks the dimension go on without it, and say so", async () => {
    const finding = await run(getCosts, { period: OCTOBER, by: "region" }, contextOf([aws, gcp]));

    expect((finding.data as Costs).totals[0]?.value).toBe(310);
    expect(wordsOf(finding)).toContain("Without gcp, which has no region.");
  });

  test.each(["describe", "query"] as const)("of which one fails (%s) name it and go on", async (when) => {
    const finding = await run(getCosts, { period: OCTOBER }, contextOf([aws, failing(gcp, when)]));

    expect((finding.data as Costs).totals).toEqual([{ unit: "USD", value: 310 }]);
    expect(wordsOf(finding)).toContain("Left out “gcp”: The vendor did not answer. (gcp: “HTTP 502”)");
    expect(finding.receipts.map((r) => r.source)).toEqual(["aws"]);
  });

  test("that all fail are an error, not an empty answer", async () => {
    await expect(run(getCosts, {}, contextOf([failing(aws, "query"), failing(gcp, "describe")]))).rejects.toThrow(
      "The vendor did not answer.",
    );
  });

  test("of which one was still asked when the asker left give no half answer", async () => {
    const stop = new AbortController();
    const slow = {
      ...gcp,
      query: async () => {
        stop.abort();
        throw new DOMException("The operation was aborted.", "AbortError");
      },
    };

    await expect(run(getCosts, {}, contextOf([aws, slow], { signal: stop.signal }))).rejects.toThrow(/aborted/);
  });

  test("are told apart by their name, in any case", async () => {
    const finding = await run(getCosts, { dataset: "GCP", period: OCTOBER }, contextOf([aws, gcp]));

    expect((finding.data as Costs).totals[0]?.value).toBe(7 * 31);
  });

  test("of another kind are not costs", async () => {
    expect((await refusalOf(run(getCosts, {}, contextOf([salesFeed()])))).message).toMatch(
      /No connected source has costs\. What is connected has metrics/,
    );
    expect((await refusalOf(run(getCosts, {}, contextOf([])))).message).toMatch(/No source of data is connected\. Set DATASETS/);
  });
});

describe("receipts and notes", () => {
  test("are those of both periods compared", async () => {
    const { finding } = await costs({ period: OCTOBER, compare: "previous" });

    expect(finding.receipts.map((r) => r.window)).toEqual([OCTOBER, SEPTEMBER]);
  });

  test("say which days are provisional", async () => {
    const feed = ledger("bill", ROWS);
    const provisional = {
      ...feed,
      query: async (...asked: Parameters<typeof feed.query>) => {
        const answer = await feed.query(...asked);
        return { ...answer, receipts: answer.receipts.map((r) => ({ ...r, provisional: "since 2026-10-30" })) };
      },
    };

    expect(wordsOf(await run(getCosts, { period: OCTOBER }, contextOf([provisional])))).toContain(
      "The days since 30 October 2026 are provisional and may still change.",
    );
  });
});

describe("query_dataset", () => {
  const sales = salesFeed();
  const bill = billFeed();

  test("without arguments lists what there is", async () => {
    const finding = await run(queryDataset, {}, contextOf([bill, sales, failing(ledger("lost", ROWS), "describe")]));

    expect(wordsOf(finding)).toBe("There are 3 sources to ask about: bill, sales and lost.");
    expect(tableOf(finding).rows[1]).toEqual(["sales", "revenue and orders", "product, country and channel", "2024-11-21", "2026-11-20"]);
    expect(tableOf(finding).rows[2]).toEqual(["lost", "out of reach", null, null, null]);
  });

  test("finds the dataset of a measure, and asks when several have it", async () => {
    const revenue = await run(queryDataset, { measure: "revenue", period: "October" }, contextOf([bill, sales]));
    const several = await refusalOf(run(queryDataset, { measure: "cost" }, contextOf([bill, ledger("other", ROWS)])));
    const none = await refusalOf(run(queryDataset, { measure: "revenu" }, contextOf([bill, sales])));

    expect(revenue.data).toMatchObject({ dataset: "sales", results: [{ measure: "revenue", unit: "EUR" }] });
    expect(several.message).toBe("bill and other each have cost. Say which one.");
    expect(several.suggestions).toEqual(["cost in bill", "cost in other"]);
    expect(none.message).toMatch(/“revenu”\. Did you mean “revenue”\? There is cost, list_cost, revenue and orders\./);
  });

  test("with neither name means the only dataset, and asks among several", async () => {
    const one = await run(queryDataset, { by: "product", top: 3 }, contextOf([sales]));
    const several = await refusalOf(run(queryDataset, { by: "product" }, contextOf([bill, sales])));

    expect(one.data).toMatchObject({ dataset: "sales", results: [{ measure: "revenue", rows: [{}, {}, {}] }] });
    expect(several.message).toBe("Say which dataset or which measure. There is bill and sales.");
  });

  test("reads several measures at once, each with its unit and receipt", async () => {
    const finding = await run(queryDataset, { dataset: "sales", measures: ["revenue", "orders"], period: "October" }, contextOf([sales]));

    const { results } = finding.data as { results: { measure: string; unit: string; total: number }[] };
    expect(results.map((r) => [r.measure, r.unit])).toEqual([
      ["revenue", "EUR"],
      ["orders", "count"],
    ]);
    expect(finding.receipts).toHaveLength(2);
    for (const { measure, total: value } of results) {
      const direct = await sales.query({ measure, period: OCTOBER }, AbortSignal.timeout(5_000));
      expect(value).toBeCloseTo(direct.facts[0]?.value ?? Number.NaN, 6);
    }
  });

  test.each([
    ["value", (a: number, b: number) => b - a],
    ["smallest", (a: number, b: number) => a - b],
  ] as const)("orders by %s", async (order, compare) => {
    const finding = await run(queryDataset, { dataset: "sales", by: "product", period: "October", order }, contextOf([sales]));

    const values = tableOf(finding).rows.map((r) => Number(r[1]));
    expect(values).toEqual([...values].sort(compare));
    expect(wordsOf(finding)).toContain(order === "smallest" ? "Smallest: " : "Largest: ");
  });

  test("orders by change against the period before, without being told to compare", async () => {
    const finding = await run(queryDataset, { dataset: "sales", by: "product", period: "October", order: "change" }, contextOf([sales]));

    const differences = tableOf(finding).rows.map((r) => Math.abs(Number(r[4])));
    expect(differences).toEqual([...differences].sort((a, b) => b - a));
    expect(finding.data).toMatchObject({ results: [{ comparePeriod: SEPTEMBER }] });
    expect(wordsOf(finding)).toContain("Changed most: ");
  });

  test("keeps units of one measure apart", async () => {
    const mixed = ledger(
      "mixed",
      [
        ["2026-10-01", { a: "x" }, 5],
        ["2026-10-01", { a: "x" }, 9, "EUR"],
      ],
      { kind: "metrics" },
    );

    const finding = await run(queryDataset, { dataset: "mixed" }, contextOf([mixed]));

    expect(wordsOf(finding)).toMatch(/^Amounts of different currencies or units are not added up\./);
    expect(wordsOf(finding)).not.toContain("14");
  });
});
