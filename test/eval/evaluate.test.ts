import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createWorld } from "../../src/demo/world/index.ts";
import { readCases } from "../../src/eval/case.ts";
import { type Asker, evaluate, loadCases, type Mode, modelNeeds, reportText } from "../../src/eval/index.ts";
import { truthsOf } from "../../src/eval/truths.ts";
import { firstmate, temporaryFolder } from "../kit/app.ts";

const SHIPPED = fileURLToPath(new URL("../../eval", import.meta.url));

const FILE = readCases(
  "small.yaml",
  `about: a test
world: empty
cases:
  - id: told
    ask: [how much?, what is it?]
    expect: { figures: [12] }
  - id: left-out
    ask: [why?]
    expect: {}
    skip: nobody knows
`,
);

function asking(answers: Readonly<Record<string, string>>, mode: Mode = "deterministic", files = [FILE]) {
  let time = 0;
  const open = async (): Promise<Asker> => ({
    ask: async (question) => ({ text: answers[question] ?? "", final: true }),
    close: async () => {},
  });
  return evaluate({
    mode,
    files,
    open,
    now: () => new Date("2026-11-21T09:00:00Z"),
    clock: () => (time += 10),
    signal: new AbortController().signal,
  });
}

describe("the report", () => {
  test("counts questions and cases, and says what was left out", async () => {
    const report = await asking({ "how much?": "12 of them", "what is it?": "no idea" });

    expect(report).toMatchObject({ cases: 1, casesRight: 0, questions: 2, accuracy: 0.5, unanswered: 0.5, falseConfidence: 0 });
    expect(report.skipped).toEqual([{ file: "small", id: "left-out", why: "nobody knows" }]);
    expect(reportText(report, false)).toMatch(/skipped, nobody knows: small\/left-out/);
    expect(reportText(report, false)).toMatch(/accuracy +50\.0%/);
  });

  test("is none when nothing was asked", async () => {
    await expect(asking({}, "deterministic", [])).rejects.toThrow("No case was asked");
    await expect(asking({}, "scripted")).rejects.toThrow("No case was asked");
  });
});

describe("the real model", () => {
  test("is told of with what it would take, where there is none", () => {
    const file = readCases(
      "two.yaml",
      "about: x\nworld: empty\ncases:\n  - id: a\n    ask: [one, two]\n    expect: {}\n  - id: b\n    ask: [three]\n    expect: {}\n    agents: [scripted]\n",
    );

    expect(modelNeeds([file], "claude-sonnet-5-5", "2026-11-21")).toMatch(
      /^It would ask 2 questions of claude-sonnet-5-5 .* USD at list price/,
    );
    expect(modelNeeds([file], "ollama:small", "2026-11-21")).toContain("its price is not known here");
  });
});

describe("the shipped cases", () => {
  test("are many, and each truth in them can be worked out", async () => {
    const files = await loadCases(SHIPPED);
    const truths = truthsOf(createWorld("2026-11-21"));
    const expressions = files
      .filter(({ world }) => world === "demo")
      .flatMap(({ cases }) => cases)
      .flatMap(({ expect: wanted, forbid }) => [...(wanted.figures ?? []), ...(forbid.figures ?? []), ...inPatterns(wanted.says)])
      .filter((figure) => typeof figure === "string");

    expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(120);
    expect(new Set(expressions).size).toBeGreaterThan(20);
    for (const expression of expressions) {
      const truth = truths(expression);
      expect(typeof truth === "string" ? truth !== "" : Number.isFinite(truth), expression).toBe(true);
    }
  });

  test("have answers anybody can check in the records", () => {
    const world = createWorld("2026-11-21");
    const truths = truthsOf(world);
    const october = Array.from({ length: 31 }, (_, i) => `2026-10-${String(i + 1).padStart(2, "0")}`);
    const all = october.flatMap((day) => world.costs(day));

    expect(truths("cloud_cost(last month)")).toBeCloseTo(
      all.reduce((sum, line) => sum + line.cost, 0),
      6,
    );
    expect(truths("cloud_cost(last month, account=sandbox)")).toBeCloseTo(
      all.reduce((sum, line) => (line.account === "sandbox" ? sum + line.cost : sum), 0),
      6,
    );
    expect(() => truths("no_such(last month)")).toThrow("There is no truth");
    expect(() => truths("cloud_cost(sometime)")).toThrow("There is no period");
  });
});

function inPatterns(patterns: readonly string[] = []): string[] {
  return patterns.flatMap((source) => [...source.matchAll(/\{(\w+\([^}]*\))\}/g)].map(([, expression = ""]) => expression));
}

describe("a file of cases", () => {
  test.each([
    ["an unknown field", "about: x\nworld: empty\ncases: [{ id: a, ask: [b], expected: {} }]", /expect|expected/],
    ["no case", "about: x\nworld: empty\ncases: []", /cases/],
    ["no YAML", "about: [", /no YAML/],
  ])("with %s is refused with what is wrong", (_, text, says) => {
    expect(() => readCases("bad.yaml", text)).toThrow(says);
  });

  test("may not be missing", async () => {
    await expect(loadCases("/nowhere/at-all")).rejects.toThrow("There is no folder");
  });
});

describe("firstmate eval", () => {
  test("asks the program and prints the figures", async () => {
    const { code, out } = await firstmate(["eval", "--only", "files-total", "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ mode: "deterministic", cases: 1, accuracy: 1, falseConfidence: 0, grounded: 1 });
  });

  test("lets a model play the scripts, and counts its tokens", async () => {
    const { code, out } = await firstmate(["eval", "--agent", "scripted", "--only", "files-total", "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ mode: "scripted", accuracy: 1, tokens: { input: 600 } });
    expect(JSON.parse(out).cost).toBeGreaterThan(0);
  });

  test("fails when nothing is asked, and when the model has no key", async () => {
    const nothing = await firstmate(["eval", "--only", "no-such-case"]);
    const noKey = await firstmate(["eval", "--agent", "model"]);

    expect([nothing.code, noKey.code]).toEqual([1, 2]);
    expect(nothing.err).toContain("No case was asked");
    expect(noKey.err).toContain("ANTHROPIC_API_KEY");
  });

  test("takes nothing from the environment into its worlds", async () => {
    const folder = await temporaryFolder();
    const { out } = await firstmate(["eval", "--only", "empty-cost", "--json"], {
      env: { GITHUB_TOKEN: "x", DATASETS: `${folder}/no.yaml` },
    });

    expect(JSON.parse(out)).toMatchObject({ falseConfidence: 0 });
  });
});
