import { addMonths, startOf } from "../../core/civil-date.ts";
import { clock, DAY, dayOf, instant, weekOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import { type IssueFate, inOrder } from "./issue-fate.ts";
import { PER_WEEK } from "./items.ts";
import { PROJECTS_OF_SPRINTS } from "./projects.ts";
import { EPICS } from "./text/work.ts";

export function quarterOf(at: number): string {
  return startOf("quarter", dayOf(at));
}

export function epicKey(project: string, quarter: string, index: number): string {
  return `${project}-${epicNumber(quarter, index)}`;
}

function epicNumber(quarter: string, index: number): number {
  return weekOf(clock(quarter, "06:30")) * PER_WEEK + PER_WEEK - 1 + index;
}

/** Two for each team and quarter. */
export function epics(frame: Frame): IssueFate[] {
  const found: IssueFate[] = [];
  for (let quarter = quarterOf(shownFrom(frame, LEAD.epics)); quarter < frame.today; quarter = addMonths(quarter, 3))
    for (const team of PROJECTS_OF_SPRINTS)
      for (const index of [0, 1]) found.push(epic(team.id, team.project ?? "", quarter, index, frame));
  return found;
}

function epic(team: string, project: string, quarter: string, index: number, frame: Frame): IssueFate {
  const created = clock(quarter, "06:30") + index * 600;
  const chance = new Chance(frame.seed, `epic ${project} ${quarter} ${index}`);
  const reporter = chance.pick(frame.staff.of(team, ["product", "manager", "lead"], created)).login;
  const started = created + 3 * DAY;
  const resolved = clock(addMonths(quarter, 3), "15:00") + chance.whole(-8, 12) * DAY;
  const goal =
    EPICS[(team.length + index * 3 + Number(quarter.slice(2, 4)) * 4 + Number(quarter.slice(5, 7))) % EPICS.length] ?? "Calm operations";
  const number = epicNumber(quarter, index);
  return {
    key: `${project}-${number}`,
    number,
    project,
    type: "Epic",
    priority: "Medium",
    component: "",
    labels: [],
    points: null,
    summary: `${goal} (${quarter.slice(0, 4)} Q${Math.ceil(Number(quarter.slice(5, 7)) / 3)})`,
    description: "What the team wants to have reached by the end of the quarter.",
    reporter,
    assignee: reporter,
    createdAt: instant(created),
    updatedAt: instant(created),
    status: "Done",
    category: "done",
    resolution: "Done",
    startedAt: instant(started),
    resolvedAt: instant(resolved),
    dueOn: dayOf(clock(addMonths(quarter, 3), "00:00") - DAY),
    sprints: [],
    epic: null,
    changes: inOrder([
      { at: started, author: reporter, field: "status", to: "In Progress" },
      { at: resolved, author: reporter, field: "status", to: "Done" },
    ]),
    worklogs: [],
    comments: [],
    links: [],
    pulls: [],
    customer: null,
    ticket: null,
    incident: null,
    joined: [],
    event: null,
  };
}
