import { formatMoney, formatNumber } from "./format.ts";
import type { Usage } from "./reply.ts";

/** "claude-sonnet-5-5: 2 calls, 2,050 tokens in (800 of them cached), 70 out, about $0.0042 at list price". */
export function usageWords({ model, modelCalls, inputTokens, cachedTokens, outputTokens, costUsd }: Usage): string {
  const calls = modelCalls === 1 ? "1 call" : `${formatNumber(modelCalls)} calls`;
  const cached = cachedTokens > 0 ? ` (${formatNumber(cachedTokens)} of them cached)` : "";
  const cost = costUsd === undefined ? "" : `, about ${formatMoney(costUsd, "USD")} at list price`;
  return `${model}: ${calls}, ${formatNumber(inputTokens + cachedTokens)} tokens in${cached}, ${formatNumber(outputTokens)} out${cost}`;
}
