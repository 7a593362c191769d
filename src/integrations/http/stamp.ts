import type { Receipt } from "../../core/fact.ts";
import type { Cached } from "./cache.ts";

/** The fields of a receipt over several answers: the oldest time, the weakest status, every reason once. At least one part. */
export function stampOf(
  ...parts: readonly [Cached<unknown>, ...Cached<unknown>[]]
): Pick<Receipt, "fetchedAt" | "status" | "notes" | "outage"> {
  const fetchedAt = parts.map((p) => p.fetchedAt).reduce((a, b) => (b < a ? b : a));
  const status = (["demo", "stale"] as const).find((weak) => parts.some((p) => p.status === weak)) ?? "live";
  const notes = [...new Set(parts.flatMap((p) => (p.reason ? [p.reason] : [])))];
  return { fetchedAt, status, ...(notes.length > 0 ? { notes, outage: notes.join("; ") } : {}) };
}
