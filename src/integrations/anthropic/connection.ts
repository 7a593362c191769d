import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { checkAnthropic } from "./check.ts";
import { claudeCodeFeed } from "./claude-code-feed.ts";
import { createClaudeCodeLog } from "./claude-code-log.ts";
import { type AnthropicSettings, createClient } from "./client.ts";
import { createNames } from "./names.ts";
import { createReports } from "./reports.ts";
import { codingAssistant } from "./tools.ts";
import { usageFeed } from "./usage-feed.ts";

export function connectAnthropic(settings: AnthropicSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const log = createClaudeCodeLog(client);
  return {
    tools: [codingAssistant(client, log) as unknown as Tool],
    feeds: [usageFeed(client, createReports(client), createNames(client)), claudeCodeFeed(client, log)],
    check: (signal) => checkAnthropic(client, signal),
    close: () => client.http.close(),
  };
}
