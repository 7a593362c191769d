import { VendorError } from "../../errors.ts";
import { type Cached, readPages } from "../http.ts";
import type { GithubClient } from "./client.ts";
import { REPOSITORIES, TEAMS } from "./queries.ts";
import { withoutIt } from "./receipts.ts";
import { type RepositoryNode, repositoriesAnswer, teamsAnswer } from "./schema.ts";
import type { Found } from "./search.ts";

/** Repositories, the one pushed to last first. */
export type Repositories = Cached<Found<RepositoryNode>>;

export interface Teams {
  /** The smallest team somebody is a direct member of: in "everyone" all are. undefined when not known. */
  of(login: string | undefined): string | undefined;
  /** Of the teams somebody is the smallest team of. */
  names: readonly string[];
  /** Why teams are not known; they are a help, not a need. */
  note?: string;
  part?: Cached<unknown>;
}

const PAGE = 100;
const MOST_PAGES = 10;
const HALF_HOUR_MS = 1_800_000;

/** Throws VendorError; for an owner who does not exist, too. */
export function readRepositories(client: GithubClient, signal: AbortSignal): Promise<Repositories> {
  const load = async (during: AbortSignal) =>
    readPages<RepositoryNode>(
      async (after) => {
        const variables = { org: client.org, first: PAGE, after: after ?? null };
        const { repositoryOwner: owner } = await client.graphql(REPOSITORIES, variables, repositoriesAnswer, during);
        if (!owner)
          throw new VendorError("GitHub", `GitHub has no “${client.org}” that GITHUB_TOKEN may see. Check GITHUB_ORG and GITHUB_TOKEN.`, {
            status: 404,
          });
        const { pageInfo, nodes } = owner.repositories;
        return { items: nodes, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined };
      },
      { pages: MOST_PAGES, what: "repositories" },
    );
  return client.http.cached("repositories", load, signal, { operation: REPOSITORIES.operation });
}

/** Never throws for what GitHub refuses: then there are no teams, and a note why. */
export async function readTeams(client: GithubClient, signal: AbortSignal): Promise<Teams> {
  try {
    const part = await client.http.cached("teams", (during) => loadTeams(client, during), signal, {
      operation: TEAMS.operation,
      ttlMs: HALF_HOUR_MS,
    });
    const names = [...new Set(part.value.values())].sort();
    return { of: (login) => (login === undefined ? undefined : part.value.get(login)), names, part };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return { of: () => undefined, names: [], note: withoutIt("Teams are not known", error) };
  }
}

async function loadTeams(client: GithubClient, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { items } = await readPages(
    async (after) => {
      const { organization } = await client.graphql(TEAMS, { org: client.org, first: PAGE, after: after ?? null }, teamsAnswer, signal);
      const teams = organization?.teams;
      return { items: teams?.nodes ?? [], next: teams?.pageInfo.hasNextPage ? (teams.pageInfo.endCursor ?? undefined) : undefined };
    },
    { pages: MOST_PAGES, what: "teams" },
  );
  const teamOf = new Map<string, string>();
  // The largest first, so that the smallest has the last word; equal sizes by name, so that the order given decides nothing.
  const largestFirst = items.toSorted((a, b) => b.members.totalCount - a.members.totalCount || (a.slug < b.slug ? 1 : -1));
  for (const { name, members } of largestFirst) for (const { login } of members.nodes) teamOf.set(login, name);
  return teamOf;
}
