import type { Tool } from "../../core/tool.ts";
import type { GithubClient } from "./client.ts";
import type { Github } from "./data.ts";
import { commentOnPullRequest } from "./tools/comment-on-pull-request.ts";
import { findPullRequests } from "./tools/find-pull-requests.ts";
import { listReleases } from "./tools/list-releases.ts";
import { repositoryActivity } from "./tools/repository-activity.ts";

/** A tool of ours with its own input, as one among others. */
export function githubTools(client: GithubClient, data: Github): readonly Tool[] {
  return [
    findPullRequests(client, data),
    listReleases(client),
    repositoryActivity(client, data),
    commentOnPullRequest(client),
  ] as unknown as readonly Tool[];
}
