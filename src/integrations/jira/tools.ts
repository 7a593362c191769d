import type { Tool } from "../../core/tool.ts";
import type { JiraClient } from "./client.ts";
import { commentOnIssue } from "./tools/comment-on-issue.ts";
import { createIssue } from "./tools/create-issue.ts";
import { findIssues } from "./tools/find-issues.ts";
import { sprintReport } from "./tools/sprint-report.ts";
import { timeInStatus } from "./tools/time-in-status.ts";

/** A tool of ours with its own input, as one among others. */
export function jiraTools(client: JiraClient): readonly Tool[] {
  return [
    findIssues(client),
    sprintReport(client),
    timeInStatus(client),
    createIssue(client),
    commentOnIssue(client),
  ] as unknown as readonly Tool[];
}
