import type { CivilDate } from "../../../core/fact.ts";
import type { Instant } from "./common.ts";
import type { Comment } from "./delivery.ts";

export interface Project {
  /** "GATE" */
  key: string;
  /** Stable number. */
  number: number;
  name: string;
  team: string;
  lead: string;
  kind: "software" | "support" | "operations";
  description: string;
  components: readonly string[];
}

export interface Sprint {
  id: number;
  project: string;
  name: string;
  goal: string;
  state: "closed" | "active" | "future";
  /** Planned; the end of an active sprint lies ahead. Monday 08:00 to Friday 16:00, two weeks. */
  startAt: Instant;
  endAt: Instant;
  /** When it was closed. */
  completedAt: Instant | null;
  /** Points in the sprint when it began, brought in later, and done before it ended. */
  committedPoints: number;
  addedPoints: number;
  completedPoints: number;
  /** Keys. */
  committed: readonly string[];
  added: readonly string[];
  completed: readonly string[];
}

export type IssueStatus =
  | "To Do"
  | "In Progress"
  | "In Review"
  | "Ready to Deploy"
  | "Done"
  | "Won't Do"
  | "Waiting for customer"
  | "Escalated";

export interface IssueChange {
  at: Instant;
  author: string;
  field: "status" | "assignee" | "priority" | "Sprint" | "Story Points";
  from: string | null;
  to: string | null;
}

export interface Worklog {
  id: string;
  author: string;
  startedAt: Instant;
  seconds: number;
  comment: string;
}

export interface Issue {
  /** "GATE-412" */
  key: string;
  number: number;
  project: string;
  type: "Story" | "Bug" | "Task" | "Epic" | "Support" | "Incident";
  summary: string;
  description: string;
  priority: "Highest" | "High" | "Medium" | "Low";
  status: IssueStatus;
  category: "todo" | "doing" | "done";
  resolution: "Done" | "Won't Do" | null;
  component: string;
  labels: readonly string[];
  points: number | null;
  reporter: string;
  assignee: string | null;
  createdAt: Instant;
  updatedAt: Instant;
  /** First entry into In Progress. */
  startedAt: Instant | null;
  resolvedAt: Instant | null;
  dueOn: CivilDate | null;
  /** Ids of the sprints it was in, oldest first. */
  sprints: readonly number[];
  epic: string | null;
  /** Oldest first. */
  changes: readonly IssueChange[];
  worklogs: readonly Worklog[];
  comments: readonly Comment[];
  links: readonly { type: "is caused by" | "relates to" | "blocks"; key: string }[];
  pulls: readonly string[];
  /** Support issues: whose it is. */
  customer: string | null;
  ticket: string | null;
  incident: string | null;
}

export interface Page {
  /** Digits. */
  id: string;
  space: { key: string; name: string };
  title: string;
  kind: "runbook" | "decision" | "post-mortem" | "guide";
  /** Markdown. */
  body: string;
  author: string;
  createdAt: Instant;
  updatedAt: Instant;
  version: number;
  labels: readonly string[];
  incident: string | null;
  service: string | null;
}
