import type { DigestRuns } from "../records/digest-runs.ts";
import type { CatchUp, Subscription } from "../records/digest-subscriptions.ts";
import { type Slot, slotsBetween } from "./schedule/slots.ts";

/** A slot made within this time of its own is on time, in milliseconds. */
export const ON_TIME_MS = 5 * 60_000;

/** How late a slot may still be sent, by policy. */
const GRACE_MS: Readonly<Record<CatchUp, number>> = { late: 24 * 3_600_000, latest: 6 * 3_600_000, skip: ON_TIME_MS };
/** Older slots are not even told of. */
const MEMORY_MS = 31 * 24 * 3_600_000;

export interface PlannedSlot extends Slot {
  state: "due" | "missed";
}

/**
 * What becomes of the slots since the last known one: with `late` each of the last 24 hours is due; with `latest` the newest, within six
 * hours; with `skip` only what is on time. The others are missed. A clock that was set back gives none twice.
 */
function judgeSlots(slots: readonly Slot[], policy: CatchUp, now: Date): PlannedSlot[] {
  return slots.map((slot, i) => {
    const inTime = now.getTime() - slot.dueAt.getTime() <= GRACE_MS[policy];
    const due = inTime && (policy === "late" || i === slots.length - 1);
    return { ...slot, state: due ? "due" : "missed" };
  });
}

/** Writes down the slots of a subscription that have come since the last look. */
export async function planSubscription(subscription: Subscription, runs: DigestRuns, now: Date): Promise<PlannedSlot[]> {
  if (subscription.paused) return [];
  const newest = await runs.newest(subscription.id);
  const from = new Date(Math.max(subscription.since.getTime(), newest?.getTime() ?? 0, now.getTime() - MEMORY_MS));
  const planned = judgeSlots(slotsBetween(subscription, from, now), subscription.catchUp, now);
  await runs.plan(
    subscription.id,
    planned.map(({ name, dueAt, state }) => ({ slot: name, dueAt, state })),
  );
  return planned;
}
