import type { Reply } from "../core/reply.ts";

const DEMO = "Demo data: a simulated company.";
const STALE = "Some figures are stale: their source could not be reached.";

/** Says at the answer itself, whatever the channel, that its figures are invented or old; the receipts say which. */
export function label(reply: Reply): Reply {
  const receipts = reply.receipts ?? [];
  const words = [
    ...(receipts.some((r) => r.status === "demo") ? [DEMO] : []),
    ...(receipts.some((r) => r.status === "stale") ? [STALE] : []),
    ...(reply.notice ? [reply.notice] : []),
  ];
  return words.length === 0 ? reply : { ...reply, notice: words.join(" ") };
}
