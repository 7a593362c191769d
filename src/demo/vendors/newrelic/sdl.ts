/**
 * The part of NerdGraph's schema that the simulator answers; names, arguments and types as published.
 * Source: New Relic, Inc., newrelic-client-go (Apache-2.0).
 */
export const SDL = `
schema { query: RootQueryType }
scalar EntityGuid
scalar EpochMilliseconds
scalar NrdbResult
scalar Nrql
scalar Seconds

type RootQueryType { actor: Actor }
type Actor { account(id: Int!): Account user: User }
type User { email: String id: Int name: String }
type Account {
  aiIssues: AiIssuesAccountStitchedFields
  id: Int
  name: String
  nrql(async: Boolean = false, query: Nrql!, timeout: Seconds): NrdbResultContainer
}

type NrdbResultContainer { metadata: NrdbMetadata nrql: Nrql results: [NrdbResult] }
type NrdbMetadata { eventTypes: [String] facets: [String] timeWindow: NrdbMetadataTimeWindow }
type NrdbMetadataTimeWindow { begin: EpochMilliseconds end: EpochMilliseconds }

input TimeWindowInput { endTime: EpochMilliseconds! startTime: EpochMilliseconds! }
enum AiIssuesPriority { CRITICAL HIGH LOW MEDIUM }
enum AiIssuesIssueState { ACTIVATED CLOSED CREATED DEACTIVATED }
enum AiIssuesIssueMutingState { FULLY_MUTED NOT_MUTED PARTIALLY_MUTED }
input AiIssuesFilterIssues { ids: [ID!] isAcknowledged: Boolean priority: [String!] states: [AiIssuesIssueState!] }
type AiIssuesAccountStitchedFields {
  issues(cursor: String, filter: AiIssuesFilterIssues, timeWindow: TimeWindowInput): AiIssuesIssueData
}
type AiIssuesIssueData { issues: [AiIssuesIssue!]! nextCursor: String }
type AiIssuesIssue {
  accountIds: [Int!]!
  acknowledgedAt: EpochMilliseconds
  acknowledgedBy: String
  activatedAt: EpochMilliseconds
  closedAt: EpochMilliseconds
  conditionName: [String!]
  createdAt: EpochMilliseconds!
  deepLinkUrl: [String!]
  description: [String!]!
  entityGuids: [EntityGuid!]
  entityNames: [String!]
  entityTypes: [String!]
  incidentIds: [String!]
  isCorrelated: Boolean!
  issueId: ID!
  mutingState: AiIssuesIssueMutingState
  origins: [String!]!
  parentMergeId: String
  policyName: [String!]
  priority: AiIssuesPriority!
  sources: [String!]!
  state: AiIssuesIssueState!
  title: [String!]!
  totalIncidents: Int!
  updatedAt: EpochMilliseconds!
}
`;
