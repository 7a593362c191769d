/**
 * List prices of models, in US dollars per million tokens. Discounts, batches and credits are not in them, so a cost made of them is an estimate.
 * Source: Anthropic's published prices, https://platform.claude.com/docs/en/about-claude/pricing, as of the day below.
 * A model that is not here has no cost. To correct or add one, change this table and its day.
 */
export const PRICES_AS_OF = "2026-11-20";
export const PRICES_SOURCE = "https://platform.claude.com/docs/en/about-claude/pricing";

export interface Price {
  /** The model's id without a date: "claude-haiku-4-5" also prices "claude-haiku-4-5-20251001". */
  model: string;
  /** First day this price holds; absent: from the model's beginning. */
  since?: string;
  input: number;
  output: number;
  cacheRead: number;
  /** For five minutes. */
  cacheWrite: number;
  /** A request whose input has more tokens is charged so many times all of these. */
  long?: { above: number; times: number };
}

export const PRICES: readonly Price[] = [
  { model: "claude-fable-5-1", input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
  { model: "claude-fable-5", input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  { model: "claude-mythos-5-1", input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
  { model: "claude-mythos-5", input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  { model: "claude-opus-5-5", input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  { model: "claude-opus-5", input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { model: "claude-opus-4-8", input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { model: "claude-opus-4-7", input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { model: "claude-opus-4-6", input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { model: "claude-opus-4-5", input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { model: "claude-opus-4-1", input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
  { model: "claude-sonnet-5-5", input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  { model: "claude-sonnet-5-5", since: "2026-10-07", input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  { model: "claude-sonnet-5", input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  { model: "claude-sonnet-4-6", input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  { model: "claude-sonnet-4-5", input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  { model: "claude-haiku-5-5", input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125, long: { above: 100_000, times: 5 } },
  { model: "claude-haiku-4-5", input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
];
