import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { measuredFeed } from "../measured-feed.ts";
import { checkDynatrace } from "./check.ts";
import { createClient, type DynatraceSettings } from "./client.ts";
import { applicationSource, serviceSource } from "./metrics.ts";
import { problemFeed } from "./problems.ts";
import { problemDetails } from "./tools/problem-details.ts";
import { userExperience } from "./tools/user-experience.ts";

export function connectDynatrace(settings: DynatraceSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  const applications = measuredFeed(applicationSource(client));
  return {
    tools: [problemDetails(client), userExperience(applications)] as unknown as readonly Tool[],
    feeds: [measuredFeed(serviceSource(client)), applications, problemFeed(client)],
    check: (signal) => checkDynatrace(client, signal),
    close: () => client.http.close(),
  };
}
