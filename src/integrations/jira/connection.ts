import type { ConnectContext, Connection } from "../../core/integration.ts";
import { checkJira } from "./check.ts";
import { createClient, type JiraSettings } from "./client.ts";
import { jiraFeeds } from "./feeds.ts";
import { createMonths } from "./months.ts";
import { jiraTools } from "./tools.ts";

export function connectJira(settings: JiraSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const months = createMonths(client);
  return {
    tools: jiraTools(client),
    feeds: jiraFeeds(client, months),
    check: (signal) => checkJira(client, signal),
    close: () => client.http.close(),
  };
}
