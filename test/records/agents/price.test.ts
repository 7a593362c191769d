import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../src/records/agents/index.ts";
import { costNano, priceOf } from "../../../src/records/agents/price.ts";
import { PRICES, PRICES_AS_OF } from "../../../src/records/agents/prices.ts";

function cost(change: Partial<AgentEvent>): number | undefined {
  const nano = costNano({ id: "1", at: new Date("2026-11-20T00:00:00Z"), type: "response", ...change });
  return nano === undefined ? undefined : nano / 1e9;
}

describe("the cost of an event", () => {
  it("is its tokens at the list price, those from a cache at theirs", () => {
    const model = "claude-opus-5";
    expect(cost({ model, inputTokens: 1_000_000, outputTokens: 0 })).toBe(5);
    expect(cost({ model, inputTokens: 0, outputTokens: 1_000_000 })).toBe(25);
    expect(cost({ model, inputTokens: 1_000_000, cacheReadTokens: 400_000, cacheWriteTokens: 100_000, outputTokens: 0 })).toBe(
      2.5 + 0.2 + 0.625,
    );
  });

  it("is what the sender said, when it said one", () => {
    expect(cost({ model: "claude-opus-5", inputTokens: 1, outputTokens: 1, cost: 0.125 })).toBe(0.125);
    expect(cost({ cost: 0 })).toBe(0);
  });

  it("is missing for a model without a price and for tokens that are not split", () => {
    expect(cost({ model: "made-up-1", inputTokens: 1, outputTokens: 1 })).toBeUndefined();
    expect(cost({ model: "claude-sonnet", inputTokens: 1, outputTokens: 1 })).toBeUndefined();
    expect(cost({ model: "claude-opus-5", tokens: 100 })).toBeUndefined();
    expect(cost({ model: "claude-opus-5", inputTokens: 100 })).toBeUndefined();
    expect(cost({ inputTokens: 1, outputTokens: 1 })).toBeUndefined();
  });

  it("is higher for a long request where the vendor charges it so", () => {
    const model = "claude-haiku-5-5";
    expect(cost({ model, inputTokens: 100_000, outputTokens: 0 })).toBeCloseTo(0.01, 9);
    expect(cost({ model, inputTokens: 100_001, outputTokens: 0 })).toBeCloseTo(0.0500005, 9);
  });
});

describe("prices", () => {
  it("are found for dated ids and for ids as clouds write them, and never for another model", () => {
    const named = (id: string) => priceOf(id, PRICES_AS_OF)?.model;
    expect(named("claude-haiku-4-5-20251001")).toBe("claude-haiku-4-5");
    expect(named("us.anthropic.claude-haiku-4-5-20251001-v1:0")).toBe("claude-haiku-4-5");
    expect(named("anthropic/claude-opus-4-8")).toBe("claude-opus-4-8");
    expect(named("Claude-Opus-5-5")).toBe("claude-opus-5-5");
    expect(named("claude-opus-5-6")).toBeUndefined();
    expect(named("claude-opus-5-5-mini")).toBeUndefined();
    expect(named("gpt-5")).toBeUndefined();
  });

  it("are those of the event's day", () => {
    expect(priceOf("claude-sonnet-5-5", "2026-10-06")?.cacheRead).toBe(0.2);
    expect(priceOf("claude-sonnet-5-5", "2026-10-07")?.cacheRead).toBe(0.1);
  });

  it("are positive, and those of one model are in order of time", () => {
    for (const price of PRICES)
      expect(Math.min(price.input, price.output, price.cacheRead, price.cacheWrite), price.model).toBeGreaterThan(0);
    for (const [model, some] of Map.groupBy(PRICES, (price) => price.model)) {
      const since = some.map((price) => price.since ?? "");
      expect(since, model).toEqual([...new Set(since)].sort());
    }
  });
});
