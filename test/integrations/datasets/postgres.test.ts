import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSource } from "../../../src/integrations/datasets/sources.ts";
import { type Postgres, startPostgres } from "../../kit/postgres.ts";
import { NOW, openWorld, refusalOf, signal, type World } from "./world.ts";

let server: Postgres | undefined;
let url = "";
let world: World;
let reason = "";
beforeAll(async () => {
  world = openWorld();
  try {
    server = await startPostgres();
    url = await server.fresh();
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
    console.warn(`datasets in PostgreSQL are not tested here: ${reason}`);
  }
});
beforeEach((context) => context.skip(server === undefined, reason));
afterAll(async () => {
  await world.close();
  await server?.stop();
});

async function run(sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

function yaml(table: string): string {
  return `datasets:\n  - name: sales\n    source: ${url}\n    table: ${table}\n    time: day\n    measures: [amount]\n    dimensions: [region]\n`;
}

describe("text that looks like something else names its row", () => {
  test.each([
    ["30 February", "2026-02-30", "1", /row 2: the time is not a date.*“2026-02-30”/],
    ["29 February of no leap year", "2025-02-29", "1", /row 2: the time is not a date/],
    ["month 13", "2026-13-01", "1", /row 2: the time is not a date/],
    ["hour 25", "2026-01-01 25:00:00", "1", /row 2: the time is not a date/],
    ["a word", "yesterday", "1", /row 2: the time is not a date/],
    ["a date of another order", "31.01.2026", "1", /row 2: the time is not a date/],
    ["an amount with a unit", "2026-01-01", "5 EUR", /row 2: the amount is not a number.*“5 EUR”/],
    ["an amount that is none", "2026-01-01", "NaN", /row 2: the amount is not a number/],
  ])("%s", async (_, day, amount, expected) => {
    await run(`DROP TABLE IF EXISTS odd; CREATE TABLE odd (day text, region text, amount text);
      INSERT INTO odd VALUES ('2026-01-01', 'a', '1'), ('${day}', 'b', '${amount}')`);

    expect(await refusalOf((await world.feed(yaml("odd"))).query({}, signal))).toMatch(expected);
  });
});

test.each([
  ["date", "'2026-02-28', '2024-02-29'", ["2024-02-29", "2026-02-28"]],
  ["timestamp", "'2026-02-28 23:59:59.999', '2024-02-29 00:00:00'", ["2024-02-29", "2026-02-28"]],
  ["timestamptz", "'2026-03-01 00:30:00+01', '2024-02-29 00:00:00Z'", ["2024-02-29", "2026-02-28"]],
])("a column of type %s is read as days of UTC", async (type, values, expected) => {
  await run(`DROP TABLE IF EXISTS typed; CREATE TABLE typed (day ${type}, region text, amount int);
    INSERT INTO typed SELECT unnest(ARRAY[${values}]::${type}[]), 'a', 1`);

  const { facts } = await (await world.feed(yaml("typed"))).query({ grain: "day" }, signal);

  expect(facts.map((f) => f.at.toISOString().slice(0, 10)).sort()).toEqual(expected);
});

test("a table that is not there, and a name that is SQL", async () => {
  await run("CREATE TABLE IF NOT EXISTS kept (day date, region text, amount int); INSERT INTO kept VALUES ('2026-01-01', 'a', 1)");

  for (const table of ["nowhere", "kept; DROP TABLE kept", '"kept\\"; DROP TABLE kept; --"'])
    expect(await refusalOf((await world.feed(yaml(table))).describe(signal))).toMatch(
      /cannot be read\. Check the URL, the rights and the table's name/,
    );
  expect((await (await world.feed(yaml("kept"))).query({}, signal)).facts).toMatchObject([{ value: 1 }]);
});

test("a query that is stopped ends at once, and the next one works", async () => {
  const source = openSource(
    "sales",
    { kind: "postgres", url, table: "kept" },
    { rows: () => Promise.reject(new Error("no")), close: async () => {} },
    () => NOW,
  );
  const stop = new AbortController();
  const reading = source.rows("SELECT pg_sleep(25) AS value", [], stop.signal);
  const refused = expect(reading).rejects.toThrow(/Stopped/);
  await source.rows("SELECT 1 AS value", [], signal);
  stop.abort();

  await refused;
  expect(await source.rows("SELECT 2 AS value", [], signal)).toEqual([{ value: 2 }]);
  await source.close();
});

test("nothing can be written", async () => {
  const source = openSource(
    "sales",
    { kind: "postgres", url, table: "kept" },
    { rows: () => Promise.reject(new Error("no")), close: async () => {} },
    () => NOW,
  );

  await expect(source.rows("CREATE TABLE evil (x int)", [], signal)).rejects.toThrow(/cannot be read/);
  await source.close();
  await source.close();
});
