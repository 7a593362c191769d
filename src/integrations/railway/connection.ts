import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { checkRailway } from "./check.ts";
import { createClient, type RailwaySettings } from "./client.ts";
import { deployFeed } from "./deploy-feed.ts";
import { createDeployments } from "./deployments.ts";
import { createProjects } from "./projects.ts";
import { railwayServices } from "./tools.ts";
import { createUsage } from "./usage.ts";
import { usageFeed } from "./usage-feed.ts";

export function connectRailway(settings: RailwaySettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const projects = createProjects(client);
  const deployments = createDeployments(client);
  const usage = createUsage(client);
  return {
    tools: [railwayServices(client, { projects, deployments, usage }) as unknown as Tool],
    feeds: [deployFeed(client, projects, deployments), usageFeed(client, projects, usage)],
    check: (signal) => checkRailway(client, projects, signal),
    close: () => client.http.close(),
  };
}
