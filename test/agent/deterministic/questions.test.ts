import { describe, expect, it } from "vitest";
import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import type { PastTurn, RecordedCall, Turn } from "../../../src/core/agent.ts";
import type { ToolCall } from "../../../src/core/reply.ts";
import { tools } from "../../../src/tools/index.ts";
import { billFeed, salesFeed } from "../../kit/fixture-feed.ts";
import { hear } from "../model/world.ts";
import { type Meaning, meaningOf, sameMeaning, showMeaning, TODAY } from "./meaning.ts";
import { futureQuestions, nearMisses, twoReadings, unanswerable, whyQuestions } from "./other-questions.ts";
import { type QuestionGroup, questionGroups } from "./questions.ts";

const NOW = new Date(`${TODAY}T09:00:00Z`);
const feeds = [billFeed(), salesFeed()];
const agent = createDeterministicAgent({
  onFault: (error) => {
    throw error;
  },
});

interface Heard {
  calls: readonly ToolCall[];
  text: string;
  /** What the tool answered when it could not do as asked. */
  failed?: string;
}

async function ask(text: string, history: readonly PastTurn[] = []): Promise<Heard> {
  const user = { id: "test:lead", name: "Lead", timeZone: "UTC", roles: ["viewer" as const] };
  const recorded: RecordedCall[] = [];
  const { signal } = new AbortController();
  const turn: Turn = {
    id: "turn-1",
    message: { id: "m-1", channel: "test", conversation: "c-1", audience: "direct", user, text, at: NOW },
    history,
    tools,
    context: { user, audience: "direct", now: NOW, signal, feeds, tools },
    record: (call) => void recorded.push(call),
  };
  const { final } = await hear(agent, turn, signal);
  const outcome = recorded[0]?.outcome;
  return { calls: final.turn?.tools ?? [], text: final.text, ...(outcome && "error" in outcome ? { failed: outcome.error } : {}) };
}

/** What came instead of one of `accept`, in words; undefined when it is right. */
function missOf({ calls, text, failed }: Heard, accept: readonly Meaning[]): string | undefined {
  const [call, ...more] = calls;
  if (!call) return `no tool: ${text.slice(0, 90)}`;
  if (more.length > 0) return `several tools: ${calls.map((c) => c.name).join(", ")}`;
  const came = readMeaning(call);
  if (typeof came === "string") return came;
  if (!accept.some((meaning) => sameMeaning(meaning, came))) return showMeaning(came);
  return failed === undefined ? undefined : `right call, which failed: ${failed}`;
}

function readMeaning(call: ToolCall): Meaning | string {
  try {
    return meaningOf(call);
  } catch (error) {
    return `${call.name} with arguments that cannot be read: ${String(error)}`;
  }
}

async function missesOf(group: QuestionGroup): Promise<string[]> {
  const misses = [];
  for (const phrasing of group.phrasings) {
    const miss = missOf(await ask(phrasing, group.after ? [group.after] : []), group.accept);
    if (miss !== undefined) misses.push(`“${phrasing}” → ${miss}`);
  }
  return misses;
}

async function examine(groups: readonly QuestionGroup[]) {
  const results = [];
  for (const group of groups) results.push({ group, misses: await missesOf(group) });
  const asked = groups.reduce((sum, group) => sum + group.phrasings.length, 0);
  const missed = results.reduce((sum, { misses }) => sum + misses.length, 0);
  return { results: results.filter(({ misses }) => misses.length > 0), asked, right: 1 - missed / asked };
}

async function wrongCalls(questions: readonly string[]): Promise<string[]> {
  const wrong = [];
  for (const question of questions) {
    const { calls } = await ask(question);
    for (const call of calls) if (call.name !== "help") wrong.push(`“${question}” → ${call.name} ${JSON.stringify(call.input)}`);
  }
  return wrong;
}

const LEAST_RIGHT = 0.95;

describe("the deterministic agent", () => {
  it("is examined with fifty different questions of ten different phrasings, half of them held", () => {
    expect(questionGroups).toHaveLength(50);
    expect(questionGroups.filter((group) => group.held)).toHaveLength(25);
    for (const group of questionGroups) expect(new Set(group.phrasings).size, group.name).toBe(10);
    expect(new Set(questionGroups.map((group) => group.name)).size).toBe(50);
    expect(Object.values(unanswerable).flat()).toHaveLength(51);
    expect(twoReadings).toHaveLength(10);
  });

  it("understands 95 in 100 phrasings of the open questions", { timeout: 120_000 }, async () => {
    const { results, right } = await examine(questionGroups.filter((group) => !group.held));

    const list = results.map(
      ({ group, misses }) => `${group.name}\n  wanted ${group.accept.map(showMeaning).join("\n      or ")}\n  ${misses.join("\n  ")}`,
    );
    expect(right, `\n${list.join("\n\n")}\n`).toBeGreaterThanOrEqual(LEAST_RIGHT);
    if (list.length > 0) console.info(`missed:\n${list.join("\n\n")}`);
  });

  it("understands 95 in 100 phrasings of the held questions", { timeout: 120_000 }, async () => {
    const { results, right } = await examine(questionGroups.filter((group) => group.held));

    const shares = results.map(({ group, misses }) => `${group.name}: ${100 - misses.length * 10} %`);
    expect(right, `\n${shares.join("\n")}\n`).toBeGreaterThanOrEqual(LEAST_RIGHT);
    if (shares.length > 0) console.info(`missed some of:\n${shares.join("\n")}`);
  });

  it.each(Object.entries(unanswerable))("calls no tool but help when asked about %s", async (_, questions) => {
    expect(await wrongCalls(questions)).toEqual([]);
  });

  it.each(whyQuestions)("takes the change apart when asked for reasons: %s", async (question) => {
    const { calls } = await ask(question);

    expect(calls.map(({ name }) => name)).toEqual(["explain_change"]);
  });

  it.each(futureQuestions)("forecasts when asked about the future: %s", async (question) => {
    const { calls } = await ask(question);

    expect(calls.map(({ name }) => name)).toEqual(["forecast"]);
  });

  it("calls no tool but help when one word turns a known question into another", async () => {
    expect(await wrongCalls(nearMisses)).toEqual([]);
  });

  it.each(twoReadings)("asks back or takes a fair reading: $question", async ({ question, accept }) => {
    const heard = await ask(question);

    const guessed = heard.calls.some((call) => call.name !== "help") ? missOf(heard, accept) : undefined;
    expect(guessed).toBeUndefined();
  });
});
