import { describe, expect, test } from "vitest";
import { createWithholder } from "../../src/telemetry/withhold.ts";

const SETTING = "correct(horse)+battery";
const withhold = createWithholder([SETTING, "harbour"]);
/** Put together, so that this file holds none. */
const KEY = `sk-ant-${"x9".repeat(12)}`;

describe("what a tool found", () => {
  test.each([
    ["a setting's value", `it says ${SETTING}!`, "it says [redacted]!"],
    ["a key of a known make", `export KEY=${KEY}`, "export KEY=[redacted]"],
    ["a password in an address", "postgres://bot:hunter2@db/x", "postgres://bot:[redacted]@db/x"],
  ])("has no more %s", (_, text, expected) => {
    const finding = { content: text, blocks: [{ type: "table", rows: [["a", text, 3, null]] }], receipts: [] };

    expect(withhold(finding)).toEqual({ content: expected, blocks: [{ type: "table", rows: [["a", expected, 3, null]] }], receipts: [] });
  });

  test.each([
    "Basic authentication is off.",
    "The harbour is risk-averse-and-well-run-since-1990.",
    "input tokens: 12",
    "x".repeat(20_000),
  ])("is the same where there is none: %s", (text) => {
    const finding = { content: text, at: new Date(0), data: { tokens: text } };

    expect(withhold(finding)).toBe(finding);
  });
});
