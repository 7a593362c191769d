import type { Usage } from "../../core/reply.ts";

/** One sight of token counts in a stream. `input` includes what was read from or written to the cache. */
export interface Sight {
  input: number;
  output: number;
  cacheRead: number;
}

/** Adds up what the wire reports, call by call. */
export interface Meter {
  readonly calls: number;
  /** Tokens of the latest call, in and out. */
  readonly latest: number;
  /** Tokens of all calls, in and out, cached ones included. */
  readonly total: number;
  begin(): void;
  /** `output` replaces the call's earlier count: the wire counts up within one message, it does not send differences. */
  see(sight: Sight, model?: string): void;
  /** `inputTokens` are those the vendor read afresh; those it took from its cache are `cachedTokens`. */
  usage(): Usage;
}

export function createMeter(configuredModel: string): Meter {
  let model = configuredModel;
  let calls = 0;
  const past: Sight = { input: 0, output: 0, cacheRead: 0 };
  let now: Sight = { input: 0, output: 0, cacheRead: 0 };

  return {
    get calls() {
      return calls;
    },
    get latest() {
      return now.input + now.output;
    },
    get total() {
      return past.input + past.output + now.input + now.output;
    },
    begin() {
      past.input += now.input;
      past.output += now.output;
      past.cacheRead += now.cacheRead;
      now = { input: 0, output: 0, cacheRead: 0 };
      calls += 1;
    },
    see(sight, name) {
      now = { input: now.input + sight.input, output: sight.output, cacheRead: now.cacheRead + sight.cacheRead };
      if (name) model = name;
    },
    usage() {
      const cachedTokens = past.cacheRead + now.cacheRead;
      return {
        model,
        inputTokens: past.input + now.input - cachedTokens,
        outputTokens: past.output + now.output,
        cachedTokens,
        modelCalls: calls,
      };
    },
  };
}
