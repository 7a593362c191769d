import type { Db, PgBoss } from "pg-boss";
import type { Jobs } from "../core/jobs.ts";
import { once } from "../core/once.ts";
import { ConfigError } from "../errors.ts";
import type { Database } from "./database.ts";
import type { JobsOptions } from "./jobs.ts";

const SCHEMA = "firstmate_jobs";
const DAY_S = 86_400;
/** A job says nothing that its row does not say: it is kept only as long as somebody may look at what failed. */
const KEPT_S = { waiting: DAY_S, ended: DAY_S };
const RETRIES = 2;
/** PostgreSQL's “may not”. */
const NOT_ALLOWED = "42501";

/**
 * Rows as jobs of pg-boss, on the connections of the database and in a schema of their own. A row waits once, however many replicas put it
 * up; while one works on it the ledger alone decides whether it is put up again. A job whose process died comes back after the lease, and
 * one that fails again and again ends among the dead, which is told to `onFault`.
 */
export function bossJobs(database: Database, { queue, leaseMs, onFault }: JobsOptions): Jobs {
  const dead = `${queue}_dead`;
  let running: PgBoss | undefined;
  const open = once(async () => {
    const boss = await startBoss(database, onFault);
    running = boss;
    const lease = Math.max(1, Math.ceil(leaseMs / 1000));
    const terms = { expireInSeconds: lease, retryLimit: RETRIES, retryDelay: lease, deadLetter: dead, ...retention() };
    await boss.createQueue(dead, retention());
    await boss.createQueue(queue, { policy: "short", ...terms });
    // A queue that an earlier version made keeps its terms.
    await boss.updateQueue(queue, terms);
    return boss;
  });

  async function tellDead(boss: PgBoss): Promise<void> {
    for (const { id, data } of await boss.fetch<{ row: string }>(dead, { batchSize: 100 })) {
      onFault(new Error(`A job of the queue ${queue} failed ${RETRIES + 1} times: ${data.row}`));
      await boss.complete(dead, id);
    }
  }

  return {
    async offer(rows) {
      if (rows.length === 0) return;
      const boss = await open();
      await boss.insert(
        queue,
        rows.map((row, i) => ({ data: { row }, singletonKey: row, priority: -i })),
      );
    },
    async drain(work, signal) {
      const boss = await open();
      while (!signal.aborted) {
        const [job] = await boss.fetch<{ row: string }>(queue);
        if (!job) return tellDead(boss);
        try {
          await work(job.data.row);
        } catch (error) {
          onFault(error);
          await boss.fail(queue, job);
          continue;
        }
        await boss.complete(queue, job);
      }
    },
    async stop() {
      await running?.stop({ close: false });
    },
  };
}

function retention() {
  return { retentionSeconds: KEPT_S.waiting, deleteAfterSeconds: KEPT_S.ended };
}

/** Throws ConfigError when the user of the database may not keep jobs there. */
async function startBoss(database: Database, onFault: (error: unknown) => void): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  const db = databaseOf(database);
  // Who may not make schemas may have been given one.
  const { rows } = await db.executeSql("select 1 from pg_namespace where nspname = $1", [SCHEMA]);
  // No clock of its own: when a row is due, the ledger says. Nor does any job wait for another.
  const boss = new PgBoss({ db, schema: SCHEMA, createSchema: rows.length === 0, schedule: false, flowIntervalSeconds: DAY_S });
  boss.on("error", onFault);
  try {
    return await boss.start();
  } catch (error) {
    await boss.stop({ close: false }).catch(onFault);
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error;
    throw new ConfigError([
      `DATABASE_URL: its user may not keep the jobs of digests. Run as an administrator of the database: create schema if not exists ${SCHEMA}; grant usage, create on schema ${SCHEMA} to that user.`,
    ]);
  }
}

function databaseOf({ run }: Database): Db {
  if (!run) throw new Error("pg-boss needs PostgreSQL");
  return { executeSql: run };
}
