import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { JiraClient } from "./client.ts";
import type { Issue } from "./issues.ts";
import { receiptOf } from "./receipts.ts";
import { SPRINT_NOTE, sumOf } from "./sprint-figures.ts";
import { inPeriod, readSprints, readWork, type SprintWork } from "./sprints.ts";

export const SPRINT_DIMENSIONS = ["project", "name", "state", "team"];

/** By the day the sprint began; points only of sprints whose issues are estimated. */
export const SPRINT_MEASURES: readonly RecordMeasure[] = [
  ...(["completed", "committed", "added"] as const).map(
    (name): RecordMeasure => ({
      ...{ name, unit: "points" },
      of: ({ numbers, labels }) => (labels.unit === "points" ? numbers[name] : undefined),
    }),
  ),
  ...(["completed_issues", "committed_issues", "added_issues"] as const).map(
    (name): RecordMeasure => ({
      ...{ name, unit: "count" },
      of: ({ numbers }) => numbers[name],
    }),
  ),
  { name: "sprints", unit: "count" },
];

/** Sprints that began in the period, as records. */
export async function loadSprints(client: JiraClient, period: Period, signal: AbortSignal): Promise<RecordAnswer> {
  const sprints = await readSprints(client, signal);
  const { work, parts, truncated } = await readWork(client, sprints.setup, inPeriod(sprints.items, period), signal);
  const cut = [sprints.truncated, truncated].filter(Boolean).join("; ") || undefined;
  const asked = { what: "sprints", query: "sprints that began", window: period, truncated: cut, notes: [SPRINT_NOTE] };
  return {
    records: work.map(sprintRecord).sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || a.id.localeCompare(b.id)),
    receipts: [receiptOf(client, sprints.setup, asked, [...sprints.parts, ...parts])],
  };
}

function sprintRecord({ sprint, figures }: SprintWork): FeedRecord {
  const { unit, committed, completed, added } = figures;
  const finished = sprint.completeDate ?? undefined;
  const team = mostOf(figures.committed.concat(figures.added));
  const text = { name: sprint.name, project: sprint.project, team, state: sprint.state, goal: sprint.goal ?? undefined, unit };
  return {
    id: String(sprint.id),
    at: sprint.began,
    title: sprint.name,
    labels: Object.fromEntries(Object.entries(text).filter((entry): entry is [string, string] => Boolean(entry[1]))),
    numbers: {
      committed: sumOf(committed, unit),
      completed: sumOf(completed, unit),
      added: sumOf(added, unit),
      committed_issues: committed.length,
      completed_issues: completed.length,
      added_issues: added.length,
    },
    times: { started: sprint.began, ...(finished ? { finished } : {}) },
  };
}

/** The team that most of the issues name. */
function mostOf(issues: readonly Issue[]): string | undefined {
  const groups = Map.groupBy(
    issues.flatMap(({ team }) => team ?? []),
    (name) => name,
  );
  return [...groups].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]))[0]?.[0];
}
