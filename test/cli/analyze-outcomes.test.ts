import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";
import { seededRandom } from "../kit/random.ts";
import { customers } from "../tools/customers.ts";

let dataDir: string;
const path = (name: string) => join(dataDir, name);
const run = (args: readonly string[]) => firstmate(["analyze", ...args], { dataDir });
const lines = async (name: string) => (await readFile(path(name), "utf8")).trim().split("\n");

beforeAll(async () => {
  dataDir = await temporaryFolder();
  const { table } = customers(900, 41);
  const cells = [...table.columns, "reason", "final_note"].map((name) =>
    name === "reason"
      ? table.column("churned").map((c) => (c === "yes" ? "price" : ""))
      : name === "final_note"
        ? table.column("customer").map((c) => `note on ${c}`)
        : table.column(name),
  );
  const header = [...table.columns, "reason", "final_note"].join(",");
  const rows = Array.from({ length: 900 }, (_, i) => cells.map((column) => column[i] ?? "").join(","));
  await writeFile(path("train.csv"), [header, ...rows.slice(0, 700), ""].join("\n"));
  await writeFile(path("score.csv"), [header, ...rows.slice(700), ""].join("\n"));
  await writeFile(path("one-class.csv"), [header, ...rows.slice(0, 700).filter((row) => row.includes(",no,")), ""].join("\n"));
  await writeFile(path("few.csv"), [header, ...rows.slice(0, 60), ""].join("\n"));

  const random = seededRandom(9);
  const issue = (i: number) => {
    const created = Date.parse("2025-01-01T00:00:00Z") + i * 86_400_000;
    const type = random() < 0.5 ? "Bug" : "Story";
    const resolved = created + (type === "Bug" ? 3 : 25) * Math.exp(2 * (random() - 0.5)) * 86_400_000;
    const end = resolved > Date.parse("2025-10-10T00:00:00Z") ? "" : new Date(resolved).toISOString();
    return [`K-${i}`, type, new Date(created).toISOString().replace("Z", "+0000"), end].join(",");
  };
  await writeFile(path("issues.csv"), ["key,type,created,resolved", ...Array.from({ length: 280 }, (_, i) => issue(i)), ""].join("\n"));
  await writeFile(path("new.csv"), "key,type\nN-1,Bug\nN-2,Story\nN-3,\n");
});
afterAll(() => remove(dataDir));

describe("analyze churn", () => {
  const churn = (change: Readonly<Record<string, string>> = {}) =>
    run([
      "churn",
      ...Object.entries({ train: path("train.csv"), score: path("score.csv"), id: "customer", label: "churned", ...change }).flatMap(
        ([k, v]) => [`--${k}`, v],
      ),
    ]);

  it("writes id, probability and reasons, and says how good they are", async () => {
    const { code, out, err } = await churn({ out: path("risk.csv") });

    expect(code).toBe(0);
    const [header, first, ...rest] = await lines("risk.csv");
    expect(header).toBe("id,probability,reasons");
    expect(first).toMatch(/^C-1700,0\.\d+,.*(?:raises|lowers) the odds .* times/);
    expect(rest).toHaveLength(199);
    expect(out).toMatch(/Cross-validated AUC 0\.[78]\d\d \(5 folds\), calibration error \(ECE\) 0\.\d{3}/);
    expect(out).toMatch(/200 of the scored rows have a known outcome: AUC 0\.[78]/);
    expect(out).toContain("association, not cause");
    expect(err).toContain("Not used: “reason” tells “churned” almost by itself");
    expect(err).toContain("Not used: “final_note” hardly repeats a value");
  });

  it("is the same on every run", async () => {
    await churn({ out: path("a.json") });
    await churn({ out: path("b.json") });

    expect(await readFile(path("a.json"), "utf8")).toBe(await readFile(path("b.json"), "utf8"));
  });

  it.each([
    ["one class", { train: "one-class.csv" }, /All rows of “churned” are “no”.*Learning needs both outcomes/],
    ["too few rows", { train: "few.csv" }, /It takes 100 rows with a known outcome, 20 of each kind/],
    ["no such label", { label: "churn" }, /no column “churn”/],
    ["no such id", { id: "custmer" }, /Did you mean “customer”/],
    ["rows without the columns learnt from", { score: "new.csv", id: "key" }, /no column “key”|lack/],
    ["a value the label has not", { positive: "maybe" }, /No row of “churned” has the value “maybe”/],
    ["no such file", { train: "nowhere.csv" }, /nowhere\.csv/],
  ])("fails in words for %s", async (_, change: Readonly<Record<string, string>>, words) => {
    const files = Object.fromEntries(Object.entries(change).map(([k, v]) => [k, v.endsWith(".csv") ? path(v) : v]));

    const { code, out, err } = await churn(files);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("says which option is missing", async () => {
    const { code, err } = await run(["churn", "--train", path("train.csv")]);

    expect(code).toBe(2);
    expect(err).toContain("--score and --id and --label are needed");
  });
});

describe("analyze duration", () => {
  const duration = (...more: string[]) => run(["duration", "--in", path("issues.csv"), "--start", "created", "--end", "resolved", ...more]);

  it("writes an estimate per row to score, in order", async () => {
    const { code, out, err } = await duration("--by", "type", "--score", path("new.csv"), "--out", path("estimates.csv"));

    expect(code).toBe(0);
    const [header, ...rows] = await lines("estimates.csv");
    expect(header).toBe("p50,p80,p95,lo80,hi80");
    const figures = rows.map((row) => row.split(",").map(Number));
    expect(figures).toHaveLength(3);
    for (const [p50 = 0, p80 = 0, p95 = 0, low = 0, high = 0] of figures)
      expect([low, p50, p80, p95].every((v, i, all) => i === 0 || v >= (all[i - 1] ?? 0)) && high > p50).toBe(true);
    expect(figures[1]?.[0]).toBeGreaterThan(3 * (figures[0]?.[0] ?? 0));
    expect(out).toMatch(/the 80% range held \d/);
    expect(err).toMatch(/rows have no end yet: they count as lasting at least until 2025-10-0\d/);
  });

  it("writes one per group without rows to score, and shows them", async () => {
    const { out } = await duration("--by", "type", "--out", path("groups.csv"));

    const [header, ...rows] = await lines("groups.csv");
    expect(header).toBe("type,rows,open,p50,p80,p95,lo80,hi80");
    expect(rows).toHaveLength(2);
    expect(out).toMatch(/Bug: P50 [\d.]+ d, P80/);
  });

  it("works without groups, and as of a day", async () => {
    const { code, out, err } = await duration("--as-of", "2025-06-01");

    expect(code).toBe(0);
    expect(out).toMatch(/all: P50/);
    expect(err).toMatch(/rows start after 2025-06-01; they were left out/);
  });

  it.each([
    [["--by", "typ"], /Did you mean “type”/],
    [["--by", "created"], /is the start/],
    [["--as-of", "soon"], /“soon” is not a date/],
    [["--as-of", "2025-01-20"], /It takes 30 that are over/],
  ])("fails in words for %j", async (more, words) => {
    const { code, out, err } = await duration(...more);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(words);
  });

  it("fails in words for times that are none", async () => {
    const { code, err } = await run(["duration", "--in", path("issues.csv"), "--start", "type", "--end", "resolved"]);

    expect(code).toBe(1);
    expect(err).toMatch(/No cell of “type” is a date/);
  });
});
