import { deniedDeed } from "./deeds.ts";
import type { End, EndingOptions } from "./ending.ts";
import type { MetLimit } from "./limits.ts";

/** What kept a model from doing or saying something. Fixed words, so that operators can count them. */
export type Guard =
  | "unknown tool"
  | "skill bounds"
  | "arguments"
  | "same call"
  | "written words"
  | "claimed deeds"
  | "grounding"
  | "links"
  | "model calls"
  | "tool calls"
  | "tokens"
  | "money"
  | "time";

const OF_LIMIT: Readonly<Record<MetLimit, Guard>> = {
  modelCalls: "model calls",
  toolCalls: "tool calls",
  outputTokens: "tokens",
  turnTokens: "tokens",
  turnUsd: "money",
  turnMs: "time",
};

/** The guards that held something back in a turn that has ended, each once. */
export function guardsHit({ turn, log, progress, release }: EndingOptions, end: End): Guard[] {
  const { marked, cleaned } = release.outcome();
  const hit: (Guard | undefined)[] = [
    ...log.denied,
    log.limit && OF_LIMIT[log.limit],
    end.why === "time" ? "time" : undefined,
    marked.length > 0 ? "grounding" : undefined,
    cleaned ? "links" : undefined,
    deniedDeed(progress.text, turn.message.text, log.findings) ? "claimed deeds" : undefined,
  ];
  return [...new Set(hit.filter((guard) => guard !== undefined))];
}
