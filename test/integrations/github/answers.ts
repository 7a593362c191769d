import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** GitHub's answers for a small organisation, by document. Shapes are those of the published schema; names are invented. */

export function pull(number: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    __typename: "PullRequest",
    id: `PR_${number}`,
    number,
    title: `OPS-${number} Change the answer`,
    url: `https://github.com/acme/web/pull/${number}`,
    state: "MERGED",
    isDraft: false,
    createdAt: "2026-11-10T09:00:00Z",
    mergedAt: "2026-11-11T09:00:00Z",
    closedAt: "2026-11-11T09:00:00Z",
    updatedAt: "2026-11-11T09:30:00Z",
    baseRefName: "main",
    headRefName: `ops-${number}-change`,
    additions: 12,
    deletions: 3,
    reviewDecision: "APPROVED",
    totalCommentsCount: 2,
    repository: { nameWithOwner: "acme/web" },
    author: { __typename: "User", login: "ann" },
    mergeCommit: { oid: "c0ffee0000000000000000000000000000000001" },
    commits: { totalCount: 2, nodes: [{ commit: { authoredDate: "2026-11-09T15:00:00Z" } }] },
    reviews: {
      totalCount: 2,
      nodes: [
        { state: "COMMENTED", submittedAt: "2026-11-10T09:01:00Z", author: { __typename: "Bot", login: "lint" } },
        { state: "APPROVED", submittedAt: "2026-11-10T12:00:00Z", author: { __typename: "User", login: "bob" } },
      ],
    },
    comments: { nodes: [{ createdAt: "2026-11-10T11:00:00Z", author: { __typename: "User", login: "cem" } }] },
    reviewRequests: { nodes: [{ requestedReviewer: { __typename: "User", login: "cem" } }, { requestedReviewer: null }] },
    ...changes,
  };
}

export const OPEN = {
  ...{ state: "OPEN", mergedAt: null, closedAt: null, mergeCommit: null, reviewDecision: null },
  reviews: { totalCount: 0, nodes: [] },
  comments: { nodes: [] },
};

export function repository(name: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `R_${name}`,
    name,
    nameWithOwner: `acme/${name}`,
    url: `https://github.com/acme/${name}`,
    description: "One of ours",
    isArchived: false,
    isFork: false,
    pushedAt: "2026-11-20T09:00:00Z",
    createdAt: "2020-01-01T09:00:00Z",
    primaryLanguage: { name: "Go" },
    defaultBranchRef: { name: "main" },
    ...changes,
  };
}

export function page(nodes: readonly unknown[], next: string | null = null): Record<string, unknown> {
  return { pageInfo: { hasNextPage: next !== null, endCursor: next }, nodes };
}

export function search(nodes: readonly unknown[], next: string | null = null, issueCount = nodes.length): Record<string, unknown> {
  return { search: { issueCount, ...page(nodes, next) } };
}

/** What each document gets as `data`; found by a word that only it has. */
export type Script = Readonly<Record<string, (variables: Readonly<Record<string, unknown>>) => unknown>>;

export const WHO = {
  viewer: { login: "acme-bot" },
  repositoryOwner: { __typename: "Organization", login: "acme", repositories: { totalCount: 1 } },
  rateLimit: { limit: 5000, remaining: 4990, resetAt: "2026-11-21T10:00:00Z" },
};

export const SCRIPT: Script = {
  rateLimit: () => WHO,
  "teams(first: 1)": () => ({ organization: { teams: { totalCount: 1 } } }),
  "teams(first: $first": () => ({
    organization: { teams: page([{ name: "Platform", slug: "platform", members: { totalCount: 1, nodes: [{ login: "ann" }] } }]) },
  }),
  "repositories(first: $first": () => ({ repositoryOwner: { repositories: page([repository("web")]) } }),
  "search(": ({ after }) => (after === "2" ? search([pull(3)], null, 3) : search([pull(1), pull(2, OPEN)], "2", 3)),
};

export function graphql(script: Script) {
  return ({ body }: RecordedRequest) => {
    const { query = "", variables = {} } = body as { query?: string; variables?: Record<string, unknown> };
    const [, answer] = Object.entries(script).find(([word]) => query.includes(word)) ?? [];
    if (!answer) throw new Error(`nothing is scripted for ${query}`);
    return { json: { data: answer(variables) } };
  };
}

/** What doctor asks besides. */
export const CHECK_ROUTES: Routes = {
  "GET /rate_limit": { json: { resources: {} }, headers: { "x-oauth-scopes": "repo, read:org" } },
  "GET /repos/acme/web/actions/runs": { json: { total_count: 0, workflow_runs: [] } },
  "GET /orgs/acme/copilot/metrics/reports/organization-28-day/latest": {
    json: { download_links: [], report_start_day: "2026-10-23", report_end_day: "2026-11-19" },
  },
};

export function routesOf(script: Script, more: Routes = CHECK_ROUTES): Routes {
  return { "POST /graphql": graphql(script), ...more };
}
