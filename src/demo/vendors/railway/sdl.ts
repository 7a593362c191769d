/**
 * The part of Railway's GraphQL schema that the simulator answers; names, arguments and types as published.
 * Source: railwayapp/cli, src/gql/schema.json at df14f094 (MIT, © Railway Corp.).
 */
export const SDL = `
scalar DateTime
scalar DeploymentMeta

enum MetricMeasurement {
  BACKUP_USAGE_GB CPU_LIMIT CPU_USAGE CPU_USAGE_2 DISK_USAGE_GB EPHEMERAL_DISK_USAGE_GB MEASUREMENT_UNSPECIFIED
  MEMORY_LIMIT_GB MEMORY_USAGE_GB NETWORK_RX_GB NETWORK_TX_GB UNRECOGNIZED
}
enum MetricTag {
  DEPLOYMENT_ID DEPLOYMENT_INSTANCE_ID ENVIRONMENT_ID HOST_TYPE KEY_UNSPECIFIED PLUGIN_ID PROJECT_ID REGION SERVICE_ID
  UNRECOGNIZED VOLUME_ID VOLUME_INSTANCE_ID
}
enum DeploymentStatus {
  BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
}
input DeploymentStatusInput { in: [DeploymentStatus!] notIn: [DeploymentStatus!] }
input DeploymentListInput {
  environmentId: String
  includeDeleted: Boolean
  projectId: String
  serviceId: String
  status: DeploymentStatusInput
}

type Query {
  apiToken: ApiTokenContext!
  projects(after: String, before: String, first: Int, includeDeleted: Boolean, last: Int, userId: String, workspaceId: String): QueryProjectsConnection!
  deployments(after: String, before: String, first: Int, input: DeploymentListInput!, last: Int): QueryDeploymentsConnection!
  usage(endDate: DateTime, groupBy: [MetricTag!], includeDeleted: Boolean, measurements: [MetricMeasurement!]!, projectId: String, startDate: DateTime, workspaceId: String): [AggregatedUsage!]!
}

type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
type ApiTokenContext { workspaces: [ApiTokenWorkspace!]! }
type ApiTokenWorkspace { id: String! name: String! }

type QueryProjectsConnection { edges: [QueryProjectsConnectionEdge!]! pageInfo: PageInfo! }
type QueryProjectsConnectionEdge { cursor: String! node: Project! }
type Project {
  createdAt: DateTime!
  deletedAt: DateTime
  description: String
  environments(after: String, before: String, first: Int, isEphemeral: Boolean, last: Int): ProjectEnvironmentsConnection!
  id: ID!
  name: String!
  services(after: String, before: String, first: Int, last: Int): ProjectServicesConnection!
  workspaceId: String
}
type ProjectEnvironmentsConnection { edges: [ProjectEnvironmentsConnectionEdge!]! pageInfo: PageInfo! }
type ProjectEnvironmentsConnectionEdge { cursor: String! node: Environment! }
type Environment { id: ID! isEphemeral: Boolean! name: String! projectId: String! }
type ProjectServicesConnection { edges: [ProjectServicesConnectionEdge!]! pageInfo: PageInfo! }
type ProjectServicesConnectionEdge { cursor: String! node: Service! }
type Service { createdAt: DateTime! deletedAt: DateTime id: ID! name: String! projectId: String! }

type QueryDeploymentsConnection { edges: [QueryDeploymentsConnectionEdge!]! pageInfo: PageInfo! }
type QueryDeploymentsConnectionEdge { cursor: String! node: Deployment! }
type Deployment {
  createdAt: DateTime!
  creator: DeploymentCreator
  environmentId: String!
  id: ID!
  meta: DeploymentMeta
  projectId: String!
  serviceId: String
  staticUrl: String
  status: DeploymentStatus!
  statusUpdatedAt: DateTime
  updatedAt: DateTime!
  url: String
}
type DeploymentCreator { avatar: String email: String! id: String! name: String }

type AggregatedUsage { measurement: MetricMeasurement! tags: MetricTags! value: Float! }
type MetricTags {
  deploymentId: String
  deploymentInstanceId: String
  environmentId: String
  projectId: String
  region: String
  serviceId: String
  volumeId: String
  volumeInstanceId: String
}
`;
