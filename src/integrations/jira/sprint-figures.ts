import type { Change } from "./changes.ts";
import type { Issue } from "./issues.ts";
import type { Setup } from "./setup.ts";

/** A sprint's work as its issues' history tells it. */
export interface Figures {
  /** points: the sum of the estimates as they are now; issues: where none of them is estimated. */
  unit: "points" | "issues";
  /** In the sprint when it began. */
  committed: readonly Issue[];
  /** Brought in later. */
  added: readonly Issue[];
  /** In it and done at its end, or now. */
  completed: readonly Issue[];
  /** In it and not done at its end, or now. */
  carried: readonly Issue[];
}

/** What the public API cannot tell of a sprint, for receipts. */
export const SPRINT_NOTE =
  "Worked out from the history of the issues: estimates are today's, subtasks count with their parents, and issues that were taken out of a sprint are not seen.";

interface SprintTimes {
  id: number;
  began: Date;
  state: string;
  completeDate?: Date | null | undefined;
  endDate?: Date | null | undefined;
}

/** `issues` may hold those of other sprints. */
export function figuresOf(sprint: SprintTimes, issues: readonly Issue[], setup: Setup, now: Date): Figures {
  const end = sprint.state === "closed" ? (sprint.completeDate ?? sprint.endDate ?? now) : now;
  const own = issues.filter((issue) => !issue.isSubtask && wasEverIn(issue, sprint.id));
  const inAt = (at: Date) => own.filter((issue) => issue.created <= at && sprintsAt(issue, at).has(sprint.id));
  const committed = inAt(sprint.began);
  const members = inAt(end);
  const isDone = (issue: Issue) => wasDone(issue, setup, end);
  return {
    unit: own.some(({ points }) => points !== undefined) ? "points" : "issues",
    committed,
    added: members.filter((issue) => !committed.includes(issue)),
    completed: members.filter(isDone),
    carried: members.filter((issue) => !isDone(issue)),
  };
}

/** In the sprint's unit. */
export function sumOf(issues: readonly Issue[], unit: Figures["unit"]): number {
  return unit === "issues" ? issues.length : issues.reduce((sum, { points }) => sum + (points ?? 0), 0);
}

function wasEverIn({ sprints, sprintChanges }: Issue, id: number): boolean {
  return sprints.some((sprint) => sprint.id === id) || sprintChanges.some(({ from, to }) => idsIn(from).has(id) || idsIn(to).has(id));
}

function sprintsAt({ sprints, sprintChanges }: Issue, at: Date): ReadonlySet<number> {
  const value = valueAt(sprintChanges, at);
  return value === undefined ? new Set(sprints.map(({ id }) => id)) : idsIn(value);
}

function wasDone({ moves, status }: Issue, { statuses }: Setup, at: Date): boolean {
  const id = valueAt(moves, at);
  return (id === undefined || id === status.id ? status.category : statuses.get(id)?.category) === "done";
}

/** What the field held then; undefined when it never changed. */
function valueAt(changes: readonly Change[], at: Date): string | undefined {
  const before = changes.findLast((change) => change.at <= at);
  return before ? before.to : changes[0]?.from;
}

function idsIn(value: string): ReadonlySet<number> {
  return new Set(
    value
      .split(",")
      .map((part) => Number(part.trim()))
      .filter((id) => id > 0),
  );
}
