import { instant } from "./calendar.ts";
import type { Issue, IssueChange } from "./types.ts";

/** Issues with their whole course: what the plans, their pull requests and deployments made of them. */
export interface IssueFate extends Issue {
  /** Sprints with the instant at which the issue came in. */
  readonly joined: readonly { sprint: number; at: number }[];
  readonly event: string | null;
}

/** A change before it is known what the field said. */
export interface Change {
  at: number;
  author: string;
  field: IssueChange["field"];
  to: string;
}

/** In order of time, each with what the field said before. */
export function inOrder(changes: readonly Change[]): IssueChange[] {
  const before = new Map<string, string>([["status", "To Do"]]);
  return changes
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, author, field, to }) => {
      const from = before.get(field) ?? null;
      before.set(field, to);
      return { at: instant(at), author, field, from, to };
    });
}
