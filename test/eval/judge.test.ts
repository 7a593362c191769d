import { describe, expect, test } from "vitest";
import type { Receipt } from "../../src/core/fact.ts";
import type { Reply } from "../../src/core/reply.ts";
import { type EvalCase, readCases } from "../../src/eval/case.ts";
import { judge } from "../../src/eval/judge.ts";

const TODAY = "2026-11-21";
const OCTOBER: Receipt = {
  id: "r1",
  source: "bill",
  query: "cost",
  window: { from: "2026-10-01", to: "2026-10-31" },
  fetchedAt: new Date("2026-11-21T09:00:00Z"),
  status: "live",
};

function caseOf(yaml: string): EvalCase {
  const [one] = readCases("test.yaml", `about: a test\nworld: empty\ncases:\n  - id: one\n    ask: [What did it cost?]\n${yaml}`).cases;
  if (!one) throw new Error("no case");
  return one;
}

function reply(text: string, more: Partial<Reply> = {}): Reply {
  const turn = { id: "t", conversation: "c", agent: "model" as const, tools: [{ name: "get_costs", input: {} }] };
  return { text, receipts: [OCTOBER], final: true, turn, ...more };
}

const TRUTHS: Readonly<Record<string, number | string>> = { "cost(x)": 1_200, "name(x)": "Compute" };
const outcome = (one: EvalCase, answer: Reply, ms = 10) =>
  judge(one, { reply: answer, ms }, (expression) => TRUTHS[expression] ?? Number.NaN, TODAY);

describe("an answer is right when", () => {
  const wanted = caseOf(
    '    expect: { figures: [cost(x), name(x)], window: last month, says: ["\\\\b{cost(x)} dollars"], status: live }\n    tools: [get_costs]',
  );

  test("it tells what is true, of the period, from what may be used", () => {
    expect(outcome(wanted, reply("Compute cost 1,200 dollars."))).toMatchObject({
      outcome: "right",
      problems: [],
      figures: 1,
      grounded: 1,
    });
  });

  test("the figure stands in a table", () => {
    const table = { type: "table" as const, columns: [], rows: [["Compute", 1200.004]] };

    expect(outcome(caseOf("    expect: { figures: [cost(x)] }"), reply("As the table shows.", { blocks: [table] })).outcome).toBe("right");
  });
});

describe("an answer is wrong when", () => {
  test.each([
    ["it tells another figure", "expect: { figures: [cost(x)] }", reply("It cost 1,300 dollars.")],
    [
      "it tells the figure and one that is forbidden",
      "expect: { figures: [cost(x)] }\n    forbid: { figures: [7] }",
      reply("1,200, or 7."),
    ],
    ["it says what must not be said", 'expect: {}\n    forbid: { says: ["certain"] }', reply("12 for certain.")],
    ["it uses another tool", "expect: {}\n    tools: [pareto]", reply("It cost 1,200 dollars.")],
    ["it is for another period", "expect: { window: last week }", reply("It cost 1,200 dollars.")],
    ["it tells a figure where none can be known", "expect: { answer: none }", reply("It cost 0 dollars.")],
    ["a receipt is from elsewhere", "expect: { status: demo }", reply("It cost 1,200 dollars.")],
  ])("%s", (_, yaml, answer) => {
    expect(outcome(caseOf(`    ${yaml}`), answer).outcome).toBe("wrong");
  });

  test("it comes too late", () => {
    const { outcome: found, problems } = outcome(caseOf("    expect: {}\n    limit: { seconds: 1 }"), reply("12"), 1_500);

    expect([found, problems]).toEqual(["wrong", ["it took 1.5 s"]]);
  });
});

test("an answer that says it cannot is no false confidence", () => {
  const none = reply("I could not match that to anything.", { receipts: [], turn: undefined as never });

  expect(outcome(caseOf("    expect: { figures: [cost(x)] }"), none).outcome).toBe("unanswered");
  expect(outcome(caseOf("    expect: { answer: none }"), none).outcome).toBe("right");
});

test("figures that the house has marked, or that have no receipt, are not grounded", () => {
  const one = caseOf("    expect: {}");

  expect(outcome(one, reply("It was 1,200 and 900 (unverified)."))).toMatchObject({ figures: 2, grounded: 1 });
  expect(outcome(one, reply("It was 1,200.", { receipts: [] }))).toMatchObject({ figures: 1, grounded: 0 });
});
