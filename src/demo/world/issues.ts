import { afterWork, DAY, dayOf, instant, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { epicKey, epics, quarterOf } from "./epics.ts";
import type { Frame } from "./frame.ts";
import { type Change, type IssueFate, inOrder } from "./issue-fate.ts";
import type { ItemPlan } from "./items.ts";
import { BOT } from "./people.ts";
import type { PullFate } from "./pull-life.ts";
import { inSprints, sprintName } from "./sprint-calendar.ts";
import type { Comment, Deployment, Instant, Issue, IssueStatus, Worklog } from "./types.ts";

export function issueFates(
  frame: Frame,
  items: readonly ItemPlan[],
  pulls: readonly PullFate[],
  reached: ReadonlyMap<string, Deployment>,
): IssueFate[] {
  const byIssue = Map.groupBy(pulls, (p) => p.issue ?? "");
  const plain = items.map((item) => issueOf(item, byIssue.get(item.key) ?? [], reached, frame));
  return [...epics(frame), ...plain];
}

interface Course {
  review: number | null;
  merged: number | null;
  resolved: number | null;
  isDone: boolean;
}

/** When the work's pull requests were opened, merged and running in production. */
function courseOf(item: ItemPlan, pulls: readonly PullFate[], reached: ReadonlyMap<string, Deployment>, chance: Chance): Course {
  if (item.declined !== null) return { review: null, merged: null, resolved: item.declined, isDone: false };
  if (item.pulls.length === 0) return { review: null, merged: null, resolved: item.finished, isDone: true };
  const opened = pulls[0]?.createdAt;
  if (opened === undefined) return { review: null, merged: null, resolved: null, isDone: true };
  const closed = Math.max(...pulls.map((p) => secondsOf(p.closedAt ?? p.createdAt)));
  const merged = pulls.filter((p) => p.mergedAt !== null);
  const review = secondsOf(opened);
  const last = merged.at(-1);
  if (!last) return { review, merged: null, resolved: closed + 600, isDone: false };
  const deployed = merged.map((p) => secondsOf(reached.get(p.id)?.finishedAt ?? p.mergedAt ?? ""));
  return { review, merged: closed, resolved: Math.max(closed, ...deployed) + chance.whole(200, 2_400), isDone: true };
}

function issueOf(item: ItemPlan, pulls: readonly PullFate[], reached: ReadonlyMap<string, Deployment>, frame: Frame): IssueFate {
  const chance = new Chance(frame.seed, `issue ${item.key}`);
  const course = courseOf(item, pulls, reached, chance);
  const who = item.assignee ?? item.reporter;
  const joined = inSprints(item, course.isDone ? course.resolved : null, frame, chance);
  const changes: Change[] = [];
  const move = (at: number | null, to: IssueStatus, author: string) => at !== null && changes.push({ at, author, field: "status", to });
  if (item.started !== null) {
    changes.push({ at: item.started - 40, author: who, field: "assignee", to: who });
    move(item.started, "In Progress", who);
  }
  move(course.review, "In Review", who);
  move(course.merged, "Ready to Deploy", BOT.login);
  move(course.resolved, course.isDone ? "Done" : "Won't Do", course.merged ? BOT.login : who);
  for (const { sprint, at } of joined) changes.push({ at, author: item.reporter, field: "Sprint", to: sprintName(sprint) });
  return {
    key: item.key,
    number: item.number,
    project: item.project,
    type: item.type,
    summary: item.summary,
    description: item.description,
    priority: item.priority,
    component: item.component,
    labels: item.labels,
    points: item.points,
    reporter: item.reporter,
    assignee: item.assignee,
    createdAt: instant(item.created),
    updatedAt: instant(item.created),
    status: "Done",
    category: "done",
    resolution: course.isDone ? "Done" : "Won't Do",
    startedAt: item.started === null ? null : instant(item.started),
    resolvedAt: course.resolved === null ? null : instant(course.resolved),
    dueOn: chance.happens(0.18) ? dayOf(item.created + chance.whole(10, 45) * DAY) : null,
    sprints: joined.map((j) => j.sprint),
    epic: item.type === "Story" && chance.happens(0.7) ? epicKey(item.project, quarterOf(item.created), chance.whole(0, 1)) : null,
    changes: inOrder(changes),
    worklogs: worklogs(item, course, chance),
    comments: comments(item, chance),
    links: [],
    pulls: pulls.map((p) => p.id),
    customer: null,
    ticket: null,
    incident: null,
    joined,
    event: item.event,
  };
}

function worklogs(item: ItemPlan, course: Course, chance: Chance): Worklog[] {
  if (item.started === null || item.assignee === null || chance.happens(0.4)) return [];
  const author = item.assignee;
  const end = course.review ?? course.resolved ?? item.started + 2 * DAY;
  const count = 1 + Math.min(4, Math.floor((end - item.started) / (1.5 * DAY)));
  return Array.from({ length: count }, (_, i) => {
    const startedAt = afterWork((item.started ?? 0) + i * DAY, 0.5, 8);
    return {
      id: `${item.key}/w${i + 1}`,
      author,
      startedAt: instant(startedAt),
      seconds: chance.whole(2, 24) * 900,
      comment: i === 0 ? "First look and start" : "Went on",
    };
  });
}

const SAYINGS = [
  "Any news on this one?",
  "A customer asked for it again today.",
  "I split the rest into its own issue.",
  "Blocked until the other change is out.",
  "Can take it next.",
  "The pilot customer is happy with it.",
];

function comments(item: ItemPlan, chance: Chance): Comment[] {
  const count = chance.count(0.5);
  return Array.from({ length: Math.min(3, count) }, (_, i) => ({
    id: `${item.key}/c${i + 1}`,
    author: i % 2 ? (item.assignee ?? item.reporter) : item.reporter,
    at: instant(afterWork(item.created + (i + chance.next()) * 2 * DAY, 1, 8)),
    body: chance.pick(SAYINGS),
  }));
}

const CATEGORY: Readonly<Record<IssueStatus, Issue["category"]>> = {
  "To Do": "todo",
  "In Progress": "doing",
  "In Review": "doing",
  "Ready to Deploy": "doing",
  "Waiting for customer": "doing",
  Escalated: "doing",
  Done: "done",
  "Won't Do": "done",
};

/** The issue as it stands at `now`; its pull requests are those that exist by then. */
export function cutIssue(fate: IssueFate, now: Instant, isKnown: (pull: string) => boolean): Issue {
  const { joined, event: _event, ...issue } = fate;
  const changes = issue.changes.filter((c) => c.at < now);
  const status = (changes.findLast((c) => c.field === "status")?.to ?? "To Do") as IssueStatus;
  const comments = issue.comments.filter((c) => c.at < now);
  const worklogs = issue.worklogs.filter((w) => w.startedAt < now);
  const isOver = CATEGORY[status] === "done";
  const assignee = changes.some((c) => c.field === "assignee") || issue.project === "OPS" || issue.type === "Epic" ? issue.assignee : null;
  const touched = [issue.createdAt, ...changes.map((c) => c.at), ...comments.map((c) => c.at), ...worklogs.map((w) => w.startedAt)];
  return {
    ...issue,
    status,
    category: CATEGORY[status],
    resolution: isOver ? issue.resolution : null,
    assignee,
    changes,
    comments,
    worklogs,
    startedAt: issue.startedAt !== null && issue.startedAt < now ? issue.startedAt : null,
    resolvedAt: isOver ? issue.resolvedAt : null,
    updatedAt: touched.reduce((a, b) => (a > b ? a : b)),
    sprints: joined.filter((j) => instant(j.at) < now).map((j) => j.sprint),
    pulls: issue.pulls.filter(isKnown),
  };
}
