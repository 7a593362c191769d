import { fromInstant } from "../../core/civil-date.ts";
import type { AgentEvent } from "./event.ts";
import { PRICES, type Price } from "./prices.ts";

/**
 * The cost of an event in whole billionths of a US dollar: what the sender said, else tokens × list price of its day.
 * undefined when the model is not in the table or the tokens that went in and came out are not both known: a guess would look like a figure.
 */
export function costNano(event: AgentEvent): number | undefined {
  if (event.cost !== undefined) return Math.round(event.cost * 1e9);
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = event;
  const price = event.model === undefined ? undefined : priceOf(event.model, fromInstant(event.at));
  if (!price || inputTokens === undefined || outputTokens === undefined) return undefined;
  const plain = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
  const dollarsPerMillion =
    plain * price.input + cacheReadTokens * price.cacheRead + cacheWriteTokens * price.cacheWrite + outputTokens * price.output;
  const times = price.long && inputTokens > price.long.above ? price.long.times : 1;
  return Math.round(dollarsPerMillion * times * 1000);
}

/** List price of one request in US dollars. `inputTokens` holds those read from and written to a cache. undefined for a model without a price. */
export function listPriceUsd(
  model: string,
  day: string,
  tokens: { inputTokens: number; outputTokens: number; cacheReadTokens: number; cacheWriteTokens: number },
): number | undefined {
  const nano = costNano({ id: "", at: new Date(`${day}T00:00:00Z`), type: "response", model, ...tokens });
  return nano === undefined ? undefined : nano / 1e9;
}

/** The newest price that holds on the day. Clouds put regions and vendors before the model's id, and dates and versions after it. */
export function priceOf(model: string, day: string): Price | undefined {
  const id = model.toLowerCase().replace(/^(?:.*[./])?(?=claude-)/, "");
  const named = PRICES.filter((price) => id === price.model || suffixOf(id, price.model));
  return named.findLast((price) => price.since === undefined || price.since <= day);
}

function suffixOf(id: string, name: string): boolean {
  return id.startsWith(name) && /^[-@](?:\d{8}|latest)(?:-v\d+(?::\d+)?)?$/.test(id.slice(name.length));
}
