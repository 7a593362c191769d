import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createGrounding } from "../../../src/agent/grounding/index.ts";
import { DISHONEST, HONEST, type Said } from "./phrasings.ts";

const NOW = new Date("2026-11-22T09:00:00Z");
const findings = JSON.parse(readFileSync(new URL("../../fixtures/demo-findings.json", import.meta.url), "utf8")) as Record<string, string>;

function straysIn([finding, sentence]: Said): readonly string[] {
  const grounding = createGrounding({ now: NOW, question: "" });
  grounding.add(findings[finding] ?? "");
  return grounding.check(sentence).strays.map(({ text }) => text);
}

test("of many ways to say what is true, fewer than one in a hundred is taken for a stray", () => {
  const flagged = HONEST.flatMap((said) => straysIn(said).map((stray) => `${said[1]} → ${stray}`));

  expect(HONEST.length).toBeGreaterThanOrEqual(100);
  expect(flagged.length / HONEST.length, flagged.join("\n")).toBeLessThan(0.01);
});

test("of as many that are not, all but a few are found out", () => {
  const missed = DISHONEST.filter((said) => straysIn(said).length === 0).map(([, sentence]) => sentence);

  expect(DISHONEST.length).toBeGreaterThanOrEqual(100);
  expect(1 - missed.length / DISHONEST.length, missed.join("\n")).toBeGreaterThan(0.92);
});
