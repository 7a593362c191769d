import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWorld, refusalOf, signal, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const YAML = `datasets:
  - name: sales
    source: sales.csv
    time: day
    measures: [{ name: revenue, column: amount, unit: currency, currency: EUR }]
    dimensions: [region]
`;
const GOOD = "day,region,amount\n2026-01-01,north,10\n2026-01-02,south,20\n";

async function refused(content: string | Uint8Array, yaml = YAML): Promise<string> {
  world.write("sales.csv", content);
  const feed = await world.feed(yaml);
  const query = await refusalOf(feed.query({ by: ["region"] }, signal));
  const [check] = (await (await world.connect(yaml)).check(signal)) ?? [];
  if (check?.state !== "ok") expect(check).toMatchObject({ state: "failed", fix: expect.stringMatching(/\w/) });
  return query;
}

describe("a broken CSV names its line and uses nothing of it", () => {
  test.each([
    ["too many columns", `${GOOD}2026-01-03,east,30,extra\n`, /sales\.csv, line 4: it has 4 columns where the header has 3/],
    ["too few columns", `${GOOD}2026-01-03,east\n${GOOD.split("\n")[1]}\n`, /sales\.csv, line 4: it has 2 columns where the header has 3/],
    [
      "a quote that is not closed",
      `${GOOD}2026-01-03,"east,30\n2026-01-04,west,40\n`,
      /sales\.csv, line 4: a quotation mark is not closed/,
    ],
    ["text after a closing quote", `${GOOD}2026-01-03,"east"x,30\n`, /sales\.csv, line 4/],
    ["text in an amount", `${GOOD}2026-01-03,east,thirty\n`, /sales\.csv, row 3: the revenue is not a number.*“thirty”/],
    ["a decimal comma", `${GOOD}2026-01-03,east,"1,5"\n`, /row 3: the revenue is not a number.*“1,5”/],
    [
      "an amount that is no finite number",
      `${GOOD}2026-01-03,east,NaN\n2026-01-03,east,inf\n`,
      /row 3 and 1 more rows: the revenue is not a number.*“NaN”/,
    ],
    ["an impossible date", `${GOOD}2026-02-30,east,30\n`, /row 3: the time is not a date.*“2026-02-30”/],
    ["a date of another order", `${GOOD}31.01.2026,east,30\n`, /row 3: the time is not a date.*“31\.01\.2026”/],
    ["a word for a date", `${GOOD}epoch,east,30\n`, /row 3: the time is not a date.*“epoch”/],
    ["a year for a date", `${GOOD}2026,east,30\n`, /row 3: the time is not a date.*“2026”/],
    ["a count of seconds for a date", `${GOOD}1769900000,east,30\n`, /row 3: the time is not a date/],
  ])("%s", async (_, content, expected) => {
    const said = await refused(content);

    expect(said).toMatch(expected);
    expect(said).toMatch(/Correct|export the file again/);
  });

  test("of several files names the right one", async () => {
    world.write("sales-1.csv", GOOD);
    world.write("sales-2.csv", `${GOOD}2026-01-03,east,thirty\n`);
    const feed = await world.feed(YAML.replace("sales.csv", "sales-*.csv"));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/^sales-2\.csv, row 3: the revenue is not a number/);

    world.write("sales-2.csv", `${GOOD}2026-01-03,east\n`);
    expect(await refusalOf(feed.query({}, signal))).toMatch(/^sales-2\.csv, line 4: it has 2 columns/);
  });

  test("only when the column is asked for: another measure still answers", async () => {
    world.write("sales.csv", "day,region,amount,pieces\n2026-01-01,north,ten,1\n2026-01-02,south,20,2\n");
    const feed = await world.feed(YAML.replace("[{", "[pieces, {"));

    expect((await feed.query({ measure: "pieces" }, signal)).facts[0]?.value).toBe(3);
    expect(await refusalOf(feed.query({ measure: "revenue" }, signal))).toMatch(/row 1: the revenue is not a number/);
  });
});

describe("a file with nothing to read says so", () => {
  test.each([
    ["empty", "", /sales\.csv is empty\. It needs a header line/],
    ["only blank lines", "\n\n\n", /sales\.csv is empty/],
    ["only a byte order mark", "\uFEFF", /sales\.csv is empty/],
    ["only a header", "day,region,amount\n", /“sales” \(sales\.csv\) has no rows/],
    ["binary", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 8, 0, 255, 254]), /not a text file in UTF-8/],
    ["UTF-16", Buffer.from(`\uFEFF${GOOD}`, "utf16le"), /not a text file in UTF-8/],
    ["Latin-1 from the start", Buffer.from("day,región,amount\n2026-01-01,x,1\n", "latin1"), /not a text file in UTF-8/],
  ])("%s", async (_, content, expected) => {
    expect(await refused(content)).toMatch(expected);
  });

  test("Latin-1 far down names the line", async () => {
    const many = Array.from({ length: 400 }, (_, i) => `2026-01-01,north,${i}\n`).join("");
    const content = Buffer.concat([Buffer.from(`day,region,amount\n${many}`), Buffer.from("2026-01-02,málaga,1\n", "latin1")]);

    expect(await refused(content)).toMatch(/sales\.csv, line 402: it is not text in UTF-8/);
  });

  test("broken, and answered once it is mended", async () => {
    const feed = await world.feed(YAML);
    for (const content of [Buffer.from(`${GOOD}2026-01-02,málaga,1\n`, "latin1"), `${GOOD}2026-01-03,"east,30\n`, "", "\0\0"]) {
      world.write("sales.csv", content);
      await expect(feed.query({ by: ["region"] }, signal)).rejects.toThrow();
      world.write("sales.csv", GOOD);
      expect((await feed.query({ by: ["region"] }, signal)).facts).toHaveLength(2);
    }
  });

  test("missing, and found once it is there", async () => {
    const feed = await world.feed(YAML);

    expect(await refusalOf(feed.describe(signal))).toMatch(/“sales” has no file at .*sales\.csv\. Check `source`/);
    world.write("sales.csv", GOOD);
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(30);
    rmSync(`${world.folder}/sales.csv`);
    expect(await refusalOf(feed.query({}, signal))).toMatch(/has no file at/);
  });

  test.each([
    ["Parquet", "sales.parquet"],
    ["JSON", "sales.json"],
    ["a SQLite file", "sqlite:sales.db\n    table: sales"],
  ])("%s that is none", async (_, source) => {
    for (const name of ["sales.parquet", "sales.json", "sales.db"]) world.write(name, "this is not { what it says");
    const feed = await world.feed(YAML.replace("sales.csv", source));

    expect(await refusalOf(feed.describe(signal))).toMatch(/cannot be read\. Check/);
  });

  test("a SQLite table that is missing, and a database that is missing", async () => {
    new DatabaseSync(`${world.folder}/shop.db`).exec("CREATE TABLE other (x)");

    const table = await world.feed(YAML.replace("sales.csv", "sqlite:shop.db\n    table: sales"));
    expect(await refusalOf(table.describe(signal))).toBe("shop.db has no table sales. Check `table` in the datasets file.");
    const lost = await world.feed(YAML.replace("sales.csv", "sqlite:lost.db\n    table: sales"));
    expect(await refusalOf(lost.describe(signal))).toMatch(/no database at .*lost\.db/);
  });

  test("a PostgreSQL server that does not answer, without its password", async () => {
    const feed = await world.feed(YAML.replace("sales.csv", "postgres://me:hunter22@127.0.0.1:1/shop\n    table: sales"));

    const said = await refusalOf(feed.describe(signal));

    expect(said).toMatch(/PostgreSQL table sales cannot be read\. Check the URL/);
    expect(said).not.toContain("hunter22");
  });
});

describe("SQLite values that look like something else", () => {
  test.each([
    ["30 February", "'2026-02-30'", "10", /row 2: the time is not a date.*“2026-02-30”/],
    ["a year", "2026", "10", /row 2: the time is not a date/],
    ["a time of day", "'12:00'", "10", /row 2: the time is not a date/],
    ["now", "'now'", "10", /row 2: the time is not a date/],
    ["a date for an amount", "'2026-01-02'", "'2026-11-21'", /row 2: the revenue is not a number.*“2026-11-21”/],
    ["two numbers", "'2026-01-02'", "'12.3.4'", /row 2: the revenue is not a number/],
    ["a difference", "'2026-01-02'", "'5-3'", /row 2: the revenue is not a number/],
  ])("%s is refused", async (_, day, amount, expected) => {
    const database = new DatabaseSync(`${world.folder}/shop.db`);
    database.exec(
      `CREATE TABLE sales (day, region, amount); INSERT INTO sales VALUES ('2026-01-01', 'north', 1), (${day}, 'south', ${amount})`,
    );
    database.close();
    const feed = await world.feed(YAML.replace("sales.csv", "sqlite:shop.db\n    table: sales"));

    expect(await refusalOf(feed.query({}, signal))).toMatch(expected);
  });
});

describe("numbers and dates as people write them are read", () => {
  test("signs, blanks, exponents, a point at either end", async () => {
    world.write(
      "sales.csv",
      'day,region,amount\n2026-01-01,a,+5\n2026/01/02,b," 2.5 "\n2026-1-3,c,.25\n 2026-01-04 ,d,1e3\n2026-01-05,e,-7.\n2026-01-06,f,007\n',
    );

    const { facts } = await (await world.feed(YAML)).query({ by: ["region"], grain: "day" }, signal);

    expect(facts.map((f) => [f.at.toISOString().slice(0, 10), f.value]).sort()).toEqual([
      ["2026-01-01", 5],
      ["2026-01-02", 2.5],
      ["2026-01-03", 0.25],
      ["2026-01-04", 1000],
      ["2026-01-05", -7],
      ["2026-01-06", 7],
    ]);
  });

  test("quoted line breaks, doubled quotes, blank lines at the end", async () => {
    world.write("sales.csv", 'day,region,amount\r\n2026-01-01,"say ""hi""\r\nthere",1\r\n2026-01-02,"a,b",2\r\n\r\n');

    const { facts } = await (await world.feed(YAML)).query({ by: ["region"] }, signal);

    expect(facts.map((f) => [f.labels.region, f.value]).sort()).toEqual([
      ["a,b", 2],
      ['say "hi"\r\nthere', 1],
    ]);
  });
});
