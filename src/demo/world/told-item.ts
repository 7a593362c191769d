import type { StoryEvent } from "../story.ts";
import { DAY, HOUR } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import { lower, type NewItem, type PullPlan } from "./items.ts";
import type { Issue } from "./types.ts";

/** A change that the story tells of, by what it does to the event. */
export interface Change {
  team: string;
  repository: string;
  type: Issue["type"];
  summary: string;
  why: string;
  lines: number;
  merged: number;
  deployed?: number;
  reverts?: string;
  priority?: Issue["priority"];
  labels?: readonly string[];
}

/** The item with its one pull request: everyday pace, or the pace of an emergency for the highest priority. */
export function told(event: StoryEvent, change: Change, frame: Frame): NewItem {
  const { team, summary, why, merged, lines, type } = change;
  const chance = new Chance(frame.seed, `story ${event.id} ${summary}`);
  const isUrgent = change.priority === "Highest";
  const created = isUrgent ? merged - 100 * 60 : merged - chance.between(6, 9) * DAY;
  const started = isUrgent ? merged - 95 * 60 : merged - chance.between(2, 4) * DAY;
  const opened = isUrgent ? merged - 35 * 60 : merged - chance.between(20, 30) * HOUR;
  const author = chance.pick(frame.staff.of(team, ["engineer", "lead"], opened)).login;
  const reporter = chance.pick(frame.staff.of(team, ["product", "lead", "manager"], created)).login;
  const prefix = type === "Bug" ? "fix" : type === "Story" ? "feat" : "chore";
  const pull: PullPlan = {
    repository: change.repository,
    author,
    title: `${prefix}: ${lower(summary)}`,
    body: `### What and why\n${why}\n\n### How it was tested\nUnit tests, and by hand on staging.`,
    labels: change.labels ?? (type === "Bug" ? ["bug"] : ["feature"]),
    firstCommit: Math.floor(isUrgent ? opened - 25 * 60 : opened - 6 * HOUR),
    created: Math.floor(opened),
    lines,
    abandoned: false,
    merged: Math.floor(merged),
    ...(change.deployed ? { deployed: Math.floor(change.deployed) } : {}),
    ...(change.reverts ? { reverts: lower(change.reverts) } : {}),
  };
  return {
    project: PROJECT_OF[team] ?? "PLAT",
    team,
    type,
    summary,
    description: why,
    priority: change.priority ?? "Medium",
    component: COMPONENT_OF[team] ?? "clusters",
    labels: change.labels ?? [],
    points: lines > 200 ? 5 : lines > 80 ? 3 : 2,
    reporter,
    assignee: author,
    created: Math.floor(created),
    started: Math.floor(started),
    declined: null,
    finished: null,
    pulls: [pull],
    event: event.id,
  };
}

const PROJECT_OF: Readonly<Record<string, string>> = {
  gate: "GATE",
  berth: "BERTH",
  depot: "DEPOT",
  view: "VIEW",
  billing: "BILL",
  assistant: "AST",
  data: "DATA",
  platform: "PLAT",
};
const COMPONENT_OF: Readonly<Record<string, string>> = {
  gate: "bookings",
  berth: "planner",
  depot: "scanner",
  view: "player",
  billing: "invoices",
  assistant: "documents",
  data: "ingest",
  platform: "networks",
};
