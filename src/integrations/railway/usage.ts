import { addDays, addUnits, endOf, fromInstant, startOf } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import { clip } from "../../core/period.ts";
import type { Cached } from "../http.ts";
import type { RailwayClient } from "./client.ts";
import type { Estate } from "./projects.ts";
import { usageDocument } from "./queries.ts";
import { type UsageNode, usageAnswer } from "./schema.ts";

export interface UsageDay {
  day: CivilDate;
  used: readonly UsageNode[];
}

/** The days of the period, of all workspaces. Throws VendorError. */
export type Usage = (estate: Estate, period: Period, signal: AbortSignal) => Promise<readonly Cached<readonly UsageDay[]>[]>;

/** What Railway bills by. Values are in minutes of a processor or of a gigabyte, but gigabytes for the network. */
export const MEASUREMENTS = ["CPU_USAGE", "MEMORY_USAGE_GB", "NETWORK_TX_GB", "DISK_USAGE_GB"] as const;

const GROUP_BY = ["PROJECT_ID", "SERVICE_ID", "ENVIRONMENT_ID"];
/** So many days in one request. */
const AT_ONCE = 16;
const MONTHS_BACK = 13;
const FRESH_MS = 5 * 60_000;
const SETTLED_MS = 6 * 3_600_000;
const SETTLING_DAYS = 2;

/** The days that are read. */
export function reachOf(today: CivilDate): Period {
  return { from: startOf("month", addUnits("month", today, -MONTHS_BACK)), to: today };
}

export function createUsage(client: RailwayClient): Usage {
  async function load({ workspaces }: Estate, month: Period, signal: AbortSignal): Promise<UsageDay[]> {
    const days = daysOf(month).map((day) => ({ day, end: endOfDay(day, client.now()) }));
    const read: UsageDay[] = [];
    for (let start = 0; start < days.length; start += AT_ONCE) {
      const batch = days.slice(start, start + AT_ONCE);
      const document = usageDocument(batch);
      for (const { id: workspaceId } of workspaces) {
        const answer = await client.query(document, { workspaceId, measurements: MEASUREMENTS, groupBy: GROUP_BY }, usageAnswer, signal);
        read.push(...batch.map(({ day }, i) => ({ day, used: answer[`d${i}`] ?? [] })));
      }
    }
    return read;
  }

  return async (estate, period, signal) => {
    const today = fromInstant(client.now());
    const within = clip(period, reachOf(today));
    const parts: Cached<readonly UsageDay[]>[] = [];
    if (!within) return parts;
    for (let from = startOf("month", within.from); from <= within.to; from = addUnits("month", from, 1)) {
      const to = endOf("month", from);
      const month = { from, to: to < today ? to : today };
      const ttlMs = month.to < addDays(today, -SETTLING_DAYS) ? SETTLED_MS : FRESH_MS;
      const options = { ttlMs, operation: "read usage" };
      parts.push(await client.http.cached(`usage ${from}`, (during) => load(estate, month, during), signal, options));
    }
    return parts;
  };
}

/** The end is exclusive; nothing is asked of what lies ahead. */
function endOfDay(day: CivilDate, now: Date): string {
  const next = `${addDays(day, 1)}T00:00:00Z`;
  const instant = `${now.toISOString().slice(0, 19)}Z`;
  return next < instant ? next : instant;
}

function daysOf({ from, to }: Period): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}
