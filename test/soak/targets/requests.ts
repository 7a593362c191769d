import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchedPerSecond, type Loads, measureLoads, READ_RATE, WRITE_RATE } from "../../../bench/ingest.ts";
import type { Outcome, Scale, Target } from "../target.ts";

const GOOD = { writeP99Ms: 100, readP99Ms: 50, batchedPerSecond: 10_000 };

export const requestTarget: Target = {
  id: "L2",
  test: `events of agents, each answered once it is on disk: ${WRITE_RATE} requests a second offered, and a hundred a request as fast as it goes; ${READ_RATE} reads of 30 days a second offered`,
  good: `p99 ≤ ${GOOD.writeP99Ms} ms, batches ≥ ${GOOD.batchedPerSecond} events a second; reads p99 ≤ ${GOOD.readP99Ms} ms`,
  run: (scale) => measured(scale, "ours"),
  control: { what: "one commit per row", run: (scale) => measured(scale, "peer") },
};

async function measured({ slower }: Scale, who: "ours" | "peer"): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "firstmate-soak-"));
  try {
    const loads = await measureLoads(folder, 1);
    const [write, perSecond] = [first(loads.rated[who]).p99, batchedPerSecond(first(loads.batches[who]))];
    const reads = who === "ours" ? first(loads.ratedReads).p99 : undefined;
    return {
      figure: `p99 ${Math.round(write)} ms, batches ${Math.round(perSecond)} a second${reads === undefined ? "" : `; reads p99 ${Math.round(reads)} ms`}`,
      good: write <= GOOD.writeP99Ms * slower && perSecond >= GOOD.batchedPerSecond / slower && (reads ?? 0) <= GOOD.readP99Ms * slower,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function first(seen: Loads["reads"]): Loads["reads"][number] {
  const [one] = seen;
  if (!one) throw new Error("nothing was measured");
  return one;
}
