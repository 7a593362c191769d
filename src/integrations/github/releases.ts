import { fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Cached } from "../http.ts";
import type { GithubClient } from "./client.ts";
import { readNewest } from "./newest.ts";
import { RELEASES } from "./queries.ts";
import { type ReleaseNode, type RepositoryNode, releaseNode, repositoryPage } from "./schema.ts";
import type { Found } from "./search.ts";
import { holds } from "./windows.ts";

export interface RepositoryRelease extends ReleaseNode {
  repository: RepositoryNode;
  publishedAt: Date;
}

/** A release may be written long before it is published, and the list is sorted by its writing. */
const WRITTEN_BEFORE_MS = 30 * 86_400_000;

/** Releases published in the period, newest first, drafts left out. Throws VendorError. */
export async function readReleases(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  period: Period,
  signal: AbortSignal,
): Promise<Cached<Found<RepositoryRelease>>> {
  const key = `releases ${period.from} ${repositories.map(({ id }) => id).join(" ")}`;
  const since = await client.http.cached(key, (during) => load(client, repositories, period.from, during), signal, {
    operation: RELEASES.first.operation,
  });
  return { ...since, value: { ...since.value, items: since.value.items.filter(({ publishedAt }) => holds(period, publishedAt)) } };
}

async function load(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  from: string,
  signal: AbortSignal,
): Promise<Found<RepositoryRelease>> {
  const listing = {
    documents: RELEASES,
    schema: repositoryPage(releaseNode).transform(({ id, page }) => ({ id, page })),
    dateOf: ({ createdAt }: ReleaseNode) => createdAt,
    first: 20,
  };
  const until = new Date(toInstant(from).getTime() - WRITTEN_BEFORE_MS);
  const found = await readNewest(
    client,
    listing,
    repositories.map(({ id }) => ({ id, until })),
    signal,
  );
  const items = repositories.flatMap((repository) =>
    (found.get(repository.id)?.items ?? []).flatMap((release) =>
      release.publishedAt && !release.isDraft && fromInstant(release.publishedAt) >= from
        ? [{ ...release, publishedAt: release.publishedAt, repository }]
        : [],
    ),
  );
  const cut = repositories.filter(({ id }) => found.get(id)?.isCut).map(({ name }) => name);
  return {
    items: items.toSorted((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? -1 : 1)),
    ...(cut.length ? { truncated: `older releases of ${cut.join(", ")}` } : {}),
  };
}
