import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { measuredFeed } from "../measured-feed.ts";
import { checkNewRelic } from "./check.ts";
import { createClient, type NewRelicSettings } from "./client.ts";
import { incidentFeed } from "./incidents.ts";
import { metricSource } from "./metrics.ts";
import { findErrors } from "./tools.ts";

export function connectNewRelic(settings: NewRelicSettings, context: ConnectContext): Connection {
  const client = createClient(settings, context);
  return {
    tools: [findErrors(client) as unknown as Tool],
    feeds: [measuredFeed(metricSource(client)), incidentFeed(client)],
    check: (signal) => checkNewRelic(client, signal),
    close: () => client.http.close(),
  };
}
