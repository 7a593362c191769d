import { onTestFinished } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { railway } from "../../../src/integrations/railway/index.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

export const NOW = new Date("2026-11-21T09:30:00Z");

export interface RailwayWorld {
  server: VendorServer;
  connection: Connection;
  advance(ms: number): void;
}

/** A scripted Railway and our connection to it, both closed at the end of the test. Waits take no time. */
export async function startRailway(routes: Routes): Promise<RailwayWorld> {
  const server = await startVendorServer(routes);
  let time = NOW.getTime();
  const advance = (ms: number) => {
    time += ms;
  };
  const context: HttpContext = { now: () => new Date(time), random: () => 0.5, wait: async (ms) => advance(ms) };
  const connection = await railway.connect({ RAILWAY_TOKEN: "token-for-a-test", RAILWAY_API_URL: server.url }, context);
  onTestFinished(async () => {
    await connection.close();
    await server.close();
  });
  return { server, connection, advance };
}

export function feedOf({ feeds }: Connection, name: string) {
  const feed = feeds.find((f) => f.name === name);
  if (!feed) throw new Error(`there is no feed ${name}`);
  return feed;
}

export function contextOf(connection: Connection, now = NOW): ToolContext {
  const user = { id: "local:viewer", name: "Viewer", timeZone: "UTC", roles: ["viewer" as const] };
  return { user, audience: "direct", now, signal: patience(), tools: connection.tools, feeds: connection.feeds };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
