import type { Deployment, Pull, Repository } from "../../world/index.ts";
import { ORG, pageOf } from "./names.ts";

/** What GitHub would work out from the records: histories, verdicts, statuses. */

/** The last push to any of its branches. */
export function pushedAt(repository: Repository, pulls: readonly Pull[]): string {
  return pulls.reduce((latest, pull) => {
    const last = pull.mergedAt ?? pull.commits.at(-1)?.committedAt ?? pull.createdAt;
    return last > latest ? last : latest;
  }, `${repository.createdOn}T09:00:00Z`);
}

export interface KnownCommit {
  oid: string;
  /** Absent for the first that is known. */
  parent: KnownCommit | undefined;
  at: string;
  author: string;
  headline: string;
}

/** The default branch: one commit per merge, newest first. */
export function mainOf(pulls: readonly Pull[]): KnownCommit[] {
  const merged = pulls
    .flatMap((pull) => (pull.mergeCommit && pull.mergedAt ? [{ pull, oid: pull.mergeCommit, at: pull.mergedAt }] : []))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.pull.number - b.pull.number));
  let parent: KnownCommit | undefined;
  const line = merged.map(({ pull, oid, at }): KnownCommit => {
    parent = { oid, parent, at, author: pull.author, headline: `${pull.title} (#${pull.number})` };
    return parent;
  });
  return line.reverse();
}

/** The commits of a pull request's branch, oldest first. */
export function branchOf(pull: Pull): KnownCommit[] {
  let parent: KnownCommit | undefined;
  return pull.commits.map((c): KnownCommit => {
    parent = { oid: c.sha, parent, at: c.committedAt, author: c.author, headline: c.message };
    return parent;
  });
}

/** The verdict of the reviews: the last of each reviewer counts, and an open request for changes is stronger than an approval. */
export function decisionOf(pull: Pull): string {
  const last = new Map(pull.reviews.filter(({ state }) => state !== "commented").map(({ author, state }) => [author, state]));
  if ([...last.values()].includes("changes_requested")) return "CHANGES_REQUESTED";
  return [...last.values()].includes("approved") ? "APPROVED" : "REVIEW_REQUIRED";
}

/** Newest first: queued, in progress, its end, and inactive once a newer one stands in the same environment. */
export function statusesOf(
  deployment: Deployment,
  siblings: readonly Deployment[],
): { id: string; state: string; createdAt: string; logUrl: string; environmentUrl: string }[] {
  const next = siblings.find(
    (d) =>
      d.environment === deployment.environment &&
      d.status === "success" &&
      d.finishedAt !== null &&
      deployment.finishedAt !== null &&
      d.finishedAt > deployment.finishedAt,
  );
  const steps: [string, string | null | undefined][] = [
    ["QUEUED", deployment.createdAt],
    ["IN_PROGRESS", deployment.startedAt],
    [deployment.status === "success" ? "SUCCESS" : "FAILURE", deployment.finishedAt],
    ["INACTIVE", deployment.status === "success" ? next?.finishedAt : undefined],
  ];
  return steps
    .flatMap(([state, at]) => (at ? [{ state, createdAt: at }] : []))
    .map((status) => ({
      ...status,
      id: `DES_${deployment.id}/${status.state}`,
      logUrl: pageOf(ORG, deployment.repository, "deployments", deployment.id),
      environmentUrl: deployment.url,
    }))
    .reverse();
}
