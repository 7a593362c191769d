import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDuckDb, quoteText } from "../../../src/integrations/datasets/engine.ts";
import { openWorld, refusalOf, signal, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
  for (const folder of ["inside", "inside/deep", "outside"]) mkdirSync(join(world.folder, folder));
  writeFileSync(join(world.folder, "outside/secret.csv"), "day,amount\n2026-01-01,1000\n");
  writeFileSync(join(world.folder, "inside/sales.csv"), "day,amount\n2026-01-01,1\n");
  writeFileSync(join(world.folder, "inside/deep/sales.csv"), "day,amount\n2026-01-01,2\n");
});
afterEach(() => world.close());

function yaml(source: string): string {
  return `datasets:\n  - name: sales\n    source: ${source}\n    time: day\n    measures: [amount]\n`;
}

describe("files of a folder and below it", () => {
  test.each([
    ["inside/sales.csv", 1],
    ["inside/**/*.csv", 3],
    ["inside/*.csv", 1],
    ["inside/{sales,other}.csv", 1],
    ["./inside/../inside/sales.csv", 1],
  ])("%s", async (source, expected) => {
    const feed = await world.feed(yaml(`"${source}"`));

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(expected);
  });

  test("reached through a link to the folder itself", async () => {
    symlinkSync(join(world.folder, "inside"), join(world.folder, "link"));

    const feed = await world.feed(yaml("link/sales.csv"));

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(1);
  });

  test("reached through a link inside it", async () => {
    symlinkSync(join(world.folder, "inside/deep/sales.csv"), join(world.folder, "inside/linked.csv"));

    const feed = await world.feed(yaml("inside/linked.csv"));

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(2);
  });
});

describe("what leads outside the folder", () => {
  test("by a link is refused", async () => {
    symlinkSync(join(world.folder, "outside/secret.csv"), join(world.folder, "inside/linked.csv"));
    const feed = await world.feed(yaml("inside/linked.csv"));

    expect(await refusalOf(feed.describe(signal))).toMatch(
      /“sales” leads outside its folder by a link\. Point its source at the real file/,
    );
  });

  test("by one link among the files of a pattern is refused as a whole", async () => {
    symlinkSync(join(world.folder, "outside/secret.csv"), join(world.folder, "inside/linked.csv"));
    const feed = await world.feed(yaml('"inside/*.csv"'));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/leads outside its folder/);
  });

  test("by a linked folder is refused", async () => {
    symlinkSync(join(world.folder, "outside"), join(world.folder, "inside/door"));
    const feed = await world.feed(yaml('"inside/*/secret.csv"'));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/leads outside its folder|no file at/);
  });

  test("by .. behind a pattern is refused", async () => {
    const feed = await world.feed(yaml(`"${world.folder}/inside/*/../../outside/secret.csv"`));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/leads outside its folder/);
  });

  test("by a link put in the place of the file later is refused", async () => {
    const feed = await world.feed(yaml('"inside/s*.csv"'));
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(1);

    symlinkSync(join(world.folder, "outside/secret.csv"), join(world.folder, "inside/s2.csv"));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/leads outside its folder/);
  });
});

describe("the database is locked to the folders, whatever is asked of it", () => {
  test.each([
    ["another file", (f: string) => `SELECT * FROM read_csv(${quoteText(`${f}/outside/secret.csv`)})`],
    ["another file by ..", (f: string) => `SELECT * FROM read_csv(${quoteText(`${f}/inside/../outside/secret.csv`)})`],
    ["a pattern that leaves", (f: string) => `SELECT * FROM read_csv(${quoteText(`${f}/inside/../*/secret.csv`)})`],
    ["a file of the system", () => "SELECT * FROM read_text('/etc/hostname')"],
    ["the network", () => "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
    ["another database", (f: string) => `ATTACH ${quoteText(`${f}/outside/x.db`)} AS other`],
    ["a new lock", () => "SET enable_external_access=true"],
    ["more folders", () => "SET allowed_directories=['/']"],
    ["any other setting", () => "SET threads=1"],
    ["an extension", () => "INSTALL httpfs"],
    ["writing outside", (f: string) => `COPY (SELECT 1) TO ${quoteText(`${f}/outside/new.csv`)}`],
  ])("%s", async (_, sql) => {
    symlinkSync(join(world.folder, "outside/secret.csv"), join(world.folder, "inside/linked.csv"));
    const engine = createDuckDb([join(world.folder, "inside")]);

    await expect(engine.rows(sql(world.folder), [], signal)).rejects.toThrow();
    expect(await engine.rows(`SELECT amount FROM read_csv(${quoteText(`${world.folder}/inside/sales.csv`)})`, [], signal)).toEqual([
      { amount: 1 },
    ]);
    await engine.close();
  });
});
