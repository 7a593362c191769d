import { type Kysely, sql, type Transaction } from "kysely";
import { createGroupCommit } from "./group-commit.ts";
import type { Schema } from "./schema.ts";

/** One unit of writing. May run twice when the commit it was in failed, so it must do nothing outside the transaction. */
type Work<T> = (trx: Transaction<Schema>) => Promise<T>;

type Outcome = { value: unknown } | { error: unknown };

/** Runs units of writing, each whole or not at all, and resolves once it is durable. */
export type Together = <T>(work: Work<T>) => Promise<T>;

const MOST_AT_ONCE = 200;

/**
 * Transactions that come at once share one commit: a disk that takes milliseconds to make sure would otherwise take them for each.
 * A unit that throws is undone alone.
 */
export function createTogether(kysely: Kysely<Schema>): Together {
  const queue = createGroupCommit<Work<unknown>, Outcome>({
    mostWaiting: Number.POSITIVE_INFINITY,
    mostAtOnce: MOST_AT_ONCE,
    store: (groups) =>
      kysely.transaction().execute(async (trx) => {
        const outcomes: Outcome[] = [];
        for (const work of groups.flat()) outcomes.push(await apart(trx, work));
        return outcomes;
      }),
  });
  return async <T>(work: Work<T>) => {
    const outcome = await queue.add([work]);
    if ("error" in outcome) throw outcome.error;
    return outcome.value as T;
  };
}

async function apart(trx: Transaction<Schema>, work: Work<unknown>): Promise<Outcome> {
  await sql`savepoint apart`.execute(trx);
  try {
    const value = await work(trx);
    await sql`release savepoint apart`.execute(trx);
    return { value };
  } catch (error) {
    await sql`rollback to savepoint apart`.execute(trx);
    await sql`release savepoint apart`.execute(trx);
    return { error };
  }
}
