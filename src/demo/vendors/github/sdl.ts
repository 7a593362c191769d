/** Values of the schema's choices. */
const CHOICES: Readonly<Record<string, string>> = {
  SearchType: "DISCUSSION ISSUE REPOSITORY USER",
  OrderDirection: "ASC DESC",
  RepositoryOrderField: "CREATED_AT NAME PUSHED_AT STARGAZERS UPDATED_AT",
  DeploymentOrderField: "CREATED_AT",
  ReleaseOrderField: "CREATED_AT NAME",
  RepositoryAffiliation: "COLLABORATOR ORGANIZATION_MEMBER OWNER",
  TeamMembershipType: "ALL CHILD_TEAM IMMEDIATE",
  PullRequestState: "CLOSED MERGED OPEN",
  PullRequestReviewDecision: "APPROVED CHANGES_REQUESTED REVIEW_REQUIRED",
  PullRequestReviewState: "APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING",
  IssueState: "CLOSED OPEN",
  IssueStateReason: "COMPLETED DUPLICATE NOT_PLANNED REOPENED",
  DeploymentState: "ABANDONED ACTIVE DESTROYED ERROR FAILURE INACTIVE IN_PROGRESS PENDING QUEUED SUCCESS WAITING",
  DeploymentStatusState: "ERROR FAILURE INACTIVE IN_PROGRESS PENDING QUEUED SUCCESS WAITING",
};

/**
 * The part of GitHub's GraphQL schema that the simulator answers; names, arguments and types as published (a test compares them).
 * Source: GitHub, Inc., as packaged in @octokit/graphql-schema (MIT).
 */
export const SDL = `
${Object.entries(CHOICES)
  .map(([name, values]) => `enum ${name} { ${values} }`)
  .join("\n")}

scalar DateTime
scalar GitObjectID
scalar GitTimestamp
scalar URI

type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  organization(login: String!): Organization
  rateLimit(dryRun: Boolean = false): RateLimit
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  repositoryOwner(login: String!): RepositoryOwner
  search(after: String, before: String, first: Int, last: Int, query: String!, type: SearchType!): SearchResultItemConnection!
  viewer: User!
}

type RateLimit { cost: Int! limit: Int! nodeCount: Int! remaining: Int! resetAt: DateTime! used: Int! }
input RepositoryOrder { direction: OrderDirection! field: RepositoryOrderField! }
input DeploymentOrder { direction: OrderDirection! field: DeploymentOrderField! }
input ReleaseOrder { direction: OrderDirection! field: ReleaseOrderField! }

interface Node { id: ID! }
interface Actor { login: String! url: URI! }
interface GitObject { id: ID! oid: GitObjectID! }
interface RepositoryOwner {
  id: ID!
  login: String!
  repositories(after: String, first: Int, isArchived: Boolean, orderBy: RepositoryOrder, ownerAffiliations: [RepositoryAffiliation] = [OWNER, COLLABORATOR]): RepositoryConnection!
  url: URI!
}
union SearchResultItem = Issue | PullRequest
union RequestedReviewer = Team | User

type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
type User implements Actor & Node { id: ID! login: String! name: String url: URI! }
type Bot implements Actor & Node { id: ID! login: String! url: URI! }

type Organization implements Node & RepositoryOwner {
  id: ID!
  login: String!
  name: String
  repositories(after: String, first: Int, isArchived: Boolean, orderBy: RepositoryOrder, ownerAffiliations: [RepositoryAffiliation] = [OWNER, COLLABORATOR]): RepositoryConnection!
  teams(after: String, first: Int): TeamConnection!
  url: URI!
}
type TeamConnection { nodes: [Team] pageInfo: PageInfo! totalCount: Int! }
type Team implements Node {
  id: ID!
  members(after: String, first: Int, membership: TeamMembershipType = ALL): TeamMemberConnection!
  name: String!
  slug: String!
}
type TeamMemberConnection { nodes: [User] pageInfo: PageInfo! totalCount: Int! }

type RepositoryConnection { nodes: [Repository] pageInfo: PageInfo! totalCount: Int! }
type Repository implements Node {
  createdAt: DateTime!
  defaultBranchRef: Ref
  deployments(after: String, environments: [String!], first: Int, orderBy: DeploymentOrder = { field: CREATED_AT, direction: ASC }): DeploymentConnection!
  description: String
  id: ID!
  isArchived: Boolean!
  isFork: Boolean!
  name: String!
  nameWithOwner: String!
  primaryLanguage: Language
  pushedAt: DateTime
  releases(after: String, first: Int, orderBy: ReleaseOrder): ReleaseConnection!
  url: URI!
}
type Language { id: ID! name: String! }
type Ref { id: ID! name: String! target: GitObject }

type Commit implements GitObject & Node {
  author: GitActor
  authoredDate: DateTime!
  committedDate: DateTime!
  history(after: String, first: Int, since: GitTimestamp, until: GitTimestamp): CommitHistoryConnection!
  id: ID!
  messageHeadline: String!
  oid: GitObjectID!
  parents(after: String, first: Int): CommitConnection!
}
type GitActor { name: String user: User }
type CommitHistoryConnection { nodes: [Commit] pageInfo: PageInfo! totalCount: Int! }
type CommitConnection { nodes: [Commit] pageInfo: PageInfo! totalCount: Int! }

type SearchResultItemConnection { issueCount: Int! nodes: [SearchResultItem] pageInfo: PageInfo! }
type PullRequest implements Node {
  additions: Int!
  author: Actor
  baseRefName: String!
  closedAt: DateTime
  comments(after: String, first: Int): IssueCommentConnection!
  commits(after: String, first: Int): PullRequestCommitConnection!
  createdAt: DateTime!
  deletions: Int!
  headRefName: String!
  id: ID!
  isDraft: Boolean!
  mergeCommit: Commit
  mergedAt: DateTime
  number: Int!
  repository: Repository!
  reviewDecision: PullRequestReviewDecision
  reviewRequests(after: String, first: Int): ReviewRequestConnection
  reviews(after: String, first: Int): PullRequestReviewConnection
  state: PullRequestState!
  title: String!
  totalCommentsCount: Int
  updatedAt: DateTime!
  url: URI!
}
type IssueCommentConnection { nodes: [IssueComment] pageInfo: PageInfo! totalCount: Int! }
type IssueComment implements Node { author: Actor createdAt: DateTime! id: ID! }
type PullRequestCommitConnection { nodes: [PullRequestCommit] pageInfo: PageInfo! totalCount: Int! }
type PullRequestCommit implements Node { commit: Commit! id: ID! }
type PullRequestReviewConnection { nodes: [PullRequestReview] pageInfo: PageInfo! totalCount: Int! }
type PullRequestReview implements Node { author: Actor id: ID! state: PullRequestReviewState! submittedAt: DateTime }
type ReviewRequestConnection { nodes: [ReviewRequest] pageInfo: PageInfo! totalCount: Int! }
type ReviewRequest implements Node { id: ID! requestedReviewer: RequestedReviewer }

type Issue implements Node {
  assignees(after: String, first: Int): UserConnection!
  author: Actor
  body: String!
  closedAt: DateTime
  closedByPullRequestsReferences(after: String, first: Int): PullRequestConnection
  createdAt: DateTime!
  id: ID!
  labels(after: String, first: Int): LabelConnection
  milestone: Milestone
  number: Int!
  repository: Repository!
  state: IssueState!
  stateReason(enableDuplicate: Boolean = false): IssueStateReason
  title: String!
  updatedAt: DateTime!
  url: URI!
}
type UserConnection { nodes: [User] pageInfo: PageInfo! totalCount: Int! }
type LabelConnection { nodes: [Label] pageInfo: PageInfo! totalCount: Int! }
type Label implements Node { id: ID! name: String! }
type PullRequestConnection { nodes: [PullRequest] pageInfo: PageInfo! totalCount: Int! }
type Milestone implements Node { dueOn: DateTime id: ID! title: String! }

type DeploymentConnection { nodes: [Deployment] pageInfo: PageInfo! totalCount: Int! }
type Deployment implements Node {
  commitOid: String!
  createdAt: DateTime!
  creator: Actor!
  databaseId: Int
  environment: String
  id: ID!
  latestStatus: DeploymentStatus
  originalEnvironment: String
  state: DeploymentState
  statuses(after: String, first: Int): DeploymentStatusConnection
}
type DeploymentStatusConnection { nodes: [DeploymentStatus] pageInfo: PageInfo! totalCount: Int! }
type DeploymentStatus implements Node { createdAt: DateTime! environmentUrl: URI id: ID! logUrl: URI state: DeploymentStatusState! }

type ReleaseConnection { nodes: [Release] pageInfo: PageInfo! totalCount: Int! }
type Release implements Node {
  author: User
  createdAt: DateTime!
  description: String
  id: ID!
  isDraft: Boolean!
  isPrerelease: Boolean!
  name: String
  publishedAt: DateTime
  tagName: String!
  url: URI!
}
`;
