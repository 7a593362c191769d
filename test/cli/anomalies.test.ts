import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await temporaryFolder();
});
afterAll(() => remove(dataDir));

const minute = (i: number) => new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString().slice(0, 19).replace("T", " ");
const day = (i: number) => new Date(Date.UTC(2026, 0, 5) + i * 86_400_000).toISOString().slice(0, 10);
const load = (i: number) => (i === 900 ? 400 : -20 + 10 * Math.sin(i / 46) + Math.sin(i * i));
const cost = (i: number) => (i === 150 ? 900 : 300 + 10 * Math.sin(i * i));

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(dataDir, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

async function anomalies(...args: string[]) {
  const out = join(dataDir, "out.csv");
  await writeFile(out, "");
  const ran = await firstmate(["analyze", "anomalies", ...args, "--out", out], { env: {}, input: "", dataDir });
  const [header = "", ...lines] = (await readFile(out, "utf8")).trim().split("\n");
  return { ...ran, header, rows: lines.map((line) => line.split(",")) };
}

describe("analyze anomalies", () => {
  it("adds a score in full to each row of a stream, which is as it was", async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `${minute(i)},host-1,${load(i).toFixed(4)}`);
    const path = await file("stream.csv", ["timestamp,host,value", ...lines]);

    const { code, out, err, header, rows } = await anomalies("--in", path, "--time", "timestamp", "--value", "value", "--streaming");

    expect([code, header, rows.length]).toEqual([0, "timestamp,host,value,anomaly_score", 1200]);
    expect(rows.map((row) => `${row[0]},${row[1]},${Number(row[2])}`)).toEqual(
      Array.from({ length: 1200 }, (_, i) => `${minute(i)},host-1,${Number(load(i).toFixed(4))}`),
    );
    const scores = rows.map((row) => Number(row[3]));
    expect(scores.every((score) => score >= 0 && score < 1)).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(900);
    expect(rows[900]?.[3]?.length).toBeGreaterThan(10);
    expect(out).toMatch(/^1,200 rows, about every 5 minutes: \d+ alarms?\.\n {2}0\.\d{3} {2}2026-01-08 03:00:00 {2}value 400/);
    expect(err).toMatch(/^Wrote 1,200 rows to out\.csv\.$/m);
  });

  it("judges each series of a daily file by itself, whatever the order of the rows", async () => {
    const rows = ["a", "b"].flatMap((id) =>
      Array.from({ length: 200 }, (_, i) => `${id},${day(i)},${id === "a" ? cost(i) : cost(i + 5) * 7}`),
    );
    const path = await file("daily.csv", ["service,date,cost", ...rows.reverse()]);

    const result = await anomalies("--in", path, "--time", "date", "--value", "cost", "--series", "service", "--streaming");

    expect(result.out).toMatch(/^400 rows of 2 series, one a day: 2 alarms\./);
    const alarms = result.rows.filter((row) => Number(row[3]) >= 0.5).map((row) => `${row[0]} ${row[1]}`);
    expect(alarms.sort()).toEqual([`a ${day(150)}`, `b ${day(145)}`]);
    expect(result.rows[0]?.slice(0, 2)).toEqual(["b", day(199)]);
  });

  it.each(["zscore", "iqr", "seasonal", "auto"])("scores by %s, live and in a look back", async (method) => {
    const path = await file("methods.csv", ["date,cost", ...Array.from({ length: 200 }, (_, i) => `${day(i)},${cost(i)}`)]);

    for (const flags of [["--streaming"], []]) {
      const { code, rows } = await anomalies("--in", path, "--time", "date", "--value", "cost", "--method", method, ...flags);
      const scores = rows.map((row) => Number(row[2]));
      expect([code, scores.indexOf(Math.max(...scores))]).toEqual([0, 150]);
    }
  });

  it("takes holidays, and refuses what is no day", async () => {
    const holidays = [70, 100, 130, 160, 190];
    const rows = Array.from({ length: 200 }, (_, i) => `${day(i)},${(holidays.includes(i) ? 2 : 1) * cost(i % 150)}`);
    const path = await file("holidays.csv", ["date,cost", ...rows]);
    const args = ["--in", path, "--time", "date", "--value", "cost", "--streaming"];

    const told = await anomalies(...args, "--holidays", holidays.map(day).join());
    const wrong = await anomalies(...args, "--holidays", "Easter");

    expect(Number(told.rows[70]?.[2])).toBeGreaterThan(0.5);
    expect(Number(told.rows[190]?.[2])).toBeLessThan(0.5);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("“Easter” in --holidays is no day such as 2026-12-25.")]);
  });

  it("leaves the score of a row without a number empty, and says so", async () => {
    const path = await file("gaps.csv", [
      "date,cost",
      ...Array.from({ length: 100 }, (_, i) => `${day(i)},${i === 40 ? "" : i === 41 ? "n/a" : cost(i)}`),
    ]);

    const { code, err, rows } = await anomalies("--in", path, "--time", "date", "--value", "cost");

    expect([code, rows[40]?.[2], rows[41]?.[2]]).toEqual([0, "", ""]);
    expect(rows.filter((row) => row[2] === "")).toHaveLength(2);
    expect(err).toContain("2 rows without a number in “cost” got no score.");
  });

  it("says what too short a series needs", async () => {
    const path = await file("short.csv", ["date,cost", `${day(0)},5`]);

    const { code, err, rows } = await anomalies("--in", path, "--time", "date", "--value", "cost");

    expect([code, rows]).toEqual([0, [[day(0), "5", "0"]]]);
    expect(err).toContain("The file has only 1 row: 56 values are needed before one can be judged.");
  });

  it.each([
    ["no rows", ["date,cost"], [], 1, /no rows/],
    ["no such column", ["date,cst", "2026-01-01,5"], [], 1, /Did you mean “cst”|no column “cost”/],
    ["no time in the time column", ["date,cost", "soon,5"], [], 1, /Row 1 of “date” is “soon”, which is no time/],
    ["no number at all", ["date,cost", "2026-01-01,x", "2026-01-02,y"], [], 1, /The column “cost” has no number/],
    [
      "dates of several centuries",
      ["date,cost", "1026-01-01,1", "1026-01-02,1", "1026-01-03,1", "2026-01-04,1"],
      [],
      1,
      /span more than a hundred years/,
    ],
    [
      "an unknown method",
      ["date,cost", "2026-01-01,5"],
      ["--method", "magic"],
      2,
      /--method must be one of auto, zscore, iqr and seasonal/,
    ],
  ])("refuses %s in words", async (_, lines, flags, status, says) => {
    const path = await file("bad.csv", lines);

    const { code, err } = await anomalies("--in", path, "--time", "date", "--value", "cost", ...flags);

    expect(code).toBe(status);
    expect(err).toMatch(says);
  });
});
