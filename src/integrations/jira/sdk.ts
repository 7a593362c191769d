import type { AtlassianClient } from "../http.ts";

/**
 * The functions of jira.js we use. Their own types describe every field of Jira, which takes the compiler minutes to work out,
 * and promise more than answers keep: here an answer is unknown until it has passed a schema of ours.
 */
type Ask<Asked> = (client: AtlassianClient, asked: Asked) => Promise<unknown>;
type Paged<Asked = object> = Asked & { startAt?: number; maxResults?: number };

export interface Cloud {
  getCurrentUser(client: AtlassianClient): Promise<unknown>;
  getServerInfo(client: AtlassianClient): Promise<unknown>;
  getFields(client: AtlassianClient): Promise<unknown>;
  getStatuses(client: AtlassianClient): Promise<unknown>;
  getIssueAllTypes(client: AtlassianClient): Promise<unknown>;
  searchProjects: Ask<Paged>;
  findUsers: Ask<Paged<{ query: string }>>;
  searchAndReconsileIssuesUsingJqlPost: Ask<{ jql: string; fields: string[]; maxResults: number; nextPageToken?: string }>;
  countIssues: Ask<{ jql: string }>;
  getBulkChangelogs: Ask<{ issueIdsOrKeys: string[]; fieldIds: string[]; maxResults: number; nextPageToken?: string }>;
  getIssueWorklog: Ask<Paged<{ issueIdOrKey: string }>>;
}

export interface Agile {
  getAllBoards: Ask<Paged<{ type: "scrum" }>>;
  getAllSprints: Ask<Paged<{ boardId: number; state: "active" | "closed" }>>;
}

/** Takes half a second the first time. */
export async function loadCloud(): Promise<Cloud> {
  return (await import("jira.js/cloud")) as unknown as Cloud;
}

export async function loadAgile(): Promise<Agile> {
  return (await import("jira.js/agile")) as unknown as Agile;
}
