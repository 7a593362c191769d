import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/main.ts";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

/** One data folder for all commands: the demo's bills are written once. */
let dataDir: string;
beforeAll(async () => {
  dataDir = await temporaryFolder();
});
afterAll(() => remove(dataDir));

const run = (args: readonly string[], env: Record<string, string> = {}, input = "") => firstmate(args, { env, input, dataDir });

const QUESTION = "Which services make up 80% of our cloud cost last month?";

describe("firstmate", () => {
  it("without a command says what there is, as a wrong use; with --help as a good one", async () => {
    const [bare, help] = await Promise.all([run([]), run(["--help"])]);

    expect([bare.code, help.code]).toEqual([2, 0]);
    expect(bare.out).toBe(help.out);
    for (const { name, summary } of commands) expect(help.out).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, "m"));
    expect(help.err).toBe("");
  });

  it("says its version", async () => {
    const { code, out } = await run(["--version"]);

    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it.each(commands.map(({ name }) => name))("%s --help says how it is used, and does nothing", async (name) => {
    const { code, out, err } = await run([name, "--help"]);

    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n")[0]).toMatch(new RegExp(`^firstmate ${name}`));
    expect(out).toContain(commands.find((command) => command.name === name)?.summary);
  });

  it.each([
    [["aks", "how much?"], "“ask”"],
    [["serv"], "“serve”"],
    [["get_cost"], "“get-costs”"],
    [["xyzzy"], "firstmate --help"],
  ])("does not know %j, and names the near one", async (args, near) => {
    const { code, out, err } = await run(args);

    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(near);
  });

  it.each([
    [["ask"], "There is no question"],
    [["ask", " "], "There is no question"],
    [["ask", "--jsn", "help"], "--jsn"],
    [["key"], "create, list or revoke"],
    [["key", "constructor"], "create, list or revoke"],
    [["key", "create"], "--role must be one of viewer, analyst, admin"],
    [["key", "create", "--role", "boss"], "--role must be one of"],
    [["key", "create", "--role", "viewer", "--days", "0"], "--days"],
    [["key", "create", "--role", "viewer", "--days", "1e12"], "--days"],
    [["key", "revoke"], "Which key?"],
    [["serve", "--port", "http"], "--port"],
    [["analyze"], "There is pareto"],
    [["analyze", "pareto", "--in", "x.csv"], "--by and --measure"],
    [["analyze", "pareto", "--in", "x.csv", "--by", "a", "--measure", "b", "--out", "x.xls"], ".csv or .json"],
    [["pareto", "--top", "many", "--demo"], "--top"],
    [["pareto", "--colour", "red"], "--colour"],
    [["migrate", "--down"], "--down"],
  ])("%j is a wrong use, and says the right one", async (args, words) => {
    const { code, out, err } = await run(args);

    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(words);
    expect(err).toContain(`Usage: firstmate ${args[0]}`);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("ask", () => {
  it("prints the answer as text: words, the chart in words, a table, what to ask next", async () => {
    const { code, out, err } = await run(["ask", QUESTION, "--demo"]);

    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^\d+ of \d+ services make up 80% of cost/);
    expect(out).toContain("[chart] ");
    expect(out).toMatch(/^service +cost +share +cumulative$/m);
    expect(out).toContain("(Demo data: a simulated company. Answered without a language model.)");
    expect(out).toMatch(/^Next: “/m);
    expect(out).not.toMatch(/\*\*|The maths/);
  });

  it("takes a question of several words without quotes", async () => {
    const { code, out } = await run(["ask", "--demo", "what", "can", "you", "do"]);

    expect(code).toBe(0);
    expect(out).toContain("I answer questions about");
  });

  it("shows the maths on demand", async () => {
    const { out } = await run(["ask", QUESTION, "--demo", "--maths"]);

    expect(out).toMatch(
      /The maths:\n {2}.+: sum of cost.+ by service.+\(demo,.+read \d{4}-\d\d-\d\d \d\d:\d\d UTC\)\n {2}pareto \{"by":"service"/,
    );
  });

  it("prints the object of the API with --json, and writes charts and answer with --out", async () => {
    const folder = join(dataDir, "out", "answers");

    const { code, out } = await run(["ask", QUESTION, "--demo", "--json", "--out", folder]);

    const answer = JSON.parse(out);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ agent: "deterministic", tools: [{ name: "pareto" }], blocks: [{ type: "chart" }, { type: "table" }] });
    expect((await readdir(folder)).toSorted()).toEqual(["answer.json", "chart-1.png"]);
    const png = await readFile(join(folder, "chart-1.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(600);
    expect(JSON.parse(await readFile(join(folder, "answer.json"), "utf8"))).toMatchObject({ turn: answer.turn, text: answer.text });
  });

  it("that cannot write says where", async () => {
    await writeFile(join(dataDir, "a-file"), "");

    const { code, err } = await run(["ask", "help", "--demo", "--out", join(dataDir, "a-file")]);

    expect(code).toBe(1);
    expect(err).toContain("a-file");
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("a tool as a command", () => {
  it("takes each field as an option and shows its receipts", async () => {
    const { code, out } = await run(["pareto", "--by", "service", "--period", "last month", "--top", "3", "--demo"]);

    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ of \d+ services make up 80% of cost/);
    expect(out).toMatch(/others +\$/);
    expect(out).toContain("The maths:");
  });

  it("takes lists, pairs and JSON as they are said", async () => {
    const json = async (...args: string[]) => {
      const { code, out, err } = await run(["get-costs", ...args, "--json", "--demo"]);
      expect([code, err]).toEqual([0, ""]);
      return JSON.parse(out).data;
    };
    const period = { from: "2026-01-01", to: "2026-01-31" };
    const both = await json(
      "--by",
      "service",
      "--by",
      "region",
      "--filter",
      "region=us-east-1",
      "--filter",
      "region=eu-west-1",
      "--period",
      JSON.stringify(period),
    );

    expect(both.period).toEqual(period);
    expect(Object.keys(both.rows[0].labels)).toEqual(["service", "region"]);
    expect(new Set(both.rows.map((row: { labels: { region: string } }) => row.labels.region))).toEqual(new Set(["us-east-1", "eu-west-1"]));
    const filter = '{"region":["us-east-1","eu-west-1"]}';
    expect(await json("--by", "service,region", "--filter", filter, "--period", "January 2026")).toEqual(both);
  });

  it("that cannot answer fails in words", async () => {
    const { code, out, err } = await run(["pareto", "--by", "servce", "--demo"]);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("service");
  });
});

describe("analyze pareto", () => {
  let sheet: string;
  beforeAll(async () => {
    sheet = join(dataDir, "sheet.csv");
    const rows = ['"=HYPERLINK(""http://evil"",1)",50', '"=1+1,x",30', "@SUM(A1),10", "-2+3,5", '"plain, with comma",3', "plain,2"];
    await writeFile(sheet, `what,amount\n${rows.join("\n")}\n`);
  });

  it("ranks a file without settings or database", async () => {
    const { code, out } = await run(["analyze", "pareto", "--in", sheet, "--by", "what", "--measure", "amount", "--unit", "EUR"]);

    expect(code).toBe(0);
    expect(out).toContain("2 of 6 whats make up 80% of amount");
    expect(out).toContain("€50.00");
    expect(out).toContain("sheet.csv");
  });

  it("writes CSV whose cells no spreadsheet runs", async () => {
    const path = join(dataDir, "ranking.csv");

    const { code, err } = await run(["analyze", "pareto", "--in", sheet, "--by", "what", "--measure", "amount", "--out", path]);

    expect([code, err]).toEqual([0, "Wrote 6 rows to ranking.csv.\n"]);
    expect((await readFile(path, "utf8")).split("\n")).toEqual([
      "what,amount,share,cumulative_share,class",
      `"'=HYPERLINK(""http://evil"",1)",50,0.5,0.5,A`,
      `"'=1+1,x",30,0.3,0.8,A`,
      "'@SUM(A1),10,0.1,0.9,B",
      "'-2+3,5,0.05,0.95,B",
      '"plain, with comma",3,0.03,0.98,C',
      "plain,2,0.02,1,C",
      "",
    ]);
  });

  it("writes JSON", async () => {
    const path = join(dataDir, "ranking.json");

    await run(["analyze", "pareto", "--in", sheet, "--by", "what", "--measure", "amount", "--out", path]);

    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      n: 6,
      total: 100,
      itemsTo80: 2,
      items: [{ label: '=HYPERLINK("http://evil",1)', value: 50 }, {}, {}, {}, {}, {}],
    });
  });

  it.each([
    ["no file", { in: "nowhere.csv" }, "nowhere.csv"],
    ["no such column", { by: "whta" }, "what"],
    ["a measure that is no number", { measure: "what" }, "what"],
    ["a folder to write to that is not there", { out: "nowhere/x.csv" }, "nowhere/x.csv"],
  ])("fails in words for %s", async (_, wrong: Record<string, string>, words) => {
    const given = { in: sheet, by: "what", measure: "amount", ...wrong };

    const { code, err } = await run(["analyze", "pareto", ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])]);

    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("the terminal chat", () => {
  it("remembers the conversation, shows the maths, and starts afresh", async () => {
    const lines = ["/maths", "", QUESTION, "and by region?", "/maths", "/new", "and by region?", ""];

    const { code, out } = await run(["chat", "--demo"], {}, lines.join("\n"));

    expect(code).toBe(0);
    const said = [
      "Ctrl-D ends",
      "There is no answer yet.",
      "services make up 80% of cost",
      "regions make up 80% of cost",
      "The maths:",
      'pareto {"by":"region"',
      "A new conversation",
    ];
    let at = -1;
    for (const words of said) {
      const next = out.indexOf(words, at + 1);
      expect(next, words).toBeGreaterThan(at);
      at = next;
    }
    expect(out.slice(at)).not.toContain("regions make up");
  });

  it("ends with the input, also in the middle of a line", async () => {
    const { code, out } = await run(["chat", "--demo"], {}, "help");

    expect(code).toBe(0);
    expect(out).toContain("I answer questions about");
  });
});

describe("doctor", () => {
  it("names a folder of documents that holds none", async () => {
    const { out } = await run(["doctor"], { KNOWLEDGE_DIR: join(dataDir, "no-such-folder") });

    expect(out).toMatch(/^warning +knowledge: .*folder 1 of KNOWLEDGE_DIR holds no document/m);
  });

  it("says what is off and how to turn it on, and that the rest is well", async () => {
    const { code, out } = await run(["doctor"]);

    expect(code).toBe(0);
    expect(out).toMatch(/^ok {7}database: /m);
    expect(out).toMatch(/^off {6}model: .+\n +Set ANTHROPIC_API_KEY/m);
    expect(out).toMatch(/^off {6}datasets: .+\n +Set DATASETS/m);
  });

  it("gives the same as JSON", async () => {
    const { code, out } = await run(["doctor", "--json", "--demo"]);

    expect(code).toBe(0);
    const { ok, checks } = JSON.parse(out);
    expect(ok).toBe(true);
    expect(checks).toContainEqual({ name: "database", state: "ok", message: expect.any(String) });
    expect(checks).toContainEqual({ name: "dataset revenue", state: "ok", message: expect.stringContaining("refunds") });
    for (const { state, fix } of checks) expect(state === "ok" || fix?.length > 10).toBe(true);
  });

  it("fails with the way to mend it: a description whose file is missing", async () => {
    await writeFile(join(dataDir, "datasets.yaml"), "datasets:\n  - name: bill\n    source: missing.csv\n");

    const { code, out } = await run(["doctor", "--json"], { DATASETS: join(dataDir, "datasets.yaml") });

    expect(code).toBe(1);
    const { ok, checks } = JSON.parse(out);
    expect(ok).toBe(false);
    expect(checks).toContainEqual({
      name: expect.any(String),
      state: "failed",
      message: expect.stringContaining("missing.csv"),
      fix: expect.any(String),
    });
  });

  it("lists all settings that are wrong, as checks that failed, and no secret", async () => {
    const wrong = { PORT: "http", TIME_ZONE: "Mars", MODEL_CALLS: "0", DATABASE_URL: "mysql://me:hunter2@host/x" };

    const [text, json] = await Promise.all([run(["doctor"], wrong), run(["doctor", "--json"], wrong)]);

    expect([text.code, json.code]).toEqual([1, 1]);
    for (const name of ["PORT", "TIME_ZONE", "MODEL_CALLS"])
      expect(text.out).toMatch(new RegExp(`^failed {3}settings: ${name}: .+\\n {9}.+`, "m"));
    expect(JSON.parse(json.out).checks.length).toBeGreaterThanOrEqual(3);
    expect(text.out + json.out).not.toContain("hunter2");
  });
});

describe("settings", () => {
  it("that are wrong are all listed at once, and nothing starts", async () => {
    for (const args of [["serve"], ["ask", "help"], ["key", "list"]]) {
      const { code, out, err } = await run(args, { PORT: "70000", LOG_LEVEL: "loud", PUBLIC_URL: "somewhere" });

      expect([code, out]).toEqual([1, ""]);
      for (const name of ["PORT", "LOG_LEVEL", "PUBLIC_URL"]) expect(err).toContain(`  - ${name}: `);
      expect(err).not.toMatch(/\n\s+at /);
    }
  });

  it.each([
    ["that is not there", "nowhere/datasets.yaml", "nowhere/datasets.yaml"],
    ["that is a folder", ".", "DATASETS"],
    ["that is not YAML", "broken.yaml", "broken.yaml"],
  ])("name a datasets file %s", async (_, name, words) => {
    await writeFile(join(dataDir, "broken.yaml"), "datasets: [");

    const { code, err } = await run(["ask", "help"], { DATASETS: join(dataDir, name) });

    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("that are like a name but none are pointed out", async () => {
    const { code, err } = await run(["ask", "help"], { DATASET: "x.csv" });

    expect(code).toBe(0);
    expect(err).toContain("DATASETS");
  });

  it("of firstmate.yaml hold for the demo too", async () => {
    const folder = join(dataDir, "with-file");
    await mkdir(folder);
    await writeFile(join(folder, "firstmate.yaml"), "DATA_DIR: ./elsewhere\nDATASETS: ./mine.yaml\n");

    const { code, err } = await firstmate(["ask", "help", "--demo"], { dataDir: folder, env: { DATA_DIR: "" } });

    expect([code, err]).toEqual([0, ""]);
    expect((await readdir(join(folder, "elsewhere"))).toSorted()).toEqual(expect.arrayContaining(["demo", "demo.db"]));
  });
});

describe("migrate", () => {
  it("makes the database, and again does nothing", async () => {
    const folder = join(dataDir, "fresh");
    const first = await run(["migrate"], { DATA_DIR: folder });
    const second = await run(["migrate"], { DATA_DIR: folder });

    expect([first.code, second.code, first.out, second.out]).toEqual([
      0,
      0,
      "The database is up to date.\n",
      "The database is up to date.\n",
    ]);
    expect(await readdir(folder)).toContain("firstmate.db");
  });
});
