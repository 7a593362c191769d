import { z } from "zod";
import { type Cursor, readCursor } from "./cursor.ts";
import { count, instant, line, projectId, prose } from "./fields.ts";
import type { Asker, Records } from "./record-store.ts";
import { defineResource, type StoredRecord } from "./resource.ts";

/** Work handed to an agent. The rows are the queue: it survives restarts, and so does the lease of who works. */
export const executions = defineResource({
  name: "executions",
  singular: "execution",
  fields: z.strictObject({
    agent: line(200).describe("Who is to do it."),
    task: prose(20_000).min(1, "must not be empty"),
    input: z.unknown().optional(),
    status: z
      .enum(["queued", "running", "completed", "failed"])
      .optional()
      .describe("queued → running → completed or failed; back to queued when it is given back or its lease ran out."),
    result: z.unknown().optional().describe("Of a completed one."),
    error: prose(20_000).optional().describe("Why it failed."),
    startedAt: instant.optional().describe("Filled when it begins to run."),
    finishedAt: instant.optional().describe("Filled when it ends."),
    leaseUntil: instant
      .optional()
      .describe("Filled when it is taken: unless its worker is heard of before, somebody else may take it then."),
    attempts: count.optional().describe("Filled: how often it began to run."),
    projectId: projectId.optional(),
  }),
  derived: z.object({ durationMs: z.number().nullable() }),
  lifecycle: {
    initial: "queued",
    next: { queued: ["running"], running: ["completed", "failed", "queued"], completed: [], failed: [] },
  },
  settle(data, before, now) {
    if (data.status === before?.status) return data;
    if (data.status === "running") return { startedAt: now.toISOString(), ...data, attempts: (before?.attempts ?? 0) + 1 };
    const { leaseUntil: _, startedAt, ...rest } = data;
    if (data.status === "queued") return rest;
    return { finishedAt: now.toISOString(), ...rest, ...(startedAt ? { startedAt } : {}) };
  },
  derive: ({ startedAt, finishedAt }) => ({ durationMs: startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null }),
});

/** Seconds. */
export const LEASE = { least: 5, usual: 600, most: 86_400 } as const;
const MOST_ATTEMPTS = 3;
const PAGE = 200;
const HOUSE: Asker = { id: "firstmate", sight: "all" };

export function leaseFrom(now: Date, seconds: number = LEASE.usual): { leaseUntil: string } {
  return { leaseUntil: new Date(now.getTime() + seconds * 1000).toISOString() };
}

/**
 * Executions whose lease has run out are queued again, and have failed when that was their third attempt. Safe to run in many processes
 * at once: a worker that is heard of meanwhile keeps its work. One that began without a lease runs until somebody says how it ended.
 */
export async function returnLost(records: Pick<Records, "list" | "change">, now: Date): Promise<void> {
  let after: Cursor | undefined;
  do {
    const { records: page, next } = await records.list(executions, { limit: PAGE, status: "running", after }, HOUSE.sight);
    for (const record of page) if (isLost(record, now)) await giveBack(records, record);
    after = next === undefined ? undefined : readCursor(next);
  } while (after);
}

function isLost({ data }: StoredRecord, now: Date): boolean {
  return typeof data.leaseUntil === "string" && data.leaseUntil <= now.toISOString();
}

async function giveBack(records: Pick<Records, "change">, { id, version, data }: StoredRecord): Promise<void> {
  const isOver = Number(data.attempts ?? 1) >= MOST_ATTEMPTS;
  const ended = isOver
    ? {
        status: "failed",
        error: `Nobody who began it was heard of again, ${MOST_ATTEMPTS} times. Look at its worker, then create it anew.`,
      }
    : { status: "queued" };
  await records.change(executions, id, { action: "give back", version, apply: (fields) => ({ ...fields, ...ended }) }, HOUSE);
}
