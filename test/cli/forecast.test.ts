import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await temporaryFolder();
});
afterAll(() => remove(dataDir));

const WEEK = [1.2, 1.1, 1, 1, 1.1, 0.8, 0.8];
const day = (t: number) => new Date(Date.UTC(2026, 0, 5) + t * 86_400_000).toISOString().slice(0, 10);
const value = (t: number) => (100 + t) * (WEEK[t % 7] ?? 1) * (1 + 0.02 * Math.sin(t * 12.9));

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(dataDir, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

async function forecast(...args: string[]) {
  const out = join(dataDir, "out.csv");
  const ran = await firstmate(["analyze", "forecast", ...args, "--out", out], { env: {}, input: "", dataDir });
  const text = await readFile(out, "utf8").catch(() => "");
  const [header = "", ...lines] = text.trim().split("\n");
  return { ...ran, header, rows: lines.map((line) => line.split(",")) };
}

describe("analyze forecast", () => {
  it("writes each step of each series with its ranges, whatever the order of the rows", async () => {
    const rows = ["a", "b"].flatMap((id) => Array.from({ length: 70 }, (_, t) => `${id},${day(t)},${value(t) * (id === "a" ? 1 : 10)}`));
    const path = await file("two.csv", ["shop,day,sales", ...rows.reverse()]);

    const {
      code,
      out,
      header,
      rows: written,
    } = await forecast("--in", path, "--value", "sales", "--time", "day", "--series", "shop", "--horizon", "7");

    expect([code, header, written.length]).toEqual([0, "id,step,mean,lo80,hi80,lo95,hi95", 14]);
    expect(out).toMatch(
      /^Forecast 2 series, 7 steps ahead, with seasons of 7 steps\. On the past of the middle series this method missed by \d/,
    );
    for (const [id, step, ...figures] of written) {
      const [mean = 0, lo80 = 0, hi80 = 0, lo95 = 0, hi95 = 0] = figures.map(Number);
      expect(lo95 <= lo80 && lo80 <= mean && mean <= hi80 && hi80 <= hi95).toBe(true);
      expect(Math.abs(mean / value(69 + Number(step)) / (id === "a" ? 1 : 10) - 1)).toBeLessThan(0.1);
    }
  });

  it("takes rows in order without a time column, names a lone series after the file, and obeys --period", async () => {
    const path = await file("lone.csv", ["y", ...Array.from({ length: 60 }, (_, t) => `${value(t)}`)]);

    const { code, out, rows } = await forecast("--in", path, "--value", "y", "--horizon", "2", "--period", "12");

    expect([code, rows.map(([id, step]) => `${id} ${step}`)]).toEqual([0, ["lone 1", "lone 2"]]);
    expect(out).toContain("seasons of 12 steps");
  });

  it("fills gaps, adds up what falls together, leaves out what cannot be read, and says so", async () => {
    const rows = Array.from({ length: 50 }, (_, t) => (t === 20 ? [] : [`${day(t)},${t === 30 ? "n/a" : value(t)}`])).flat();
    const path = await file("gaps.csv", ["day,y", ...rows, `${day(10)},5`, "someday,5"]);

    const { code, err, rows: written } = await forecast("--in", path, "--value", "y", "--time", "day", "--horizon", "3");

    expect([code, written.length]).toEqual([0, 3]);
    expect(err).toContain("1 value is no number and count as missing.");
    expect(err).toContain("1 row has no readable time and was left out.");
    expect(err).toContain("2 missing values were filled");
    expect(err).toContain("1 row shares its time with another one and was added up.");
  });

  it("says which series are too short beside others", async () => {
    const rows = [...Array.from({ length: 40 }, (_, t) => `long,${t},${value(t)}`), "short,1,5", "short,2,6"];
    const path = await file("short.csv", ["id,t,y", ...rows]);

    const { code, err, rows: written } = await forecast("--in", path, "--value", "y", "--time", "t", "--series", "id", "--horizon", "2");

    expect([code, written.length]).toEqual([0, 2]);
    expect(err).toMatch(/Too little data to forecast “short” with 2 values: at least \d+ are needed/);
  });

  it.each([
    ["nothing but words", ["y", "a", "b"], [], "holds no numbers"],
    ["no rows", ["y"], [], "no rows"],
    ["a few values", ["y", "1", "2", "3"], [], "Too little data"],
    ["times that are none", ["t,y", "x,1", "z,2"], ["--time", "t"], "no times that can be read"],
    ["times all the same", ["t,y", "5,1", "5,2"], ["--time", "t"], "all the same"],
    ["a column it does not have", ["y", "1"], ["--series", "shop"], "shop"],
  ])("refuses %s", async (_, lines, args, says) => {
    const path = await file("bad.csv", lines);

    const { code, err } = await forecast("--in", path, "--value", "y", "--horizon", "3", ...args);

    expect([code, err]).toEqual([1, expect.stringContaining(says)]);
  });

  it.each([
    [["--value", "y", "--horizon", "3"], "--in is needed"],
    [["--in", "x.csv", "--value", "y"], "--horizon is needed"],
    [["--in", "x.csv", "--value", "y", "--horizon", "0"], "--horizon must be a whole number from 1 to 1000"],
    [["--in", "x.csv", "--value", "y", "--horizon", "3", "--period", "x"], "--period must be"],
  ])("%j is a wrong use", async (args, words) => {
    const { code, err } = await forecast(...args);

    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});
