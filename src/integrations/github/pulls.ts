import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { GithubClient } from "./client.ts";
import { issueKeyOf } from "./issue-key.ts";
import { SEARCH_PULLS } from "./queries.ts";
import { receiptOf } from "./receipts.ts";
import { readTeams, type Teams } from "./repositories.ts";
import { type Actor, type PullNode, pullNode } from "./schema.ts";
import type { createMonths, SearchKind } from "./search.ts";
import { holds } from "./windows.ts";

export const PULLS: SearchKind<PullNode> = { what: "pull requests", document: SEARCH_PULLS, schema: pullNode };

export const PULL_DIMENSIONS = ["repository", "author", "team", "state", "base"];
export const PULL_MEASURES: readonly RecordMeasure[] = [
  { name: "pull_requests", unit: "count" },
  { name: "changed_lines", unit: "lines", of: ({ numbers }) => (numbers.additions ?? 0) + (numbers.deletions ?? 0) },
  { name: "hours_to_first_review", unit: "h", aggregate: "mean", of: ({ times }) => hoursBetween(times.created, times.first_review) },
  { name: "hours_to_merge", unit: "h", aggregate: "mean", of: ({ times }) => hoursBetween(times.created, times.merged) },
];

/** Pull requests opened in the period, as records. */
export async function loadPulls(
  client: GithubClient,
  opened: ReturnType<typeof createMonths<PullNode>>,
  period: Period,
  signal: AbortSignal,
): Promise<RecordAnswer> {
  const [found, teams] = await Promise.all([opened(period, signal), readTeams(client, signal)]);
  const records = found.items.filter(({ createdAt }) => holds(period, createdAt)).map((node) => pullRecord(node, teams));
  const path = `search?q=${encodeURIComponent(`org:${client.org} is:pr created:${period.from}..${period.to}`)}&type=pullrequests`;
  const asked = {
    ...{ what: "pulls", query: "pull requests opened", window: period, truncated: found.truncated, path },
    ...(teams.note ? { notes: [teams.note] } : {}),
  };
  return { records: records.toSorted(byAge), receipts: [receiptOf(client, asked, found.parts)] };
}

/**
 * A pull request. `first_review` is the first review or comment of a person other than its author; machines do not count.
 * `reviewers` are those who did review, also without a verdict.
 */
export function pullRecord(node: PullNode, teams: Pick<Teams, "of">): FeedRecord {
  const repository = node.repository.nameWithOwner;
  const author = node.author?.login;
  const reviewers = [...new Set(reviewsOf(node).map(({ by }) => by))];
  const issue = isPerson(node.author) ? issueKeyOf(node.title, node.headRefName) : undefined;
  const firstReview = looksOf(node)[0];
  const firstCommit = node.commits.nodes[0]?.commit.authoredDate;
  return {
    id: `${repository}#${node.number}`,
    at: node.createdAt,
    title: node.title,
    ...(node.url ? { url: node.url } : {}),
    labels: known({
      repository,
      author,
      team: teams.of(author),
      state: node.state.toLowerCase(),
      base: node.baseRefName,
      branch: node.headRefName,
      reviewers: reviewers.join(", ") || undefined,
      issue,
      commit: node.mergeCommit?.oid,
      review: node.state === "OPEN" ? reviewState(node) : undefined,
    }),
    numbers: {
      additions: node.additions,
      deletions: node.deletions,
      commits: node.commits.totalCount,
      ...(node.reviews ? { reviews: node.reviews.totalCount } : {}),
      ...(node.totalCommentsCount === null ? {} : { comments: node.totalCommentsCount }),
    },
    times: {
      created: node.createdAt,
      ...(firstCommit ? { first_commit: firstCommit } : {}),
      ...(firstReview ? { first_review: firstReview } : {}),
      ...(node.mergedAt ? { merged: node.mergedAt } : {}),
      ...(node.closedAt ? { closed: node.closedAt } : {}),
    },
  };
}

export type ReviewState = "draft" | "approved" | "changes requested" | "in review" | "waiting for review";

/** How far an open pull request's review is. A review without a verdict does not end the waiting where an approval is asked for. */
export function reviewState(node: PullNode): ReviewState {
  if (node.isDraft) return "draft";
  if (node.reviewDecision === "APPROVED") return "approved";
  if (node.reviewDecision === "CHANGES_REQUESTED") return "changes requested";
  const reviews = reviewsOf(node);
  if (node.reviewDecision === null) {
    const verdicts = new Map(reviews.filter(({ state }) => state !== "COMMENTED").map(({ by, state }) => [by, state]));
    if ([...verdicts.values()].includes("CHANGES_REQUESTED")) return "changes requested";
    if ([...verdicts.values()].includes("APPROVED")) return "approved";
  }
  return reviews.length > 0 ? "in review" : "waiting for review";
}

/** Submitted reviews of people other than the author, oldest first. */
function reviewsOf({ author, reviews }: PullNode): { by: string; at: Date; state: string }[] {
  return (reviews?.nodes ?? [])
    .flatMap(({ author: by, submittedAt, state }) =>
      submittedAt && state !== "PENDING" && isPerson(by) && by.login !== author?.login ? [{ by: by.login, at: submittedAt, state }] : [],
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** When others looked at it, oldest first. */
function looksOf(node: PullNode): Date[] {
  const comments = node.comments.nodes.filter(({ author }) => isPerson(author) && author.login !== node.author?.login);
  return [...reviewsOf(node).map(({ at }) => at), ...comments.map(({ createdAt }) => createdAt)].sort((a, b) => a.getTime() - b.getTime());
}

function isPerson(actor: Actor): actor is NonNullable<Actor> {
  return actor !== null && actor.__typename !== "Bot" && !actor.login.endsWith("[bot]");
}

function hoursBetween(from: Date | undefined, to: Date | undefined): number | undefined {
  return from && to ? (to.getTime() - from.getTime()) / 3_600_000 : undefined;
}

export function byAge(a: FeedRecord, b: FeedRecord): number {
  return (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || (a.id < b.id ? -1 : 1);
}

/** Labels without those that are not known. */
export function known(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
