import { DAY, instant, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import type { IssueFate } from "./issue-fate.ts";
import { lower } from "./items.ts";
import { PROJECTS_OF_SPRINTS } from "./projects.ts";
import { sprintEnd, sprintId, sprintIndex, sprintName, sprintStart } from "./sprint-calendar.ts";
import { GOALS, WORK_WORDS } from "./text/work.ts";
import type { Sprint } from "./types.ts";

/** The sprints up to the next one, which is planned and still empty. */
export function sprints(frame: Frame, issues: readonly IssueFate[]): Sprint[] {
  const members = new Map<number, { issue: IssueFate; at: number }[]>();
  for (const issue of issues)
    for (const { sprint, at } of issue.joined) {
      if (at >= frame.now) continue;
      const list = members.get(sprint) ?? [];
      list.push({ issue, at });
      members.set(sprint, list);
    }
  const first = sprintIndex(shownFrom(frame, LEAD.issues) - 14 * DAY);
  const last = sprintIndex(frame.now - 1) + 1;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((index) =>
    PROJECTS_OF_SPRINTS.map((team) => sprint(team.id, team.project ?? "", index, members, frame)),
  );
}

function sprint(
  team: string,
  project: string,
  index: number,
  members: ReadonlyMap<number, readonly { issue: IssueFate; at: number }[]>,
  frame: Frame,
): Sprint {
  const id = sprintId(project, index);
  const start = sprintStart(index);
  const end = sprintEnd(index);
  const inside = start <= frame.now ? (members.get(id) ?? []) : [];
  const committed = inside.filter((m) => m.at < start);
  const added = inside.filter((m) => m.at >= start);
  const completed = inside.filter(({ issue }) => issue.resolvedAt !== null && secondsOf(issue.resolvedAt) <= Math.min(end, frame.now - 1));
  return {
    id,
    project,
    name: sprintName(id),
    goal: goal(team, id, frame),
    state: end < frame.now ? "closed" : start < frame.now ? "active" : "future",
    startAt: instant(start),
    endAt: instant(end),
    completedAt: end < frame.now ? instant(end) : null,
    committedPoints: points(committed),
    addedPoints: points(added),
    completedPoints: points(completed),
    committed: keys(committed),
    added: keys(added),
    completed: keys(completed),
  };
}

function points(members: readonly { issue: IssueFate }[]): number {
  return members.reduce((sum, { issue }) => sum + (issue.points ?? 0), 0);
}

function keys(members: readonly { issue: IssueFate }[]): string[] {
  return members.map(({ issue }) => issue.key);
}

function goal(team: string, id: number, frame: Frame): string {
  const chance = new Chance(frame.seed, `goal ${id}`);
  const words = WORK_WORDS[team];
  const text = chance
    .pick(GOALS)
    .replace("{feature}", chance.pick(words?.features ?? ["the plan"]))
    .replace("{component}", chance.pick(words?.components ?? ["the core"]));
  return text.charAt(0).toUpperCase() + lower(text).slice(1);
}
