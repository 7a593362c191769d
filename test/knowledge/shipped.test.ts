import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Knowledge, KnowledgeAnswer } from "../../src/core/knowledge.ts";
import { createKnowledge, folderSource } from "../../src/knowledge/index.ts";
import { AS_SAID, ASKED_LATER } from "./as-said.ts";
import { AFTERWARDS, ANSWERABLE, AT_WORK, HELD_OUT, KINDS_OF_ANSWER, UNANSWERABLE } from "./questions.ts";

const { signal } = new AbortController();
let folder: string;
let knowledge: Knowledge;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-shipped-"));
  const shipped = folderSource(new URL("../../knowledge", import.meta.url).pathname, "shipped");
  knowledge = createKnowledge({ sources: [shipped], folder, now: () => new Date("2026-11-21T12:00:00Z") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function headingOf({ passages: [first] }: KnowledgeAnswer): string {
  return first ? [first.title, ...first.headings].join(" › ") : "";
}

describe("the shipped knowledge", () => {
  test("answers most questions with the right passage first, and says that it does", async () => {
    const answers = await Promise.all(
      ANSWERABLE.map(async (q) => ({ ...q, answer: await knowledge.search({ query: q.question }, signal) })),
    );

    const right = answers.filter(({ heading, part, answer }) => heading.test(headingOf(answer)) && answer.passages[0]?.part === part);
    expect(right.length / answers.length).toBeGreaterThanOrEqual(0.9);
    expect(answers.filter(({ answer }) => answer.covered).length / answers.length).toBeGreaterThanOrEqual(0.9);
  });

  test("does not claim to know what nobody wrote down", async () => {
    const answers = await Promise.all(UNANSWERABLE.map((query) => knowledge.search({ query }, signal)));

    expect(answers.filter((a) => a.covered).length / answers.length).toBeLessThanOrEqual(0.05);
  });

  test("holds on questions nothing was tuned to", async () => {
    const { answerable, unanswerable } = HELD_OUT;
    const known = await Promise.all(answerable.map(async (q) => ({ ...q, answer: await knowledge.search({ query: q.question }, signal) })));
    const unknown = await Promise.all(unanswerable.map((query) => knowledge.search({ query }, signal)));

    expect(known.filter(({ heading, answer }) => answer.covered && heading.test(headingOf(answer))).length).toBeGreaterThanOrEqual(11);
    expect(unknown.filter((a) => a.covered).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ["the rule was chosen on", AT_WORK, 0.96, 0.3],
    ["were asked once, afterwards", AFTERWARDS, 0.9, 0.2],
    ["name the kind of answer that is wanted", KINDS_OF_ANSWER, 1, 0.1],
    ["are written in a hurry", AS_SAID, 0.9, 0.125],
    ["were written when the rule was settled", ASKED_LATER, 0.8, 0.1],
  ])(
    "answers people at work, and seldom claims what is only near: questions that %s",
    async (_, { answerable, unanswerable }, least, most) => {
      const known = await Promise.all(
        answerable.map(async (q) => ({ ...q, answer: await knowledge.search({ query: q.question }, signal) })),
      );
      const unknown = await Promise.all(unanswerable.map((query) => knowledge.search({ query }, signal)));
      const shown = known.filter(({ heading, answer }) =>
        answer.passages.some(({ title, headings }) => heading.test([title, ...headings].join(" › "))),
      );

      expect(known.filter(({ answer }) => answer.covered).length / known.length).toBeGreaterThanOrEqual(least);
      expect(shown.length / known.length).toBeGreaterThanOrEqual(0.8);
      expect(unknown.filter((a) => a.covered).length / unknown.length).toBeLessThanOrEqual(most);
    },
  );

  test.each(["How are things?", "what do I need to know?", "tell me"])("“%s” asks nothing that a page could answer", async (query) => {
    expect((await knowledge.search({ query }, signal)).covered).toBe(false);
  });

  test("a whole question of the warehouse is answered", async () => {
    const answer = await knowledge.search({ query: "which transaction do I use to monitor the warehouse?" }, signal);

    expect(answer.covered).toBe(true);
    expect(answer.passages[0]?.text).toContain("/SCWM/MON");
  });

  test("names what the documents do not have, and mends a slip of the keys", async () => {
    const unknown = await knowledge.search({ query: "payroll posting for overtime" }, signal);
    const slipped = await knowledge.search({ query: "post goods reciept for inbound delivry" }, signal);

    expect(unknown.unknown).toEqual(["payroll", "overtime"]);
    expect(slipped.mended.map((m) => m.from)).toEqual(["reciept", "delivry"]);
    expect(headingOf(slipped)).toMatch(/Post goods receipt/);
  });

  test("keeps to a part, and refuses one there is not", async () => {
    const support = await knowledge.search({ query: "how to escalate", part: "support" }, signal);

    expect(new Set(support.passages.map((p) => p.part))).toEqual(new Set(["support"]));
    await expect(knowledge.search({ query: "x", part: "cooking" }, signal)).rejects.toThrow(
      /There is business-analyst, developer, ewm, support/,
    );
  });
});
