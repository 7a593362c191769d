import { Cron } from "croner";
import { UserError } from "../../errors.ts";
import { toInstant, toWall } from "./wall-time.ts";

export interface Slot {
  /** "2026-11-20T09:00 Europe/Berlin": the same for the same local date and time, whatever the clocks do. */
  name: string;
  /** Local, "2026-11-20T09:00". */
  wall: string;
  dueAt: Date;
}

export interface Schedule {
  /** Cron pattern of five fields, read in wall time. */
  pattern: string;
  /** IANA name. */
  timeZone: string;
  /** Local days without a slot: "2026-12-24", or "12-25" for each year. */
  except?: readonly string[];
}

const SLACK_MS = 26 * 3_600_000;
const MOST = 5_000;

/** A cron pattern of five fields (minute, hour, day, month, weekday). Throws UserError in words. */
export function checkPattern(pattern: string): void {
  // From the year 2000 on, so that a day that comes once in four years is found.
  if (wallCron(pattern).nextRun(new Date("2000-01-01T00:00:00Z"))) return;
  throw new UserError(`“${pattern}” names a day that never comes. For example: 0 9 1 * * for the first of each month.`, {
    path: "schedule",
  });
}

/**
 * The slots that are due after `from` and until `to`, oldest first; at most 5,000, the newest. The pattern is read in wall time and each
 * wall time becomes one instant, so that a change of clocks neither drops nor doubles one: libraries that search in a zone's own time do.
 */
export function slotsBetween(schedule: Schedule, from: Date, to: Date): Slot[] {
  if (to <= from) return [];
  const cron = wallCron(schedule.pattern);
  const found: Slot[] = [];
  const last = new Date(wallMs(to, schedule.timeZone) + SLACK_MS);
  for (let at = cron.nextRun(new Date(wallMs(from, schedule.timeZone) - SLACK_MS)); at && at <= last; at = cron.nextRun(at)) {
    const slot = slotAt(at, schedule);
    if (slot && slot.dueAt > from && slot.dueAt <= to) found.push(slot);
    if (found.length > MOST) found.shift();
  }
  return found;
}

const HORIZON_MS = 400 * 86_400_000;

/** The next slot after the instant; undefined when there is none within 400 days. */
export function nextSlot(schedule: Schedule, after: Date): Slot | undefined {
  const cron = wallCron(schedule.pattern);
  const start = wallMs(after, schedule.timeZone);
  for (let at = cron.nextRun(new Date(start - SLACK_MS)); at && at.getTime() < start + HORIZON_MS; at = cron.nextRun(at)) {
    const slot = slotAt(at, schedule);
    if (slot && slot.dueAt > after) return slot;
  }
  return undefined;
}

function slotAt(at: Date, { timeZone, except = [] }: Schedule): Slot | undefined {
  const wall = at.toISOString().slice(0, 16);
  if (except.includes(wall.slice(0, 10)) || except.includes(wall.slice(5, 10))) return undefined;
  return { name: `${wall} ${timeZone}`, wall, dueAt: toInstant(wall, timeZone) };
}

function wallMs(at: Date, timeZone: string): number {
  return Date.parse(`${toWall(at, timeZone)}Z`);
}

function wallCron(pattern: string): Cron {
  try {
    // Its own handling of zones is not used: here UTC stands for wall time.
    return new Cron(pattern, { timezone: "UTC", paused: true, mode: "5-part" });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^\w+: /, "") : "";
    throw new UserError(
      `“${pattern.slice(0, 60)}” is no cron pattern of five fields (minute hour day month weekday)${why ? `: ${why}` : ""}. For example: 0 9 * * 1-5.`,
      { path: "schedule" },
    );
  }
}
