import { onTestFinished } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { newrelic } from "../../../src/integrations/newrelic/index.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

export const NOW = new Date("2026-11-21T09:30:00Z");

/** A scripted New Relic and our connection to it, both closed at the end of the test. */
export async function startNewRelic(routes: Routes): Promise<{ server: VendorServer; connection: Connection }> {
  const server = await startVendorServer(routes);
  const context: HttpContext = { now: () => NOW, random: () => 0.5, wait: async () => {} };
  const given = { NEW_RELIC_API_KEY: "key-for-a-test", NEW_RELIC_ACCOUNT_ID: "42", NEW_RELIC_API_URL: `${server.url}/graphql` };
  const connection = await newrelic.connect(newrelic.settings.parse(given), context);
  onTestFinished(async () => {
    await connection.close();
    await server.close();
  });
  return { server, connection };
}

export function feedOf({ feeds }: Connection, name: string) {
  const feed = feeds.find((f) => f.name === name);
  if (!feed) throw new Error(`there is no feed ${name}`);
  return feed;
}

export function contextOf({ tools, feeds }: Connection, now = NOW): ToolContext {
  const user = { id: "local:viewer", name: "Viewer", timeZone: "UTC", roles: ["viewer" as const] };
  return { user, audience: "direct", now, signal: patience(), tools, feeds };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
