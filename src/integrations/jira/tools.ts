import type { Tool } from "../../core/tool.ts";
import type { JiraClient } from "./client.ts";
import { findIssues } from "./tools/find-issues.ts";
import { sprintReport } from "./tools/sprint-report.ts";
import { timeInStatus } from "./tools/time-in-status.ts";

/** A tool of ours with its own input, as one among others. */
export function jiraTools(client: JiraClient): readonly Tool[] {
  return [findIssues(client), sprintReport(client), timeInStatus(client)] as unknown as readonly Tool[];
}
