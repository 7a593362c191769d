import { expect, test } from "vitest";
import { createGrounding, withoutEchoes } from "../../../src/agent/grounding/index.ts";

const NOW = new Date("2026-11-21T09:00:00Z");

function strays(
  said: string,
  { result, input, question = "What did we lose?" }: { result: string; input: unknown; question?: string },
): string[] {
  const grounding = createGrounding({ now: NOW, question });
  grounding.add(withoutEchoes(result, input));
  return grounding.check(said).strays.map(({ text }) => text);
}

test.each([
  ["a search that found nothing", "Nothing with “we lost $98,765,432.10”.", { query: "we lost $98,765,432.10" }],
  ["a card with its lines", "Post to #a. text: We lost $98,765,432.10.", { channel: "#a", text: "We lost $98,765,432.10." }],
  ["a number in a list", "Looked for 98765432.10 in 3 tables.", { filter: { amount: ["98765432.10"] } }],
])("what a model wrote itself proves nothing when %s repeats it", (_, result, input) => {
  expect(strays("We lost $98,765,432.10.", { result, input })).toEqual(["$98,765,432.10"]);
});

test("a share it made up proves nothing either", () => {
  expect(strays("Costs rose by 37%.", { result: "No event explains 37%.", input: { query: "rose 37%" } })).toEqual(["37%"]);
});

test("what the question has may be said, whoever repeats it", () => {
  const question = "Did we lose $98,765,432.10?";

  expect(strays("No result has $98,765,432.10.", { result: "Nothing.", input: { query: "$98,765,432.10" }, question })).toEqual([]);
});

test("figures found, dates asked for and small counts stay known", () => {
  const result = "The top 5 of 23 services cost $1,204.50 from 2026-10-01 to 2026-10-31.";
  const input = { top: 5, period: { from: "2026-10-01", to: "2026-10-31" }, query: "top 5 in October 2026" };

  expect(withoutEchoes(result, input)).toBe(result);
  expect(strays("The top 5 of 23 services cost $1,204.50 in October 2026.", { result, input })).toEqual([]);
});
