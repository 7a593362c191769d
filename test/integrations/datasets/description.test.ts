import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { loadDatasets } from "../../../src/integrations/datasets/load.ts";
import { openWorld, refusalOf, signal, toCsv, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

async function problemsOf(yaml: string, name = "datasets.yaml"): Promise<readonly string[]> {
  const error = await loadDatasets(world.write(name, yaml)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  for (const problem of error.problems) expect(problem).toContain(name);
  return error.problems;
}

describe("a description that is wrong", () => {
  test.each([
    [
      "an unknown key, with the near one",
      "  - name: sales\n    source: s.csv\n    dimension: [region]\n",
      /dataset “sales”: .*“dimension” is not a key of it; did you mean “dimensions”\?/,
    ],
    [
      "an unknown key of a measure",
      "  - { name: sales, source: s.csv, measures: [{ name: x, colum: y }] }\n",
      /dataset “sales”, measures\.0: .*“colum” .*did you mean “column”\?/,
    ],
    [
      "an unknown key of a dimension",
      "  - { name: sales, source: s.csv, dimensions: [{ name: x, colunm: y }] }\n",
      /dimensions\.0: .*“colunm” .*“column”/,
    ],
    ["two of one name", "  - { name: sales, source: a.csv }\n  - { name: Sales, source: b.csv }\n", /two datasets are called “sales”/],
    [
      "two measures of one name",
      "  - { name: sales, source: a.csv, measures: [amount, Amount] }\n",
      /dataset “sales”: two measures are called “amount”/,
    ],
    [
      "two dimensions of one name",
      "  - { name: sales, source: a.csv, dimensions: [a, { name: a, column: b }] }\n",
      /two dimensions are called “a”/,
    ],
    ["no source", "  - { name: sales }\n", /dataset “sales”, source: /],
    ["no name", "  - { source: a.csv }\n", /dataset 1, name: /],
    ["a name with a blank", '  - { name: "my sales", source: a.csv }\n', /must begin with a letter and hold only letters, digits, _ and -/],
    [
      "money without a currency",
      "  - { name: s, source: a.csv, measures: [{ name: x, unit: currency }] }\n",
      /unit is currency: add `currency: EUR` or `currency_column: NAME`/,
    ],
    ["a currency that is none", "  - { name: s, source: a.csv, measures: [{ name: x, currency: euro }] }\n", /must be a code such as EUR/],
    ["an unknown feed", "  - { name: s, source: a.csv, feed: cost }\n", /dataset “s”, feed: .*costs/],
    ["a format that cannot be told", "  - { name: s, source: a.xlsx }\n", /cannot tell the format of a\.xlsx\. Add `format: csv`/],
    ["an address on the network", "  - { name: s, source: 'https://example.com/a.csv' }\n", /https addresses are not read/],
    ["a database without a table", "  - { name: s, source: 'sqlite:a.db' }\n", /a database needs `table: NAME`/],
    ["days that are no number", "  - { name: s, source: a.csv, provisional_days: many }\n", /provisional_days: /],
  ])("is named: %s", async (_, entries, expected) => {
    const problems = await problemsOf(`datasets:\n${entries}`);

    expect(problems.join("\n")).toMatch(expected);
  });

  test.each([
    ["nothing", "", /datasets\.yaml: /],
    ["no list", "datasets: bill.csv\n", /datasets: /],
    ["an empty list", "datasets: []\n", /datasets: /],
    ["another key", "dataset: []\n", /“dataset” is not a key of it; did you mean “datasets”\?/],
    ["broken YAML", "datasets:\n  - name: a\n   source: b\n", /line \d.*Correct the file/],
    ["a password in broken YAML", "datasets:\n  - source: *postgres://me:hunter22@db/x\n", /alias/i],
  ])("is named: %s", async (_, yaml, expected) => {
    const warned = vi.spyOn(process, "emitWarning");
    const problems = (await problemsOf(yaml)).join("\n");

    expect(problems).toMatch(expected);
    expect(problems).not.toContain("hunter22");
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test("is reported as a whole", async () => {
    const problems = await problemsOf(
      "datasets:\n  - { name: a, source: a.csv, tiem: day }\n  - { name: b, source: b.csv, measures: [{ name: x, currency: euro }] }\n  - { source: c.csv }\n",
    );
    const places = await problemsOf(
      "datasets:\n  - { name: a, source: a.xlsx }\n  - { name: b, source: 'sqlite:b.db' }\n  - { name: b, source: c.csv }\n",
    );

    expect(problems).toHaveLength(3);
    expect(places).toHaveLength(3);
  });

  test("and is not there", async () => {
    await expect(loadDatasets(`${world.folder}/nowhere.yaml`)).rejects.toThrow(
      /DATASETS: cannot read .*nowhere\.yaml\. Point it at a YAML file/,
    );
  });
});

describe("a column that is not there", () => {
  const CSV = "day,Region Name,amount,hours\n2026-01-01,x,1,2\n";

  test.each([
    ["the time", "time: dya", /no column “dya” for its time\. Did you mean “day”\?/],
    ["a measure", "time: day\n    measures: [amuont]", /no column “amuont” for its measure amuont\. Did you mean “amount”\?/],
    [
      "a dimension",
      "measures: [amount]\n    dimensions: [{ name: region, column: RegionName }]",
      /no column “RegionName” for its dimension region\. Did you mean “Region Name”\?/,
    ],
    ["a currency column", "measures: [{ name: amount, unit: currency, currency_column: cur }]", /no column “cur” for its currency/],
    ["without a near one", "measures: [something_else]", /has no column “something_else” .*It has day, Region Name, amount and hours\./],
  ])("is named with the near one: %s", async (_, lines, expected) => {
    world.write("sales.csv", CSV);
    const yaml = `datasets:\n  - name: sales\n    source: sales.csv\n    ${lines}\n${lines.includes("measures") ? "" : "    measures: [amount]\n"}`;

    const connection = await world.connect(yaml);

    const [result] = await connection.check(signal);
    expect(result).toMatchObject({
      name: "dataset sales",
      state: "failed",
      message: expect.stringMatching(expected),
      fix: expect.any(String),
    });
    await expect(connection.feeds[0]?.query({}, signal)).rejects.toThrow(expected);
  });

  test("but for its case is found", async () => {
    world.write("sales.csv", CSV);
    const feed = await world.feed(
      "datasets:\n  - { name: sales, source: sales.csv, time: DAY, measures: [Amount], dimensions: [{ name: r, column: region name }] }\n",
    );

    expect((await feed.query({ by: ["R"] }, signal)).facts).toMatchObject([{ value: 1, labels: { r: "x" } }]);
  });
});

describe("names of columns that look like SQL", () => {
  test("are only names", async () => {
    const columns = [
      "'; DROP TABLE x; --",
      'a "quoted" one',
      "semi;colon",
      "🚢 Größe",
      "عمود",
      "back\\slash",
      "per cent %",
      "$1",
      "new\nline",
      "tab\tbed",
    ];
    world.write(
      "odd.csv",
      toCsv([
        ["day", ...columns],
        ["2026-01-01", ...columns.map((_, i) => i + 1)],
        ["2026-01-02", ...columns.map((_, i) => 10 * (i + 1))],
      ]),
    );
    const list = (kind: string) => columns.map((c, i) => `{ name: ${kind}${i}, column: ${JSON.stringify(c)} }`).join(", ");
    const feed = await world.feed(
      `datasets:\n  - name: odd\n    source: odd.csv\n    time: day\n    measures: [${list("m")}]\n    dimensions: [${list("d")}]\n`,
    );

    for (const [i] of columns.entries()) {
      const { facts } = await feed.query({ measure: `m${i}`, by: [`d${i}`], grain: "day" }, signal);
      expect(facts.map((f) => [f.labels[`d${i}`], f.value]).sort()).toEqual(
        [
          [String(10 * (i + 1)), 10 * (i + 1)],
          [String(i + 1), i + 1],
        ].sort(),
      );
    }
  });

  test("that are blank or come twice stay apart", async () => {
    world.write("odd.csv", "day,,amount,amount,\n2026-01-01,a,1,20,b\n");
    const feed = await world.feed(
      "datasets:\n  - { name: odd, source: odd.csv, time: day, measures: [amount, amount_4], dimensions: [column_2, column_5] }\n",
    );

    const first = await feed.query({ measure: "amount", by: ["column_2", "column_5"] }, signal);
    const second = await feed.query({ measure: "amount_4" }, signal);

    expect(first.facts).toMatchObject([{ value: 1, labels: { column_2: "a", column_5: "b" } }]);
    expect(second.facts).toMatchObject([{ value: 20 }]);
  });

  test("in a header of semicolons with commas inside quotes", async () => {
    world.write("odd.csv", 'day;"amount, in EUR, net";region\n2026-01-01;5;"a;b"\n');
    const feed = await world.feed(
      'datasets:\n  - name: odd\n    source: odd.csv\n    time: day\n    measures: [{ name: net, column: "amount, in EUR, net" }]\n    dimensions: [region]\n',
    );

    expect((await feed.query({ by: ["region"] }, signal)).facts).toMatchObject([{ value: 5, labels: { region: "a;b" } }]);
  });
});

describe("where a dataset is", () => {
  test("is relative to the file that describes it", async () => {
    mkdirSync(`${world.folder}/etc`);
    world.write("sales.csv", "day,amount\n2026-01-01,7\n");
    const path = world.write("etc/data.yml", "datasets:\n  - { name: sales, source: ../sales.csv, time: day, measures: [amount] }\n");

    const { feeds } = await world.connect(path);

    expect((await feeds[0]?.query({}, signal))?.facts).toMatchObject([{ value: 7 }]);
  });

  test("may be the setting itself, whatever the case of its ending", async () => {
    const path = world.write("Bill 2026.CSV", "ChargePeriodStart,BilledCost,ServiceName\n2026-01-01,7,x\n");

    const feed = await world.feed(path);

    expect(feed.name).toBe("bill-2026");
    expect((await feed.query({}, signal)).facts).toMatchObject([{ value: 7, unit: "USD" }]);
  });

  test("JSON may describe datasets too", async () => {
    world.write("sales.csv", "day,amount\n2026-01-01,7\n");
    const path = world.write(
      "datasets.json",
      JSON.stringify({ datasets: [{ name: "sales", source: "sales.csv", time: "day", measures: ["amount"] }] }),
    );

    expect((await (await world.feed(path)).query({}, signal)).facts).toMatchObject([{ value: 7 }]);
  });
});

test("a source without a time column answers without a period and refuses one", async () => {
  world.write("sales.csv", "region,amount\nnorth,1\nsouth,2\n");
  const feed = await world.feed("datasets:\n  - { name: sales, source: sales.csv, measures: [amount], dimensions: [region] }\n");

  expect((await feed.describe(signal)).covers).toBeUndefined();
  expect((await feed.query({ by: ["region"] }, signal)).facts).toHaveLength(2);
  expect((await feed.query({}, signal)).receipts[0]).not.toHaveProperty("window");
  expect(await refusalOf(feed.query({ period: { from: "2026-01-01", to: "2026-01-31" } }, signal))).toMatch(
    /no time column.*add `time: COLUMN`/,
  );
  expect(await refusalOf(feed.query({ grain: "month" }, signal))).toMatch(/no time column, so it cannot be split by month/);
});
