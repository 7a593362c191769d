import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";

/** Anthropic's error body. */
export function refusal(status: number, type: string, message: string): SimulatedResponse {
  return { status, body: { type: "error", error: { type, message }, request_id: "req_demo" } };
}

export function invalid(message: string): SimulatedResponse {
  return refusal(400, "invalid_request_error", message);
}

/** A number of the query within its bounds; a refusal when it is not. */
export function limitOf({ query }: SimulatedRequest, usual: number, most: number): number | SimulatedResponse {
  const given = query.get("limit");
  const limit = given === null ? usual : Number(given);
  return Number.isInteger(limit) && limit >= 1 && limit <= most ? limit : invalid(`limit: must be between 1 and ${most}`);
}

/** Items from where the page token says, and the token of the next page. */
export function pageOf<T>(items: readonly T[], { query }: SimulatedRequest, limit: number) {
  const token = query.get("page");
  const start = token === null ? 0 : Number(/^page_(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1] ?? Number.NaN);
  if (!Number.isInteger(start)) return undefined;
  const end = start + limit;
  const has_more = end < items.length;
  return { data: items.slice(start, end), has_more, next_page: has_more ? Buffer.from(`page_${end}`).toString("base64url") : null };
}

/** USD as a decimal string of cents, as exact as the report is. */
export function cents(usd: number): string {
  return (usd * 100).toFixed(6).replace(/\.?0+$/, "");
}
