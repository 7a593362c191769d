import type { GraphqlDocument } from "./client.ts";

/**
 * Every GraphQL document we send. A test holds them against GitHub's published schema. Page sizes: GitHub allows 100 a page and 500,000
 * nodes a query, but gives up after ten seconds; what is nested here stays well below both.
 */

const PULL = `
  fragment Pull on PullRequest {
    id number title url state isDraft createdAt mergedAt closedAt updatedAt baseRefName headRefName additions deletions reviewDecision
    totalCommentsCount
    repository { nameWithOwner }
    author { __typename login }
    mergeCommit { oid }
    commits(first: 1) { totalCount nodes { commit { authoredDate } } }
    reviews(first: 40) { totalCount nodes { state submittedAt author { __typename login } } }
    comments(first: 20) { nodes { createdAt author { __typename login } } }
    reviewRequests(first: 10) { nodes { requestedReviewer { __typename ... on User { login } ... on Team { slug } } } }
  }`;

const ISSUE = `
  fragment Issue on Issue {
    id number title body url state stateReason createdAt closedAt updatedAt
    repository { nameWithOwner }
    author { __typename login }
    assignees(first: 5) { nodes { login } }
    labels(first: 20) { nodes { name } }
    milestone { title dueOn }
    closedByPullRequestsReferences(first: 1) { totalCount }
  }`;

function searchFor(operation: string, name: string, fragment: string): GraphqlDocument {
  return {
    operation,
    text: `query($text: String!, $first: Int!, $after: String) {
  search(type: ISSUE, query: $text, first: $first, after: $after) {
    issueCount
    pageInfo { hasNextPage endCursor }
    nodes { __typename ...${name} }
  }
}${fragment}`,
  };
}

export const SEARCH_PULLS = searchFor("search pull requests", "Pull", PULL);
export const SEARCH_ISSUES = searchFor("search issues", "Issue", ISSUE);

export const REPOSITORIES: GraphqlDocument = {
  operation: "list repositories",
  text: `query($org: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $org) {
    repositories(first: $first, after: $after, ownerAffiliations: [OWNER], orderBy: { field: PUSHED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { id name nameWithOwner url description isArchived isFork pushedAt createdAt primaryLanguage { name } defaultBranchRef { name } }
    }
  }
}`,
};

export const TEAMS: GraphqlDocument = {
  operation: "list teams",
  text: `query($org: String!, $first: Int!, $after: String) {
  organization(login: $org) {
    teams(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { name slug members(first: 100, membership: IMMEDIATE) { totalCount nodes { login } } }
    }
  }
}`,
};

/** A connection of repositories: the first page of many at once, further pages one by one. */
export interface RepositoryDocuments {
  first: GraphqlDocument;
  next: GraphqlDocument;
}

function perRepository(operation: string, variables: string, field: string): RepositoryDocuments {
  return {
    first: {
      operation,
      text: `query($ids: [ID!]!, $first: Int!, $after: String${variables}) {
  nodes(ids: $ids) { __typename ... on Repository { id nameWithOwner ${field} } }
}`,
    },
    next: {
      operation,
      text: `query($id: ID!, $first: Int!, $after: String${variables}) {
  node(id: $id) { __typename ... on Repository { id nameWithOwner ${field} } }
}`,
    },
  };
}

export const DEPLOYMENTS = perRepository(
  "list deployments",
  "",
  `page: deployments(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId createdAt environment originalEnvironment commitOid state
        creator { __typename login }
        latestStatus { logUrl environmentUrl }
        statuses(first: 15) { nodes { state createdAt } }
      }
    }`,
);

export const RELEASES = perRepository(
  "list releases",
  "",
  `page: releases(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { id tagName name url createdAt publishedAt isDraft isPrerelease author { login } }
    }`,
);

/** Commits that reached the default branch, newest first. Both ends are instants by committer date. */
export const HISTORY = perRepository(
  "read commit history",
  ", $since: GitTimestamp!, $until: GitTimestamp!",
  `defaultBranchRef { target { __typename ... on Commit {
      history(first: $first, after: $after, since: $since, until: $until) {
        pageInfo { hasNextPage endCursor }
        nodes { oid committedDate author { name user { login } } parents(first: 3) { nodes { oid } } }
      }
    } } }`,
);

export const WHO: GraphqlDocument = {
  operation: "who am I",
  text: `query($org: String!) {
  viewer { login }
  repositoryOwner(login: $org) { __typename login repositories(first: 1, ownerAffiliations: [OWNER]) { totalCount } }
  rateLimit { limit remaining resetAt }
}`,
};

export const TEAM_COUNT: GraphqlDocument = {
  operation: "count teams",
  text: "query($org: String!) { organization(login: $org) { teams(first: 1) { totalCount } } }",
};
