import { z } from "zod";
import { inTurn } from "../in-turn.ts";
import type { GithubClient } from "./client.ts";
import type { RepositoryDocuments } from "./queries.ts";
import { AT_ONCE } from "./windows.ts";

/** Something that repositories list newest first: deployments, releases, commits. */
export interface Listing<T> {
  documents: RepositoryDocuments;
  /** Of a repository with one page. */
  schema: z.ZodType<RepositoryPage<T>>;
  /** The date by which it is sorted. */
  dateOf(item: T): Date;
  /** How many of each repository are asked for at first, many repositories at once. */
  first: number;
  variables?: Readonly<Record<string, unknown>>;
}

interface RepositoryPage<T> {
  id: string;
  page: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly T[] };
}

export interface Wish {
  /** Node id of the repository. */
  id: string;
  /** Reads until an item is older. */
  until: Date;
  /** Where an earlier reading ended; absent: from the newest. */
  after?: string;
}

export interface Newest<T> {
  /** Newest first; the last ones may be older than asked. */
  items: readonly T[];
  /** Where to go on; absent when that was all there is. */
  after?: string;
  /** It stopped at our limit, not at the date asked. */
  isCut: boolean;
}

const REPOSITORIES_AT_ONCE = 8;
const PAGE = 100;
const MOST_PAGES = 30;

/** The newest of each repository by its node id; without those that are gone. Throws VendorError. */
export async function readNewest<T>(
  client: GithubClient,
  listing: Listing<T>,
  wishes: readonly Wish[],
  signal: AbortSignal,
): Promise<Map<string, Newest<T>>> {
  const fresh = wishes.filter(({ after }) => after === undefined);
  const batches = Array.from({ length: Math.ceil(fresh.length / REPOSITORIES_AT_ONCE) }, (_, i) =>
    fresh.slice(i * REPOSITORIES_AT_ONCE, (i + 1) * REPOSITORIES_AT_ONCE),
  );
  const pages = (await inTurn(batches, AT_ONCE, (batch) => firstPages(client, listing, batch, signal))).flat();
  const begun = new Map(pages.map((page) => [page.id, page]));
  const found = await inTurn(wishes, AT_ONCE, async (wish) => {
    const page = begun.get(wish.id);
    return page || wish.after ? ([wish.id, await readOn(client, listing, wish, page, signal)] as const) : undefined;
  });
  return new Map(found.filter((entry) => entry !== undefined));
}

async function firstPages<T>(
  client: GithubClient,
  { documents, schema, first, variables }: Listing<T>,
  batch: readonly Wish[],
  signal: AbortSignal,
): Promise<RepositoryPage<T>[]> {
  const answer = z.object({ nodes: z.array(schema.nullable()) });
  const ids = batch.map(({ id }) => id);
  const { nodes } = await client.graphql(documents.first, { ...variables, ids, first, after: null }, answer, signal);
  return nodes.filter((node) => node !== null);
}

async function readOn<T>(
  client: GithubClient,
  { documents, schema, dateOf, variables }: Listing<T>,
  { id, until, after }: Wish,
  begun: RepositoryPage<T> | undefined,
  signal: AbortSignal,
): Promise<Newest<T>> {
  const answer = z.object({ node: schema.nullable() });
  const items = [...(begun?.page.nodes ?? [])];
  const seen = new Set<string>();
  let next = begun ? nextOf(begun) : after;
  for (let page = 1; next !== undefined && !seen.has(next) && !reaches(items.at(-1)); page++) {
    if (page > MOST_PAGES) return { items, after: next, isCut: true };
    seen.add(next);
    const { node } = await client.graphql(documents.next, { ...variables, id, first: PAGE, after: next }, answer, signal);
    items.push(...(node?.page.nodes ?? []));
    next = node ? nextOf(node) : undefined;
  }
  return { items, isCut: next !== undefined && seen.has(next), ...(next === undefined ? {} : { after: next }) };

  function reaches(last: T | undefined): boolean {
    return last !== undefined && dateOf(last) < until;
  }
}

function nextOf({ page: { pageInfo } }: RepositoryPage<unknown>): string | undefined {
  return pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
}
