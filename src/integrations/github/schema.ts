import { z } from "zod";
import { quoteForeign } from "../../errors.ts";

/** What we read of GitHub's answers, no more. Words of people come in as one harmless line. */

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const words = z.string().transform(quoteForeign);
const url = z
  .string()
  .transform((text) => (/^https:\/\/[\w.-]+(?::\d+)?\/[^\s"'<>()[\]|\\`\p{C}]*$/u.test(text) ? text.slice(0, 500) : undefined));
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const actor = z.object({ __typename: z.string(), login: words }).nullable();
const repository = z.object({ nameWithOwner: words });

/** Lists hold null where the token may not see an item. */
function nodesOf<T>(item: z.ZodType<T>) {
  return z
    .array(item.nullable())
    .nullable()
    .transform((list) => (list ?? []).filter((entry) => entry !== null));
}

export type Actor = z.output<typeof actor>;

export const pullNode = z.object({
  id: z.string(),
  number: z.int(),
  title: words,
  url,
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  isDraft: z.boolean(),
  createdAt: instant,
  mergedAt: instant.nullable(),
  closedAt: instant.nullable(),
  updatedAt: instant,
  baseRefName: words,
  headRefName: words,
  additions: z.int(),
  deletions: z.int(),
  reviewDecision: z.enum(["APPROVED", "CHANGES_REQUESTED", "REVIEW_REQUIRED"]).nullable(),
  totalCommentsCount: z.int().nullable(),
  repository,
  author: actor,
  mergeCommit: z.object({ oid: words }).nullable(),
  commits: z.object({ totalCount: z.int(), nodes: nodesOf(z.object({ commit: z.object({ authoredDate: instant }) })) }),
  reviews: z
    .object({ totalCount: z.int(), nodes: nodesOf(z.object({ state: z.string(), submittedAt: instant.nullable(), author: actor })) })
    .nullable(),
  comments: z.object({ nodes: nodesOf(z.object({ createdAt: instant, author: actor })) }),
  reviewRequests: z
    .object({ nodes: nodesOf(z.object({ requestedReviewer: z.object({ login: words.optional(), slug: words.optional() }).nullable() })) })
    .nullable(),
});
export type PullNode = z.output<typeof pullNode>;

export const issueNode = z.object({
  id: z.string(),
  number: z.int(),
  title: words,
  body: z.string().transform((text) => text.replace(/(?:(?![\n\t])\p{C})+/gu, " ").slice(0, 4_000)),
  url,
  state: z.enum(["OPEN", "CLOSED"]),
  stateReason: z.string().nullable(),
  createdAt: instant,
  closedAt: instant.nullable(),
  updatedAt: instant,
  repository,
  author: actor,
  assignees: z.object({ nodes: nodesOf(z.object({ login: words })) }),
  labels: z.object({ nodes: nodesOf(z.object({ name: words })) }).nullable(),
  milestone: z.object({ title: words, dueOn: instant.nullable() }).nullable(),
  closedByPullRequestsReferences: z.object({ totalCount: z.int() }).nullable(),
});
export type IssueNode = z.output<typeof issueNode>;

export function searchAnswer<T>(item: z.ZodType<T>) {
  return z.object({ search: z.object({ issueCount: z.int(), pageInfo, nodes: nodesOf(item) }) });
}

export const repositoryNode = z.object({
  id: z.string(),
  name: words,
  nameWithOwner: words,
  url,
  description: words.nullable(),
  isArchived: z.boolean(),
  isFork: z.boolean(),
  pushedAt: instant.nullable(),
  createdAt: instant,
  primaryLanguage: z.object({ name: words }).nullable(),
  defaultBranchRef: z.object({ name: words }).nullable(),
});
export type RepositoryNode = z.output<typeof repositoryNode>;

/** null: there is no such owner, or the token may not see it. */
export const repositoriesAnswer = z.object({
  repositoryOwner: z.object({ repositories: z.object({ pageInfo, nodes: nodesOf(repositoryNode) }) }).nullable(),
});

export const teamsAnswer = z.object({
  organization: z
    .object({
      teams: z.object({
        pageInfo,
        nodes: nodesOf(
          z.object({ name: words, slug: words, members: z.object({ totalCount: z.int(), nodes: nodesOf(z.object({ login: words })) }) }),
        ),
      }),
    })
    .nullable(),
});

export const deploymentNode = z.object({
  id: z.string(),
  databaseId: z.int().nullable(),
  createdAt: instant,
  environment: words.nullable(),
  originalEnvironment: words.nullable(),
  commitOid: words,
  state: z.string().nullable(),
  creator: actor,
  latestStatus: z.object({ logUrl: url.nullable(), environmentUrl: url.nullable() }).nullable(),
  statuses: z.object({ nodes: nodesOf(z.object({ state: z.string(), createdAt: instant })) }).nullable(),
});
export type DeploymentNode = z.output<typeof deploymentNode>;

export const releaseNode = z.object({
  id: z.string(),
  tagName: words,
  name: words.nullable(),
  url,
  createdAt: instant,
  publishedAt: instant.nullable(),
  isDraft: z.boolean(),
  isPrerelease: z.boolean(),
  author: z.object({ login: words }).nullable(),
});
export type ReleaseNode = z.output<typeof releaseNode>;

const commitNode = z.object({
  oid: words,
  committedDate: instant,
  author: z.object({ name: words.nullable(), user: z.object({ login: words }).nullable() }).nullable(),
  parents: z.object({ nodes: nodesOf(z.object({ oid: words })) }),
});
export type CommitNode = z.output<typeof commitNode>;

function pageOf<T>(item: z.ZodType<T>) {
  return z.object({ pageInfo, nodes: nodesOf(item) });
}

/** A repository with one page of something, whatever it is. */
export function repositoryPage<T>(item: z.ZodType<T>) {
  return z.object({ id: z.string(), nameWithOwner: words, page: pageOf(item) });
}

/** An empty repository has no default branch, and a branch may point at a tag's object: then there is no history. */
export const historyPage = z
  .object({
    id: z.string(),
    nameWithOwner: words,
    defaultBranchRef: z.object({ target: z.object({ history: pageOf(commitNode).optional() }).nullable() }).nullable(),
  })
  .transform(({ id, nameWithOwner, defaultBranchRef }) => ({
    id,
    nameWithOwner,
    page: defaultBranchRef?.target?.history ?? { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
  }));

export const runsAnswer = z.object({
  total_count: z.int(),
  workflow_runs: z.array(
    z.object({
      id: z.int(),
      name: words.nullish(),
      head_branch: words.nullable(),
      head_sha: words,
      event: words,
      status: z.string().nullable(),
      conclusion: z.string().nullable(),
      run_attempt: z.int().optional(),
      run_started_at: instant.optional(),
      created_at: instant,
      updated_at: instant,
      html_url: url,
      actor: z.object({ login: words }).nullish(),
    }),
  ),
});
export type RunRow = z.output<typeof runsAnswer>["workflow_runs"][number];

const viewer = z.object({ login: words });
export const whoAnswer = z.object({
  viewer,
  repositoryOwner: z.object({ login: words, repositories: z.object({ totalCount: z.int() }) }).nullable(),
  rateLimit: z.object({ limit: z.int(), remaining: z.int(), resetAt: instant }).nullable(),
});
export const teamCountAnswer = z.object({ organization: z.object({ teams: z.object({ totalCount: z.int() }) }).nullable() });

const count = z.number().nullish();
const counts = {
  code_generation_activity_count: count,
  code_acceptance_activity_count: count,
  loc_suggested_to_add_sum: count,
  loc_added_sum: count,
  user_initiated_interaction_count: count,
};
const totals = <Key extends string>(...keys: Key[]) =>
  z
    .array(z.object({ ...counts, ...(Object.fromEntries(keys.map((key) => [key, words])) as Record<Key, typeof words>) }))
    .nullish()
    .transform((rows) => rows ?? []);

/** One day of the organisation's Copilot report. */
const copilotDay = z.object({
  day: z.iso.date(),
  daily_active_users: count,
  ...counts,
  totals_by_ide: totals("ide"),
  totals_by_feature: totals("feature"),
  totals_by_language_feature: totals("language", "feature"),
  totals_by_language_model: totals("language", "model"),
  totals_by_model_feature: totals("model", "feature"),
});
export type CopilotDay = z.output<typeof copilotDay>;

/** A line of a report: a day, or a wrapper around days. */
export const copilotLine = z.union([
  z.object({ day_totals: z.array(copilotDay) }).transform(({ day_totals }) => day_totals),
  copilotDay.transform((day) => [day]),
]);

/** 204 for a day without a report: then there is no body. */
export const reportLinks = z
  .object({ download_links: z.array(z.string()), report_day: z.iso.date().optional(), report_end_day: z.iso.date().optional() })
  .optional();
