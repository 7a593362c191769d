import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { GithubClient } from "./client.ts";
import { byAge, known } from "./pulls.ts";
import { SEARCH_ISSUES } from "./queries.ts";
import { receiptOf } from "./receipts.ts";
import { readTeams, type Teams } from "./repositories.ts";
import { type IssueNode, issueNode } from "./schema.ts";
import type { createMonths, SearchKind } from "./search.ts";
import { holds } from "./windows.ts";

export const ISSUES: SearchKind<IssueNode> = { what: "issues", document: SEARCH_ISSUES, schema: issueNode };

export const ISSUE_DIMENSIONS = ["repository", "type", "status", "status_category", "assignee", "reporter", "team", "resolution"];
export const ISSUE_MEASURES: readonly RecordMeasure[] = [
  { name: "issues", unit: "count" },
  {
    name: "days_to_close",
    unit: "days",
    aggregate: "mean",
    of: ({ times: { created, resolved } }) => (created && resolved ? (resolved.getTime() - created.getTime()) / 86_400_000 : undefined),
  },
];

/** Issues opened in the period, as records. */
export async function loadIssues(
  client: GithubClient,
  opened: ReturnType<typeof createMonths<IssueNode>>,
  period: Period,
  signal: AbortSignal,
): Promise<RecordAnswer> {
  const [found, teams] = await Promise.all([opened(period, signal), readTeams(client, signal)]);
  const records = found.items.filter(({ createdAt }) => holds(period, createdAt)).map((node) => issueRecord(node, teams));
  const path = `search?q=${encodeURIComponent(`org:${client.org} is:issue created:${period.from}..${period.to}`)}&type=issues`;
  const asked = {
    ...{ what: "issues", query: "issues opened", window: period, truncated: found.truncated, path },
    ...(teams.note ? { notes: [teams.note] } : {}),
  };
  return { records: records.toSorted(byAge), receipts: [receiptOf(client, asked, found.parts)] };
}

/** An issue. GitHub does not say when work on it began; an open pull request that would close it says that it has. */
export function issueRecord(node: IssueNode, teams: Pick<Teams, "of">): FeedRecord {
  const repository = node.repository.nameWithOwner;
  const assignee = node.assignees.nodes[0]?.login;
  const isWorkedOn = (node.closedByPullRequestsReferences?.totalCount ?? 0) > 0;
  return {
    id: `${repository}#${node.number}`,
    at: node.createdAt,
    title: node.title,
    ...(node.url ? { url: node.url } : {}),
    ...(node.body ? { text: node.body } : {}),
    labels: known({
      project: repository,
      repository,
      type: typeOf(node),
      status: node.state.toLowerCase(),
      status_category: node.state === "CLOSED" ? "done" : isWorkedOn ? "in progress" : "to do",
      assignee,
      reporter: node.author?.login,
      team: teams.of(assignee),
      milestone: node.milestone?.title,
      resolution: node.state === "CLOSED" ? node.stateReason?.toLowerCase().replaceAll("_", " ") : undefined,
    }),
    numbers: {},
    times: {
      created: node.createdAt,
      ...(node.closedAt ? { resolved: node.closedAt } : {}),
      ...(node.milestone?.dueOn ? { due: node.milestone.dueOn } : {}),
    },
  };
}

/** By the labels GitHub gives every repository, and close names for them. */
function typeOf({ labels }: IssueNode): string | undefined {
  const names = (labels?.nodes ?? []).map(({ name }) => name.toLowerCase());
  if (names.some((name) => /\bbugs?\b|\bdefects?\b/.test(name))) return "bug";
  if (names.some((name) => /\benhancements?\b|\bfeatures?\b/.test(name))) return "feature";
  return names.some((name) => /\bdocumentation\b|\bdocs\b/.test(name)) ? "documentation" : undefined;
}
