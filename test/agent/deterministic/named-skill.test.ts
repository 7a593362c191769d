import { expect, it } from "vitest";
import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import type { Skill } from "../../../src/core/knowledge.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { tools } from "../../../src/tools/index.ts";
import { billFeed } from "../../kit/fixture-feed.ts";
import { hear, NOW } from "../model/world.ts";

const skill = (name: string, metadata: Record<string, string> = {}): Skill => ({
  name,
  description: name,
  metadata,
  body: "By hand.",
  steps: [],
});
const skills = { list: async () => [skill("sprint-review"), skill("resume-tailoring"), skill("coach-ewm", { kind: "coach" })] };
/** A source that never answers: whoever asks it waits for ever. */
const feeds = [{ ...billFeed(), describe: () => new Promise<never>(() => {}) }];

async function ask(text: string): Promise<Reply> {
  const agent = createDeterministicAgent({ wait: () => new Promise(() => {}) });
  const { signal } = new AbortController();
  const user = { id: "u", name: "u", timeZone: "UTC", roles: ["viewer"] as const };
  const message = { id: "m", channel: "test", conversation: "c", audience: "direct" as const, user, text, at: NOW };
  const context = { user, audience: "direct" as const, now: NOW, signal, feeds, tools, skills };
  const { final } = await hear(agent, { id: "t", message, history: [], tools, context, record: () => {} }, signal);
  return final;
}

it.each(["run sprint-review", "Please do the sprint review!", "run the skill resume-tailoring", "run resume tailoring"])(
  "%s runs the skill of that name, and asks no source what it knows",
  async (text) => {
    const { turn } = await ask(text);

    expect(turn?.tools).toEqual([{ name: "run_skill", input: { skill: expect.stringMatching(/^(?:sprint-review|resume-tailoring)$/) } }]);
  },
);
