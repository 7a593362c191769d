import type { Receipt } from "../core/fact.ts";
import type { Reply } from "../core/reply.ts";

const DEMO = "Demo data: a simulated company.";
const STALE = "Some figures are stale: their source could not be reached.";
const NAMED = 3;

/** Which sources are old, how old, and why. */
function staleWords(receipts: readonly Receipt[]): string[] {
  const named = new Map(receipts.flatMap(({ source, outage }) => (outage ? [[source, `${source} ${outage}`] as const] : [])));
  if (named.size === 0) return receipts.some((r) => r.status === "stale") ? [STALE] : [];
  const more = named.size > NAMED ? `; and ${named.size - NAMED} more` : "";
  return [`Stale: ${[...named.values()].slice(0, NAMED).join("; ")}${more}.`];
}

/** Says at the answer itself, whatever the channel, that its figures are invented or old; the receipts say which. */
export function label(reply: Reply): Reply {
  const receipts = reply.receipts ?? [];
  const words = [
    ...(receipts.some((r) => r.status === "demo") ? [DEMO] : []),
    ...staleWords(receipts),
    ...(reply.notice ? [reply.notice] : []),
  ];
  return words.length === 0 ? reply : { ...reply, notice: words.join(" ") };
}
