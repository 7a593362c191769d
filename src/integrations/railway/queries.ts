import type { CivilDate } from "../../core/fact.ts";
import type { Document } from "./client.ts";

/** What is asked of Railway. A test checks each against the schema it publishes. */

export const WORKSPACES: Document = {
  operation: "list workspaces",
  text: "query workspaces { apiToken { workspaces { id name } } }",
};

export const PROJECTS: Document = {
  operation: "list projects",
  text: `query projects($workspaceId: String!, $after: String) {
    projects(workspaceId: $workspaceId, first: 50, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node {
        id name description
        environments(first: 100) { pageInfo { hasNextPage } edges { node { id name } } }
        services(first: 100) { pageInfo { hasNextPage } edges { node { id name } } }
      } }
    }
  }`,
};

export const DEPLOYMENTS: Document = {
  operation: "list deployments",
  text: `query deployments($projectId: String!, $after: String) {
    deployments(input: { projectId: $projectId }, first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id createdAt status statusUpdatedAt environmentId serviceId meta creator { name } } }
    }
  }`,
};

/** One part for each day: Railway adds up whole windows only. The end is exclusive. */
export function usageDocument(days: readonly { day: CivilDate; end: string }[]): Document {
  const parts = days.map(
    ({ day, end }, i) =>
      `d${i}: usage(workspaceId: $workspaceId, startDate: "${day}T00:00:00Z", endDate: "${end}", measurements: $measurements, groupBy: $groupBy, includeDeleted: true) { measurement value tags { projectId serviceId environmentId } }`,
  );
  return {
    operation: "read usage",
    text: `query usage($workspaceId: String!, $measurements: [MetricMeasurement!]!, $groupBy: [MetricTag!]) {\n${parts.join("\n")}\n}`,
  };
}
