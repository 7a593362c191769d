import type { Usage } from "../../core/reply.ts";
import { listPriceUsd } from "../../records/agents/price.ts";

/** One sight of token counts in a stream. `input` includes what was read from or written to the cache. */
export interface Sight {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite?: number;
}

/** Adds up what the wire reports, call by call. */
export interface Meter {
  readonly calls: number;
  /** Tokens of the latest call, in and out. */
  readonly latest: number;
  /** Tokens of all calls, in and out, cached ones included. */
  readonly total: number;
  /** List price of all calls in US dollars; undefined where the model's price is not known. */
  readonly costUsd: number | undefined;
  begin(): void;
  /** `output` replaces the call's earlier count: the wire counts up within one message, it does not send differences. */
  see(sight: Sight, model?: string): void;
  /** `inputTokens` are those the vendor read afresh; those it took from its cache are `cachedTokens`. */
  usage(): Usage;
}

/** `day` decides which price holds, "YYYY-MM-DD" in UTC. */
export function createMeter(configuredModel: string, day: string): Meter {
  let model = configuredModel;
  /** Of the calls that ended; undefined from the first without a price on. */
  let paid: number | undefined = 0;
  let calls = 0;
  const past = { input: 0, output: 0, cacheRead: 0 };
  let now: Required<Sight> = NOTHING;
  // Call by call: a long prompt has another price.
  const costUsd = () => plus(paid, isNothing(now) ? 0 : listPrice(model, day, now));

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
    get costUsd() {
      return costUsd();
    },
    begin() {
      paid = costUsd();
      past.input += now.input;
      past.output += now.output;
      past.cacheRead += now.cacheRead;
      now = NOTHING;
      calls += 1;
    },
    see(sight, name) {
      now = {
        input: now.input + sight.input,
        output: sight.output,
        cacheRead: now.cacheRead + sight.cacheRead,
        cacheWrite: now.cacheWrite + (sight.cacheWrite ?? 0),
      };
      if (name) model = name;
    },
    usage() {
      const cachedTokens = past.cacheRead + now.cacheRead;
      // A service that counts nothing was not free.
      const isCounted = past.input + now.input > 0;
      const cost = isCounted ? costUsd() : undefined;
      return {
        model,
        inputTokens: past.input + now.input - cachedTokens,
        outputTokens: past.output + now.output,
        cachedTokens,
        modelCalls: calls,
        ...(cost === undefined ? {} : { costUsd: cost }),
      };
    },
  };
}

const NOTHING: Required<Sight> = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function isNothing({ input, output }: Sight): boolean {
  return input === 0 && output === 0;
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function listPrice(model: string, day: string, { input, output, cacheRead, cacheWrite }: Required<Sight>): number | undefined {
  return listPriceUsd(model, day, { inputTokens: input, outputTokens: output, cacheReadTokens: cacheRead, cacheWriteTokens: cacheWrite });
}
