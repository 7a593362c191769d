import { setTimeout as wait } from "node:timers/promises";
import { percentile } from "../../bench/statistics.ts";

/** Asks a server whether it lives, over and over: what it takes to answer is what its event loop makes everyone wait. Milliseconds. */
export function watchLoop(url: string): { stop(): Promise<{ p99: number; longest: number; missed: number }> } {
  const each: number[] = [];
  let missed = 0;
  let over = false;
  const asking = (async () => {
    while (!over) {
      const began = performance.now();
      const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      if (answer?.ok) each.push(performance.now() - began);
      else missed += 1;
      await wait(20);
    }
  })();
  return {
    async stop() {
      over = true;
      await asking;
      return { p99: percentile(each, 0.99), longest: Math.max(0, ...each), missed };
    },
  };
}

/** Runs `work` for each, so many at once. */
export async function inLanes<T>(items: Iterable<T>, lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const next = items[Symbol.iterator]();
  const lane = async () => {
    for (let step = next.next(); !step.done; step = next.next()) await work(step.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
