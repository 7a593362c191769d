import { beforeAll, describe, expect, it } from "vitest";
import { createGrounding } from "../../../src/agent/grounding/index.ts";
import { seededRandom } from "../../kit/random.ts";
import { type Asked, realFindings } from "./findings.ts";
import { type HonestAnswer, honestAnswer, textOf } from "./honest.ts";
import { LIES, type Lie, lie } from "./hostile.ts";

const NOW = new Date("2026-11-21T10:00:00Z");
const ROUNDS = 40;

let findings: Asked[];
beforeAll(async () => {
  findings = await realFindings();
});

function straysOf(text: string, { question, finding }: Asked) {
  const grounding = createGrounding({ now: NOW, question });
  grounding.add(finding.content);
  return grounding.check(text).strays;
}

function* answers(): Generator<{ answer: HonestAnswer; random: () => number }> {
  for (const [i, asked] of findings.entries())
    for (let round = 0; round < ROUNDS; round += 1) {
      const random = seededRandom(1000 * i + round);
      const answer = honestAnswer(asked, random);
      if (answer) yield { answer, random };
    }
}

describe("grounding", () => {
  it("lets honest answers to real findings pass: fewer than one in a hundred has a false alarm", () => {
    const flagged: string[] = [];
    let n = 0;
    for (const { answer } of answers()) {
      n += 1;
      const strays = straysOf(textOf(answer.parts), answer.asked);
      if (strays.length > 0) flagged.push(`${answer.asked.tool}: ${strays.map(({ text, reason }) => `${text} (${reason})`).join("; ")}`);
    }

    expect(n).toBeGreaterThan(500);
    expect(flagged.length / n, flagged.slice(0, 20).join("\n")).toBeLessThan(0.01);
  });

  it.each<[Lie, number]>([
    ["invented number", 0.95],
    ["shifted decimal", 0.95],
    ["swapped unit", 0.95],
    ["wrong date", 0.95],
    ["unknown name", 0.98],
    ["wrong sum", 0.9],
  ])("catches an answer with one %s", (kind, goal) => {
    const missed: string[] = [];
    let n = 0;
    for (const { answer, random } of answers()) {
      const told = lie(answer, kind, random);
      if (!told) continue;
      n += 1;
      if (straysOf(told.text, answer.asked).length === 0) missed.push(`${answer.asked.tool}: ${told.was} → ${told.became}`);
    }

    expect(n).toBeGreaterThan(20);
    expect(1 - missed.length / n, missed.slice(0, 20).join("\n")).toBeGreaterThanOrEqual(goal);
  });

  it("knows every kind of lie there is", () => expect(LIES).toHaveLength(6));
});
