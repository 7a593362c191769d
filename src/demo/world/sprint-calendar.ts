import { clock, DAY, HOUR } from "./calendar.ts";
import { TEAMS } from "./catalogue.ts";
import type { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import type { ItemPlan } from "./items.ts";

/** All teams share one rhythm: two weeks from Monday 08:00 to Friday 16:00 of the week after. Ids are index times ten plus the team. */

const LENGTH = 14 * DAY;
/** Start of the sprint with index 0. */
const BASE = clock("2026-10-26", "08:00") - 182 * LENGTH;

const ENGINEERING = TEAMS.filter((t) => t.kind === "engineering");

export function sprintIndex(at: number): number {
  return Math.floor((at - BASE) / LENGTH);
}

export function sprintStart(index: number): number {
  return BASE + index * LENGTH;
}

export function sprintEnd(index: number): number {
  return BASE + index * LENGTH + 11 * DAY + 8 * HOUR;
}

export function sprintId(project: string, index: number): number {
  return index * 10 + ENGINEERING.findIndex((t) => t.project === project) + 1;
}

export function sprintName(id: number): string {
  return `${ENGINEERING[(id % 10) - 1]?.project ?? ""} Sprint ${Math.floor(id / 10)}`;
}

/**
 * The sprints an issue is in: the one in which work began (from its planning, or brought in later) and each one after that
 * until it is done. `resolved` is null for work that is never done; then it stays in its first sprint only.
 */
export function inSprints(item: ItemPlan, resolved: number | null, frame: Frame, chance: Chance): { sprint: number; at: number }[] {
  const isPlanned = chance.happens(0.9);
  if (item.started === null || resolved === null) return [];
  const index = sprintIndex(item.started);
  const start = sprintStart(index);
  const planning = start - HOUR;
  const at = item.created < planning && isPlanned ? planning : Math.max(item.created + 300, start + 2 * HOUR, item.started - 3 * HOUR);
  const joined = [{ sprint: sprintId(item.project, index), at }];
  for (let next = index + 1; sprintStart(next) <= resolved && sprintStart(next) < frame.now + LENGTH; next++)
    joined.push({ sprint: sprintId(item.project, next), at: sprintStart(next) - HOUR });
  return joined;
}
