import { readPages } from "../http.ts";
import type { JiraClient } from "./client.ts";
import { type ChangeItem, changelogAnswer, type IssueLog } from "./schema.ts";
import type { Setup } from "./setup.ts";

/** A field that changed: ids before and after, "" for none. */
export interface Change {
  at: Date;
  from: string;
  to: string;
  /** What the old value was called; statuses that are no more have no other name. */
  fromName: string;
}

export interface Changes {
  /** By the issue's id. */
  of: ReadonlyMap<string, { moves: readonly Change[]; sprintChanges: readonly Change[] }>;
  truncated?: string;
}

/** Jira's limits of one request. */
const ISSUES_AT_ONCE = 1_000;
const CHANGES_AT_ONCE = 5_000;
const MOST_PAGES = 40;

/** The changes of status and sprint of many issues, oldest first: of a thousand issues in one request. */
export async function readChanges(client: JiraClient, { fields }: Setup, ids: readonly string[], signal: AbortSignal): Promise<Changes> {
  const of = new Map<string, History>();
  const left: string[] = [];
  for (let start = 0; start < ids.length; start += ISSUES_AT_ONCE) {
    const { items, truncated } = await readSome(client, fields.sprint, ids.slice(start, start + ISSUES_AT_ONCE), signal);
    if (truncated) left.push(truncated);
    for (const log of items) addTo(of, log, fields.sprint);
  }
  for (const { moves, sprintChanges } of of.values()) {
    moves.sort(byTime);
    sprintChanges.sort(byTime);
  }
  return { of, ...(left.length > 0 ? { truncated: left.join("; ") } : {}) };
}

interface History {
  moves: Change[];
  sprintChanges: Change[];
}

/** An issue's changes may lie on several pages. */
function addTo(of: Map<string, History>, { issueId, changeHistories }: IssueLog, sprint: string | undefined): void {
  const known = of.get(issueId) ?? { moves: [], sprintChanges: [] };
  of.set(issueId, known);
  for (const { created, items } of changeHistories)
    for (const item of items) {
      const change = { at: created, from: item.from ?? "", to: item.to ?? "", fromName: item.fromString ?? "" };
      if (isStatus(item)) known.moves.push(change);
      else if (sprint !== undefined && item.fieldId === sprint) known.sprintChanges.push(change);
    }
}

function byTime(a: Change, b: Change): number {
  return a.at.getTime() - b.at.getTime();
}

async function readSome(client: JiraClient, sprint: string | undefined, issueIdsOrKeys: string[], signal: AbortSignal) {
  const { getBulkChangelogs } = await client.cloud();
  const fieldIds = ["status", ...(sprint ? [sprint] : [])];
  return readPages<IssueLog>(
    async (cursor) => {
      const asked = { issueIdsOrKeys, fieldIds, maxResults: CHANGES_AT_ONCE, ...(cursor ? { nextPageToken: cursor } : {}) };
      const answer = await getBulkChangelogs(client.sdk(signal), asked);
      const { issueChangeLogs, nextPageToken } = client.http.parse(answer, changelogAnswer);
      return { items: issueChangeLogs, next: nextPageToken ?? undefined };
    },
    { pages: MOST_PAGES, what: "histories" },
  );
}

function isStatus({ field, fieldId }: ChangeItem): boolean {
  return (fieldId ?? field) === "status";
}
