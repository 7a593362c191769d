import { activity, afterWork, DAY, growth, HOUR, weekOf } from "./calendar.ts";
import { REPOSITORIES, TEAMS } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD } from "./frame.ts";
import { opensAt } from "./people.ts";
import { sprintIndex, sprintStart } from "./sprint-calendar.ts";
import { storyItems } from "./story-items.ts";
import { VERBS, WORK_WORDS, type WorkWords } from "./text/work.ts";
import type { Issue, Person, Team } from "./types.ts";

/** A pull request as its author has it in mind. Times in seconds. */
export interface PullPlan {
  repository: string;
  author: string;
  title: string;
  body: string;
  labels: readonly string[];
  firstCommit: number;
  created: number;
  lines: number;
  abandoned: boolean;
  /** Given by the story; else reviews decide. */
  merged?: number;
  /** The story's own deployment of it, alone: when it starts. */
  deployed?: number;
  /** Title of the story's pull request of the same event that it takes back. */
  reverts?: string;
}

/** A piece of work from the idea to its pull requests. Times in seconds, also those that lie ahead. */
export interface ItemPlan {
  key: string;
  number: number;
  project: string;
  team: string;
  type: Issue["type"];
  summary: string;
  description: string;
  priority: Issue["priority"];
  component: string;
  labels: readonly string[];
  points: number | null;
  reporter: string;
  assignee: string | null;
  created: number;
  started: number | null;
  /** When it was decided not to do it. */
  declined: number | null;
  /** When work without a pull request was done. */
  finished: number | null;
  pulls: readonly PullPlan[];
  /** Id of the story's event. */
  event: string | null;
}

export type NewItem = Omit<ItemPlan, "key" | "number">;

/** Numbers set aside for a week of a project, and how many of them everyday work may take: the story and epics need the rest. */
export const PER_WEEK = 22;
const EVERYDAY = 11;
const HOURS_BY_POINTS: Readonly<Record<number, number>> = { 1: 3, 2: 7, 3: 13, 5: 24, 8: 40 };

/** All work of the engineering teams whose idea came up to `now`, numbered, oldest first. */
export function itemPlans(frame: Frame): ItemPlan[] {
  const plans: NewItem[] = storyItems(frame);
  for (let day = frame.start - LEAD.made * DAY; day < frame.now; day += DAY)
    for (const team of TEAMS) if (team.kind === "engineering") plans.push(...itemsOf(team, day, frame));
  plans.sort((a, b) => a.created - b.created || (a.summary < b.summary ? -1 : 1));
  return numbered(plans);
}

/** Numbers are counted week by week, so that they do not depend on where the world begins. */
function numbered(plans: readonly NewItem[]): ItemPlan[] {
  const counts = new Map<string, { all: number; everyday: number }>();
  return plans.flatMap((plan) => {
    const week = weekOf(plan.created);
    const place = `${plan.project} ${week}`;
    const { all, everyday } = counts.get(place) ?? { all: 0, everyday: 0 };
    if (plan.event === null && everyday === EVERYDAY) return [];
    counts.set(place, { all: all + 1, everyday: everyday + (plan.event === null ? 1 : 0) });
    const number = week * PER_WEEK + all + 1;
    return [{ ...plan, number, key: `${plan.project}-${number}` }];
  });
}

function itemsOf(team: Team, day: number, frame: Frame): NewItem[] {
  const words = WORK_WORDS[team.id];
  const project = team.project;
  if (!words || !project) return [];
  const chance = new Chance(frame.seed, `items ${team.id} ${day}`);
  const engineers = frame.staff.of(team.id, ["engineer"], day).length;
  const count = chance.count(engineers * 0.165 * activity(day) * growth(day, 0.06));
  return Array.from({ length: count }, () => item(team, project, words, day, chance, frame));
}

function item(team: Team, project: string, words: WorkWords, day: number, chance: Chance, frame: Frame): NewItem {
  const type = chance.weighted([
    ["Story", 0.38],
    ["Bug", 0.3],
    ["Task", 0.32],
  ] as const);
  const priority = chance.weighted([
    ["Highest", type === "Bug" ? 0.1 : 0.02],
    ["High", 0.22],
    ["Medium", 0.5],
    ["Low", 0.2],
  ] as const);
  const points = chance.weighted([
    [1, 0.22],
    [2, 0.28],
    [3, 0.26],
    [5, 0.17],
    [8, 0.07],
  ] as const);
  const reporter = chance.pick(frame.staff.of(team.id, ["product", "manager", "lead", "engineer"], day)).login;
  const { summary, description } = describe(type, words, chance);
  const created = day + chance.whole(7 * HOUR, 17 * HOUR);
  const fate = chance.next();
  const wait = priority === "Highest" ? chance.around(0.15, 0.8) : Math.min(95, chance.around(type === "Bug" ? 5 : 9, 1.15));
  const base = {
    project,
    team: team.id,
    type,
    summary,
    description,
    priority,
    component: chance.pick(words.components),
    labels: chance.happens(0.2) ? [chance.pick(["customer-request", "tech-debt", "quick-win", "security"])] : [],
    points: type === "Task" && chance.happens(0.25) ? null : points,
    reporter,
    created,
    event: null,
  };
  if (fate < 0.05) return { ...base, assignee: null, started: null, declined: null, finished: null, pulls: [] };
  const started = whenStarted(created, wait, type === "Bug" || priority === "Highest", chance);
  const author = chance.pick(frame.staff.of(team.id, ["engineer", "lead"], started));
  const hours = Math.min(90, (HOURS_BY_POINTS[points] ?? 10) * chance.around(1, 0.45));
  if (fate < 0.11) return { ...base, assignee: null, started: null, declined: started, finished: null, pulls: [] };
  const done = afterWork(started, hours, opensAt(author));
  if (type === "Task" && fate < 0.3) return { ...base, assignee: author.login, started, declined: null, finished: done, pulls: [] };
  const pulls = pullPlans(base, team, author, started, hours, points, chance);
  return { ...base, assignee: author.login, started, declined: null, finished: null, pulls };
}

/** Planned work that comes up after a sprint began waits for the next one, as a rule; what is urgent does not. */
function whenStarted(created: number, wait: number, isUrgent: boolean, chance: Chance): number {
  const at = afterWork(created + wait * DAY, chance.between(0.2, 3), 8);
  const next = sprintIndex(at) + 1;
  const isPlanned = created < sprintStart(next - 1) - HOUR;
  if (isPlanned || !chance.happens(isUrgent ? 0.45 : 0.9)) return at;
  return afterWork(sprintStart(next) + chance.between(0, 7) * DAY, chance.between(0.2, 3), 8);
}

function pullPlans(
  { summary, description, type }: { summary: string; description: string; type: Issue["type"] },
  team: Team,
  author: Person,
  started: number,
  hours: number,
  points: number,
  chance: Chance,
): PullPlan[] {
  const parts = chance.weighted([
    [1, 0.86],
    [2, 0.12],
    [3, 0.02],
  ] as const);
  const repositories = REPOSITORIES.filter((r) => r.team === team.id);
  const prefix = type === "Bug" ? "fix" : type === "Story" ? "feat" : "chore";
  const first = chance.pick(repositories);
  let at = started;
  return Array.from({ length: parts }, (_, part) => {
    const firstCommit = afterWork(at, chance.between(0.1, 0.4) * (hours / parts), opensAt(author));
    const created = afterWork(at, (0.75 * hours) / parts, opensAt(author));
    at = created;
    return {
      repository: (part === 0 ? first : chance.pick(repositories)).name,
      author: author.login,
      title: `${prefix}: ${lower(summary)}${part > 0 ? ` (part ${part + 1})` : ""}`,
      body: bodyOf(description, chance),
      labels: type === "Bug" ? ["bug"] : type === "Story" ? ["feature"] : ["maintenance"],
      firstCommit: Math.min(firstCommit, created - 60),
      created,
      lines: Math.round(chance.around(22 * points, 0.9)) + 2,
      abandoned: part > 0 && chance.happens(0.15),
    };
  });
}

function describe(type: Issue["type"], words: WorkWords, chance: Chance): { summary: string; description: string } {
  const audience = chance.pick(words.audiences);
  if (type === "Bug") {
    const summary = `${chance.pick(words.symptoms)} ${chance.pick(words.conditions)}`;
    const seen = chance.pick(["in production", "on staging", "by two customers", "while testing something else"]);
    return {
      summary,
      description: `Seen ${seen}. Expected: it works the same for all ${audience}. Steps and screenshots are in the thread.`,
    };
  }
  if (type === "Story") {
    const feature = chance.pick(words.features);
    const summary = `${chance.pick(VERBS)} ${feature} for ${audience}`;
    const why = chance.pick([
      "saves them a call",
      "was asked for most often this quarter",
      "makes the screen understandable",
      "takes a manual step away",
    ]);
    return {
      summary,
      description: `As one of our ${audience} I want ${feature}, because it ${why}. Done when a pilot customer has used it for a week.`,
    };
  }
  const summary = `${chance.pick(words.chores)}${chance.happens(0.4) ? ` (${chance.pick(words.components)})` : ""}`;
  return { summary, description: `Nothing changes for ${audience}; it makes the next change cheaper. Measure before and after.` };
}

function bodyOf(description: string, chance: Chance): string {
  const tested = chance.pick([
    "Unit tests, and by hand on staging.",
    "New tests; the old ones pass.",
    "Replayed a day of traffic on staging.",
    "With the team at the desk.",
  ]);
  return `### What and why\n${description}\n\n### How it was tested\n${tested}`;
}

export function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
