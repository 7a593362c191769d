import type { Jobs } from "../core/jobs.ts";
import type { Database } from "./database.ts";

export interface JobsOptions {
  /** What the queue is called in the database: letters and underscores. */
  queue: string;
  /** Who works on a row for so long is dead, in milliseconds: the lease of the ledger. */
  leaseMs: number;
  onFault(error: unknown): void;
}

/** One process has its rows to itself; the replicas of a PostgreSQL share them through pg-boss, which is loaded with the first row or drain. */
export function openJobs(database: Database, options: JobsOptions): Jobs {
  if (database.dialect === "sqlite") return inProcess(options);
  let opened: Promise<Jobs> | undefined;
  const jobs = () => {
    opened ??= import("./boss.ts").then(({ bossJobs }) => bossJobs(database, options));
    return opened;
  };
  return {
    offer: async (rows) => (await jobs()).offer(rows),
    drain: async (work, signal) => (await jobs()).drain(work, signal),
    stop: async () => (await opened)?.stop(),
  };
}

function inProcess({ onFault }: JobsOptions): Jobs {
  const waiting = new Set<string>();
  return {
    async offer(rows) {
      for (const row of rows) waiting.add(row);
    },
    async drain(work, signal) {
      for (const row of waiting) {
        if (signal.aborted) return;
        waiting.delete(row);
        await work(row).catch(onFault);
      }
    },
    async stop() {
      waiting.clear();
    },
  };
}
