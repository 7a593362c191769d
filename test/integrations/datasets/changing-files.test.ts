import { renameSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDatasetFeed } from "../../../src/integrations/datasets/feed.ts";
import { loadDatasets } from "../../../src/integrations/datasets/load.ts";
import { createFileEngine, type OpenSource, openSource } from "../../../src/integrations/datasets/sources.ts";
import { NOW, openWorld, refusalOf, signal, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const YAML = "datasets:\n  - name: sales\n    source: sales.csv\n    time: day\n    measures: [amount]\n    dimensions: [region]\n";

function sales(...amounts: number[]): string {
  return `day,region,amount\n${amounts.map((a, i) => `2026-01-${String(i + 1).padStart(2, "0")},r${i},${a}\n`).join("")}`;
}

/** A feed on a real file that something else writes whenever the database is about to read it. */
async function disturbed(disturb: (reading: number) => void) {
  const [loaded] = await loadDatasets(world.write("datasets.yaml", YAML));
  if (!loaded) throw new Error("no dataset");
  const engine = createFileEngine([loaded.source]);
  const source = openSource("sales", loaded.source, engine, () => NOW);
  let readings = 0;
  const watched: OpenSource = {
    ...source,
    rows: (sql, parameters, stop) => {
      disturb(++readings);
      return source.rows(sql, parameters, stop);
    },
  };
  return { feed: createDatasetFeed(loaded.description, watched, () => NOW), close: () => engine.close() };
}

describe("a file that changes between questions", () => {
  test("gives the new numbers, the new days and the new values", async () => {
    world.write("sales.csv", sales(1, 2));
    const feed = await world.feed(YAML);
    const before = await feed.describe(signal);
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(3);

    world.write("sales.csv", sales(10, 20, 30));

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(60);
    const after = await feed.describe(signal);
    expect([before.covers?.to, after.covers?.to]).toEqual(["2026-01-02", "2026-01-03"]);
    expect(after.dimensions[0]?.values).toContain("r2");
  });

  test("and is replaced by another of the same length at once", async () => {
    world.write("sales.csv", sales(11, 22));
    const feed = await world.feed(YAML);
    await feed.query({}, signal);

    world.write("next.csv", sales(33, 44));
    renameSync(`${world.folder}/next.csv`, `${world.folder}/sales.csv`);

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(77);
  });

  test("and gets other columns says which is missing", async () => {
    world.write("sales.csv", sales(1));
    const feed = await world.feed(YAML);
    await feed.query({}, signal);

    world.write("sales.csv", "day,region,amounts\n2026-01-01,x,1\n");

    expect(await refusalOf(feed.query({}, signal))).toMatch(/no column “amount” for its measure amount\. Did you mean “amounts”\?/);
  });

  test("and is written over with garbage is refused, not remembered", async () => {
    world.write("sales.csv", sales(1, 2));
    const feed = await world.feed(YAML);
    await feed.query({}, signal);

    world.write("sales.csv", new Uint8Array([0, 1, 2, 3, 255, 254]));
    expect(await refusalOf(feed.query({}, signal))).toMatch(/not a text file/);
    rmSync(`${world.folder}/sales.csv`);
    expect(await refusalOf(feed.query({}, signal))).toMatch(/no file at/);
    world.write("sales.csv", sales(5));
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(5);
  });

  test("that does not change is read once for one question, and says when", async () => {
    world.write("sales.csv", sales(1, 2));
    let readings = 0;
    const { feed, close } = await disturbed(() => {
      readings += 1;
    });
    const first = await feed.query({ by: ["region"] }, signal);
    const needed = readings;

    const second = await feed.query({ by: ["region"] }, signal);

    expect(second).toBe(first);
    expect(readings).toBe(needed);
    await close();
  });
});

describe("a file that changes while it is read", () => {
  test("is read again: the answer is all of one state", async () => {
    world.write("sales.csv", sales(1, 2));
    const { feed, close } = await disturbed((reading) => {
      if (reading === 2) world.write("sales.csv", sales(100, 200, 300));
    });

    const { facts } = await feed.query({ by: ["region"] }, signal);

    expect(facts.map((f) => f.value).sort((a, b) => a - b)).toEqual([100, 200, 300]);
    await close();
  });

  test("and is half written at that moment is read again too, instead of being called broken", async () => {
    world.write("sales.csv", sales(1, 2));
    let writes = 0;
    const { feed, close } = await disturbed((reading) => {
      if (reading === 2) world.write("sales.csv", `${sales(100)}2026-01-02,"half`);
      if (reading === 3) writes = world.write("sales.csv", sales(100, 200)).length;
    });

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(300);
    expect(writes).toBeGreaterThan(0);
    await close();
  });

  test("every time is refused with what to do", async () => {
    world.write("sales.csv", sales(1));
    let size = 1;
    const { feed, close } = await disturbed(() => {
      size += 1;
      world.write("sales.csv", sales(...Array.from({ length: size }, () => 1)));
    });

    expect(await refusalOf(feed.query({}, signal))).toBe(
      "The dataset “sales” is being written while it is read. Ask again when the export has finished.",
    );
    expect(await refusalOf(feed.describe(signal))).toMatch(/is being written while it is read/);
    await close();
  });

  test("by vanishing is said to be missing", async () => {
    world.write("sales.csv", sales(1));
    const { feed, close } = await disturbed((reading) => {
      if (reading === 2) rmSync(`${world.folder}/sales.csv`);
    });

    expect(await refusalOf(feed.query({}, signal))).toMatch(/no file at/);
    await close();
  });
});

describe("several files", () => {
  test("with different columns and delimiters are one table; what a file lacks is missing there", async () => {
    world.write("sales-1.csv", "day,region,amount\n2026-01-01,north,1\n");
    world.write("sales-2.csv", "amount;day;channel\n20;2026-01-02;web\n");
    world.write("sales-3.csv", "day,amount,region\n2026-01-03,300,south\n");
    const feed = await world.feed(YAML.replace("sales.csv", "sales-*.csv").replace("[region]", "[region, channel]"));

    const { facts } = await feed.query({ by: ["region", "channel"] }, signal);

    expect(facts.map((f) => [f.labels.region, f.labels.channel, f.value]).sort()).toEqual([
      ["(not set)", "web", 20],
      ["north", "(not set)", 1],
      ["south", "(not set)", 300],
    ]);
  });

  test("count when one is added or taken away", async () => {
    world.write("sales-1.csv", sales(1));
    const feed = await world.feed(YAML.replace("sales.csv", "sales-*.csv"));
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(1);

    world.write("sales-2.csv", sales(2));
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(3);
    rmSync(`${world.folder}/sales-1.csv`);
    expect((await feed.query({}, signal)).facts[0]?.value).toBe(2);
  });

  test("of which one is empty or broken give no number", async () => {
    world.write("sales-1.csv", sales(1));
    world.write("sales-2.csv", "");
    const feed = await world.feed(YAML.replace("sales.csv", "sales-*.csv"));

    expect(await refusalOf(feed.query({}, signal))).toMatch(/sales-2\.csv is empty/);
  });

  test("whose names hold the signs of a pattern are read as they are called", async () => {
    world.write("sales-[a].csv", sales(1));
    world.write("sales-a.csv", sales(20));
    world.write("sales-'?*.csv", sales(300));
    const feed = await world.feed(YAML.replace("sales.csv", "sales-*.csv"));
    const one = await world.feed(YAML.replace("sales.csv", "'sales-[a].csv'"));

    expect((await feed.query({}, signal)).facts[0]?.value).toBe(321);
    expect((await one.query({}, signal)).facts[0]?.value).toBe(1);
  });
});
