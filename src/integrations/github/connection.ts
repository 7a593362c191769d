import type { ConnectContext, Connection } from "../../core/integration.ts";
import { checkGithub } from "./check.ts";
import { createClient, type GithubSettings } from "./client.ts";
import { createData } from "./data.ts";
import { githubFeeds } from "./feeds.ts";
import { githubTools } from "./tools.ts";

export function connectGithub(settings: GithubSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const data = createData(client);
  return {
    tools: githubTools(client, data),
    feeds: githubFeeds(client, data),
    check: (signal) => checkGithub(client, signal),
    close: () => client.http.close(),
  };
}
