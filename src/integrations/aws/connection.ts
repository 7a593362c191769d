import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { checkAws } from "./check.ts";
import { type AwsSettings, createClient } from "./client.ts";
import { createExplorer } from "./costs/explorer.ts";
import { costFeed } from "./costs/feed.ts";
import { createKnowledge } from "./costs/knowledge.ts";
import { cloudInventory } from "./tools/cloud-inventory.ts";
import { cloudSavings } from "./tools/cloud-savings.ts";

export function connectAws(settings: AwsSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const explorer = createExplorer(client);
  const knowledge = createKnowledge(client, explorer);
  return {
    tools: [cloudInventory(client, explorer), cloudSavings(client, explorer)] as unknown as readonly Tool[],
    feeds: [costFeed(client, explorer, knowledge)],
    check: (signal) => checkAws(client, explorer, knowledge, signal),
    close: () => client.http.close(),
  };
}
