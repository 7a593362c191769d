import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureIngest } from "../../../bench/ingest.ts";
import type { Outcome, Scale, Target } from "../target.ts";

const GOOD = { singleRatio: 1 / 3, batchRatio: 1 / 14, readP99Ms: 50, readsPerS: 5_000 };

export const requestTarget: Target = {
  id: "L2",
  test: "events of agents over 64 connections, one and a hundred a request, each answered once it is on disk; reads of 30 days",
  good: `≥ ${Math.round(1 / GOOD.singleRatio)} × as fast as a commit for each row, batches ≥ ${Math.round(1 / GOOD.batchRatio)} ×; reads p99 ≤ ${GOOD.readP99Ms} ms at ≥ ${GOOD.readsPerS} per s`,
  run: (scale) => measured(scale, (row) => row.ours.median),
  control: { what: "one commit per row", run: (scale) => measured(scale, (row) => row.peer?.median ?? row.ours.median) },
};

type Measured = Awaited<ReturnType<typeof measureIngest>>[number];

async function measured({ slower }: Scale, of: (row: Measured) => number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "firstmate-soak-"));
  try {
    const [single, , batch, reads, slowest] = await measureIngest(folder, 1);
    if (!single?.peer || !batch?.peer || !reads || !slowest) throw new Error("the bench measures something else now");
    const [singleRatio, batchRatio] = [of(single) / single.peer.median, of(batch) / single.peer.median];
    const readsPerS = 1_000_000 / reads.ours.median;
    return {
      figure: `${(1 / singleRatio).toFixed(1)} ×, batches ${(1 / batchRatio).toFixed(1)} ×; reads p99 ${Math.round(slowest.ours.median)} ms at ${Math.round(readsPerS)} per s`,
      good:
        singleRatio <= GOOD.singleRatio &&
        batchRatio <= GOOD.batchRatio &&
        slowest.ours.median <= GOOD.readP99Ms * slower &&
        readsPerS >= GOOD.readsPerS / slower,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
