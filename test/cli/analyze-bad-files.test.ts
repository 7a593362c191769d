import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

let dataDir: string;
const path = (name: string) => join(dataDir, name);
const run = (...args: string[]) => firstmate(["analyze", ...args], { dataDir });
const day = (i: number) => new Date(Date.UTC(2026, 0, 5) + i * 86_400_000).toISOString().slice(0, 10);
const DAYS = Array.from({ length: 120 }, (_, i) => i);

beforeAll(async () => {
  dataDir = await temporaryFolder();
  const file = (name: string, lines: readonly string[]) => writeFile(path(name), `${lines.join("\n")}\n`);
  const bill = (amount: (service: string) => string) =>
    ["web", "api"].flatMap((service) => ["EUR", "USD"].map((currency) => `${service},${currency},${amount(service)}`));
  await file("before.csv", ["service,currency,cost", ...bill(() => "10")]);
  await file("after.csv", ["service,currency,cost", ...bill((service) => (service === "api" ? "30" : "10"))]);
  await file("daily.csv", ["day,currency,cost", ...DAYS.flatMap((i) => ["EUR", "USD"].map((c) => `${day(i)},${c},${100 + (i % 5)}`))]);
  await file("usual.csv", ["service,cost", "web,10", "api,10"]);
  await file("broken.csv", ["service,cost", "web,10", "api,Infinity"]);
  await file("huge.csv", ["day,value", ...DAYS.map((i) => `${day(i)},${i % 20 === 7 ? "1e308" : 100 + (i % 5)}`)]);
  await file("twice.csv", ["day,value", ...DAYS.map((i) => `${day(i)},${100 + (i % 5)}`), `${day(80)},100`]);
  await file("numbered.csv", ["day,value", ...DAYS.map((i) => `day ${i},${100 + (i % 5)}`)]);
  await file("turned.csv", ["created,resolved", ...DAYS.map((i) => `${day(i + 9)},${day(i)}`)]);
  const long = (i: number) => (i % 2 ? 5 + (i % 3) : 40 + (i % 9));
  const due = DAYS.map((i) => `${day(i)},${day(i + (i % 2 ? 7 : 60) + (i % 4))},${day(i + long(i))}`);
  await file("due.csv", ["created,due,resolved", ...due]);
  await file("new.csv", ["created,due", `${day(900)},${day(907)}`, `${day(900)},${day(960)}`]);
  await file("undated.csv", ["due", day(907)]);
  await file("same.csv", ["created,resolved", ...[...DAYS, ...DAYS].map((i) => `${day(i)},${day(i + 3)}`)]);
});
afterAll(() => remove(dataDir));

describe("amounts of two currencies", () => {
  it.each([
    ["explain", ["--before", "before.csv", "--after", "after.csv", "--measure", "cost"]],
    ["explain", ["--before", "usual.csv", "--after", "after.csv", "--measure", "cost"]],
    ["pareto", ["--in", "before.csv", "--by", "service", "--measure", "cost"]],
    ["anomalies", ["--in", "daily.csv", "--time", "day", "--value", "cost"]],
    ["forecast", ["--in", "daily.csv", "--time", "day", "--value", "cost", "--horizon", "3"]],
  ])("are never added up: %s refuses", async (name, args) => {
    const { code, out, err } = await run(name, ...args.map((arg) => (arg.endsWith(".csv") ? path(arg) : arg)));

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(
      "“currency” says EUR and USD: amounts of different currencies cannot be added up. Keep the rows of one currency.",
    );
  });

  it("are told apart as series", async () => {
    const { code, out } = await run(
      ...["forecast", "--in", path("daily.csv"), "--time", "day", "--value", "cost"],
      ...["--series", "currency", "--horizon", "3"],
    );

    expect([code, out]).toEqual([0, expect.stringMatching(/^Forecast 2 series/)]);
  });
});

describe("rows that cannot be counted", () => {
  it("on one side are no fall", async () => {
    const { code, err } = await run("explain", "--before", path("usual.csv"), "--after", path("broken.csv"), "--measure", "cost");

    expect([code, err]).toEqual([1, expect.stringContaining("1 of 2 rows of the file after have no number in “cost”")]);
  });

  it("because they are beyond every figure count as missing, and make nothing infinite", async () => {
    const { code, out, err } = await run("forecast", "--in", path("huge.csv"), "--time", "day", "--value", "value", "--horizon", "2");

    expect([code, err]).toEqual([0, expect.stringContaining("6 values are no number and count as missing.")]);
    expect(out).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    ["anomalies", []],
    ["forecast", ["--horizon", "3"]],
  ])("by time, where the times are words with a number, are refused: %s", async (name, more) => {
    const { code, out, err } = await run(name, ...["--in", path("numbered.csv"), "--time", "day", "--value", "value"], ...more);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/Times look like 2026-10-01|Dates like 2026-11-21/);
  });

  it("of one day are added up, and the answer says so", async () => {
    const { err } = await run("anomalies", "--in", path("twice.csv"), "--time", "day", "--value", "value");

    expect(err).toContain("1 row shares its day or step with an earlier one: such rows were added up and have one score.");
  });
});

describe("durations", () => {
  it("that end before they start are asked about", async () => {
    const { code, err } = await run("duration", "--in", path("turned.csv"), "--start", "created", "--end", "resolved");

    expect([code, err]).toEqual([1, expect.stringContaining("120 rows end before they start: are “created” and “resolved” exchanged?")]);
  });

  it("that are always the same lie within their range", async () => {
    const { out } = await run("duration", "--in", path("same.csv"), "--start", "created", "--end", "resolved");

    expect(out).toContain("the 80% range held 100% of them");
  });

  it("are estimated by how long after the start a date lies, whatever the year", async () => {
    const by = ["duration", "--in", path("due.csv"), "--start", "created", "--end", "resolved", "--by", "due"];
    await run(...by, "--score", path("new.csv"), "--out", path("estimates.json"));
    const undated = await run(...by, "--score", path("undated.csv"));

    const [soon, late] = JSON.parse(await readFile(path("estimates.json"), "utf8")) as { p50: number }[];
    expect(late?.p50).toBeGreaterThan(2 * (soon?.p50 ?? 0));
    expect([undated.code, undated.err]).toEqual([1, expect.stringContaining("The rows to score lack created")]);
  });
});
