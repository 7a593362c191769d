import type { Message } from "./message.ts";
import type { Reply, ToolCall } from "./reply.ts";
import type { Finding, Tool, ToolContext } from "./tool.ts";

/** One question with what its answer may use. Made by the router before the agent runs. */
export interface Turn {
  id: string;
  message: Message;
  /** Earlier turns of this conversation, oldest first. */
  history: readonly PastTurn[];
  tools: readonly Tool[];
  context: ToolContext;
  /** Called once per finished tool call, in order; the router keeps it with the turn. Must not throw. */
  record(call: RecordedCall): void;
}

export interface PastTurn {
  question: string;
  answer: string;
  calls: readonly ToolCall[];
}

export interface RecordedCall {
  call: ToolCall;
  /** Milliseconds. */
  durationMs: number;
  outcome: { finding: Finding } | { error: string };
}

/** Same promises as `Handler`: text only grows, exactly one final reply. May throw ModelUnavailable where nothing was found. */
export interface Agent {
  readonly kind: "model" | "deterministic";
  answer(turn: Turn, signal: AbortSignal): AsyncIterable<Reply>;
}
