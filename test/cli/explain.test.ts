import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

let dataDir: string;
let before: string;
let after: string;
let both: string;

const MINUTES = [1_700_000_000, 1_700_000_060, 1_700_000_120, 1_700_000_180];
const NOW = 1_700_000_240;
const HEADER = "min,cdn,bitrate,trace,value,cnt";

/** One row per minute, cdn and bitrate: 2 failures in 100, and at the end every second one of bitrate 2000 on cdn 5. */
function minute(min: number): string[] {
  return ["3", "5"].flatMap((cdn) =>
    ["500", "2000", "-1"].flatMap((bitrate) =>
      Array.from({ length: 3 }, (_, i) => {
        const failures = min === NOW && cdn === "5" && bitrate === "2000" ? 500 : 20 + i;
        return `${min},${cdn},${bitrate},t${min}${cdn}${bitrate}${i},${failures},1000`;
      }),
    ),
  );
}

beforeAll(async () => {
  dataDir = await temporaryFolder();
  [before, after, both] = ["before.csv", "after.csv", "both.csv"].map((name) => join(dataDir, name)) as [string, string, string];
  const history = MINUTES.flatMap(minute);
  await writeFile(before, `${[HEADER, ...history].join("\n")}\n`);
  await writeFile(after, `${[HEADER, ...minute(NOW)].join("\n")}\n`);
  await writeFile(both, `${[HEADER, ...history, ...minute(NOW), ...minute(NOW + 60)].join("\n")}\n`);
});
afterAll(() => remove(dataDir));

const explain = (...args: string[]) => firstmate(["analyze", "explain", ...args], { env: {}, input: "", dataDir });

describe("analyze explain", () => {
  it("ranks causes as JSON, per period, and takes neither times nor identifiers for categories", async () => {
    const out = join(dataDir, "causes.json");

    const { code, out: text, err } = await explain("--before", before, "--after", after, "--measure", "value", "--out", out);

    const causes = JSON.parse(await readFile(out, "utf8"));
    expect([code, err]).toEqual([0, expect.stringContaining("causes to")]);
    expect(causes[0]).toEqual({
      rank: 1,
      cause: { cdn: "5", bitrate: "2000" },
      score: expect.any(Number),
      before: 63,
      after: 1500,
      change: 1437,
      share: expect.closeTo(1, 2),
      confidence: "high",
    });
    expect(new Set(causes.flatMap((c: { cause: object }) => Object.keys(c.cause)))).toEqual(new Set(["cdn", "bitrate"]));
    expect(causes.map((c: { rank: number }) => c.rank)).toEqual(causes.map((_: unknown, i: number) => i + 1));
    expect(text).toContain("1. cdn = 5 & bitrate = 2000");
    expect(text).toContain("“cnt” is taken as what “value” is a part of");
    expect(text).toContain("“min” is taken as the time");
    expect(text).not.toMatch(/NaN|undefined|caused/);
  });

  it("writes CSV with the cause in one column", async () => {
    const out = join(dataDir, "causes.csv");

    await explain("--before", before, "--after", after, "--measure", "value", "--total", "cnt", "--by", "cdn,bitrate", "--out", out);

    const [header, first] = (await readFile(out, "utf8")).split("\n");
    expect(header).toBe("rank,cause,score,before,after,change,share,confidence");
    expect(first).toMatch(/^1,cdn=5 & bitrate=2000,0\.\d+,63,1500,1437,/);
  });

  it("takes both sides from one file at a moment", async () => {
    const out = join(dataDir, "moment.json");

    const { code } = await explain("--in", both, "--at", String(NOW), "--measure", "value", "--out", out);

    expect(code).toBe(0);
    expect(JSON.parse(await readFile(out, "utf8"))[0]).toMatchObject({ cause: { cdn: "5", bitrate: "2000" }, before: 63 });
  });

  it("explains a fall, and sums without a total", async () => {
    const sales = (name: string, web: number) => {
      const path = join(dataDir, name);
      const rows = ["web", "shop"].flatMap((channel) =>
        ["de", "fr"].map((land) => `${channel},${land},${channel === "web" && land === "de" ? web : 100.5}`),
      );
      return writeFile(path, `channel,land,revenue\n${rows.join("\n")}\n`).then(() => path);
    };
    const out = join(dataDir, "fall.json");

    const { out: text } = await explain(
      "--before",
      await sales("b.csv", 100),
      "--after",
      await sales("a.csv", 10),
      "--measure",
      "revenue",
      "--out",
      out,
    );

    expect(JSON.parse(await readFile(out, "utf8"))[0]).toMatchObject({
      cause: { channel: "web", land: "de" },
      before: 100,
      after: 10,
      change: -90,
    });
    expect(text).toContain("of the fall");
  });

  it("says so when nothing changed, and writes an empty list", async () => {
    const out = join(dataDir, "none.json");
    const flat = join(dataDir, "flat.csv");
    await writeFile(flat, "a,v\nx,5\ny,5\n");

    const { code, out: text } = await explain("--before", flat, "--after", flat, "--measure", "v", "--out", out);

    expect(code).toBe(0);
    expect(JSON.parse(await readFile(out, "utf8"))).toEqual([]);
    expect(text).toContain("No slice by a shows a rise");
  });

  it("refuses what it cannot work with, in words", async () => {
    const empty = join(dataDir, "empty.csv");
    await writeFile(empty, "cdn,value\n");
    const words = join(dataDir, "words.csv");
    await writeFile(words, "cdn,value\n3,many\n5,few\n");
    const lone = join(dataDir, "lone.csv");
    await writeFile(lone, "value\n1\n2\n");

    const told = async (...args: string[]) => {
      const { code, err } = await explain(...args);
      expect(err).not.toMatch(/\n\s+at /);
      return `${code} ${err}`;
    };

    expect(await told("--before", empty, "--after", empty, "--measure", "value")).toMatch(/^1 .*no rows/s);
    expect(await told("--before", words, "--after", words, "--measure", "value")).toMatch(/^1 .*holds no numbers/s);
    expect(await told("--before", lone, "--after", lone, "--measure", "value")).toMatch(/^1 .*No column is left/s);
    expect(await told("--before", before, "--after", after, "--measure", "valeu")).toMatch(/^1 .*Did you mean “value”/s);
    expect(await told("--before", before, "--after", join(dataDir, "none.csv"), "--measure", "value")).toMatch(/^1 .*no readable file/s);
    expect(await told("--before", before, "--measure", "value")).toMatch(/^2 .*--after/s);
    expect(await told("--in", both, "--measure", "value")).toMatch(/^2 .*--at/s);
    expect(await told("--in", both, "--at", "5", "--measure", "value")).toMatch(/^1 .*No row has 5/s);
    expect(await told("--in", both, "--at", String(MINUTES[0]), "--measure", "value")).toMatch(/^1 .*nothing to compare/s);
  });
});
