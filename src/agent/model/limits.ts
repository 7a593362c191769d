import { formatMoney } from "../../core/format.ts";

/** What one answer may cost at most. Every limit ends in a final reply, never in an exception. */
export interface ModelLimits {
  /** Calls to the model per turn; the last one may not ask for tools, so that it answers. */
  modelCalls: number;
  /** Tool calls per turn; what a message asks beyond it is dropped. */
  toolCalls: number;
  /** Tools that run at the same time. */
  parallelTools: number;
  /** The same call with the same arguments is refused the n-th time in a row. */
  sameCalls: number;
  /** Tokens the model may write per call. */
  outputTokens: number;
  /** Tokens in and out per turn, cached ones included. */
  turnTokens: number;
  /** List price per turn, in US dollars; holds only for models whose price is known. */
  turnUsd: number;
  /** Milliseconds per turn. */
  turnMs: number;
  /** Further attempts of one model call after 408, 409, 429, 5xx or a lost connection. The only layer that retries. */
  retries: number;
  /** Milliseconds. A service that asks us to wait longer counts as unavailable. */
  retryWaitMs: number;
  /** Characters of one tool result shown to the model. */
  resultCharacters: number;
  /** Characters of one call's arguments, as JSON. */
  argumentCharacters: number;
  /** Characters of earlier turns shown to the model. */
  historyCharacters: number;
  /** Characters of the question shown to the model. */
  questionCharacters: number;
}

export const DEFAULT_LIMITS: ModelLimits = {
  modelCalls: 8,
  toolCalls: 16,
  parallelTools: 4,
  sameCalls: 3,
  outputTokens: 4_096,
  turnTokens: 200_000,
  turnUsd: Number.POSITIVE_INFINITY,
  turnMs: 60_000,
  retries: 2,
  retryWaitMs: 10_000,
  resultCharacters: 12_000,
  argumentCharacters: 10_000,
  historyCharacters: 24_000,
  questionCharacters: 20_000,
};

/** The limits a person can meet. */
export type MetLimit = "modelCalls" | "toolCalls" | "outputTokens" | "turnTokens" | "turnUsd" | "turnMs";

/** "the limit of 8 model calls for one question". */
export function describeLimit(met: MetLimit, limits: ModelLimits): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const words: Record<MetLimit, string> = {
    modelCalls: `${count(limits.modelCalls)} model calls for one question`,
    toolCalls: `${count(limits.toolCalls)} tool calls for one question`,
    outputTokens: `${count(limits.outputTokens)} tokens for one text`,
    turnTokens: `${count(limits.turnTokens)} tokens for one question`,
    turnUsd: `${formatMoney(limits.turnUsd, "USD")} for one question`,
    turnMs: `${count(limits.turnMs / 1000)} seconds for one question`,
  };
  return `the limit of ${words[met]}`;
}

/** `text` within `limit` characters; what is missing is said by `note`. */
export function cut(text: string, limit: number, note: (missing: number) => string): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).toWellFormed()}${note(text.length - limit)}`;
}
