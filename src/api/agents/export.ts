import type { AgentDay, AgentMetrics } from "../../records/agents/index.ts";

/** The daily figures as a table for spreadsheets and paper. Numbers only: no cell can be run as a formula. */
export const COLUMNS = [
  "date",
  "messages",
  "responses",
  "errors",
  "averageResponseTimeMs",
  "tokens",
  "averageFeedback",
  "uniqueUsers",
  "cost",
] as const satisfies readonly (keyof AgentDay)[];

/** RFC 4180 with one heading line. A missing value is an empty cell. */
export function toCsv({ days }: AgentMetrics): string {
  return `${[COLUMNS.join(","), ...days.map((day) => COLUMNS.map((column) => day[column] ?? "").join(","))].join("\r\n")}\r\n`;
}
