import type { RecordedCall } from "../../core/agent.ts";
import type { ToolCall } from "../../core/reply.ts";
import type { Finding } from "../../core/tool.ts";
import type { Guard } from "./guards.ts";
import type { MetLimit } from "./limits.ts";

/** What has happened in a turn so far; the final reply is made from it whatever ends the turn. */
export interface TurnLog {
  calls: ToolCall[];
  findings: Finding[];
  /** What would work instead, by the latest tool that could not answer. */
  advice: readonly string[];
  /** The first limit that was met. */
  limit?: MetLimit;
  /** Tool calls of the model that we took on, also those that then failed. */
  toolCalls: number;
  /** Titles of the tools that are running, or were when the turn ended. */
  running: Set<string>;
  /** Ids of tool calls whose arguments were no JSON. */
  unreadable: Set<string>;
  /** Guards that kept a call from running. */
  denied: Set<Guard>;
}

export function createLog(): TurnLog {
  return { calls: [], findings: [], advice: [], toolCalls: 0, running: new Set(), unreadable: new Set(), denied: new Set() };
}

export function meet(log: TurnLog, limit: MetLimit): void {
  log.limit ??= limit;
}

export function keep(log: TurnLog, { call, outcome }: RecordedCall): void {
  log.calls.push(call);
  if ("finding" in outcome) log.findings.push(outcome.finding);
}
