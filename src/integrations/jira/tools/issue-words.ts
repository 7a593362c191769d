import { z } from "zod";
import type { Cell } from "../../../core/reply.ts";
import { columnsOf } from "../../listing.ts";
import { linked, said, span } from "../../words.ts";
import { statusSince } from "../issue-records.ts";
import type { Issue } from "../issues.ts";
import type { Setup } from "../setup.ts";

const schema = z.object({
  key: z.string(),
  title: z.string(),
  project: z.string(),
  type: z.string(),
  status: z.string(),
  daysInStatus: z.number(),
  assignee: z.string().nullable(),
  priority: z.string().nullable(),
  points: z.number().nullable(),
  created: z.string(),
  resolved: z.string().nullable(),
  url: z.string().nullable(),
});

/** An issue for code. */
export const issueRow = {
  schema,
  of(issue: Issue, setup: Setup, now: Date): z.output<typeof schema> {
    const { key, title, project, type, status, assignee, priority, points, created, resolved } = issue;
    return {
      ...{ key, title, project: project.key, type, status: status.name, daysInStatus: round(inStatus(issue, now) / DAY_MS) },
      ...{ assignee: assignee ?? null, priority: priority ?? null, points: points ?? null },
      ...{ created: created.toISOString(), resolved: resolved?.toISOString() ?? null, url: urlOf(issue, setup) ?? null },
    };
  },
};

export const DAY_MS = 86_400_000;

export const ISSUE_COLUMNS = columnsOf(["issue", "title", "status", "in status", "assignee", "age"]);

/** Age: until it was resolved, else until now. */
export function issueCells(issue: Issue, now: Date): Cell[] {
  const { key, title, status, assignee } = issue;
  return [key, title, status.name, span(inStatus(issue, now)), assignee ?? null, span(ageOf(issue, now))];
}

/** "[GATE-12](…) “Slots by the hour”" */
export function issueNamed(issue: Issue, setup: Setup): string {
  return `${linked(issue.key, urlOf(issue, setup))} “${said(issue.title, 70)}”`;
}

export function urlOf({ key }: Issue, { site }: Setup): string | undefined {
  return site ? `${site}/browse/${key}` : undefined;
}

export function inStatus(issue: Issue, now: Date): number {
  return Math.max(0, now.getTime() - statusSince(issue).getTime());
}

export function ageOf({ created, resolved }: Issue, now: Date): number {
  return Math.max(0, (resolved ?? now).getTime() - created.getTime());
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
