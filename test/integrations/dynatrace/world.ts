import { onTestFinished } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { dynatrace } from "../../../src/integrations/dynatrace/index.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

export const NOW = new Date("2026-11-21T09:30:00Z");

/** A scripted Dynatrace and our connection to it, both closed at the end of the test. */
export async function startDynatrace(routes: Routes): Promise<{ server: VendorServer; connection: Connection }> {
  const server = await startVendorServer(routes);
  const context: HttpContext = { now: () => NOW, random: () => 0.5, wait: async () => {} };
  const connection = await dynatrace.connect(
    dynatrace.settings.parse({ DYNATRACE_URL: server.url, DYNATRACE_TOKEN: "token-for-a-test" }),
    context,
  );
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

export function toolOf({ tools }: Connection, name: string) {
  const tool = tools.find((t) => t.name === name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool;
}

export function contextOf({ tools, feeds }: Pick<Connection, "tools" | "feeds">): ToolContext {
  const user = { id: "local:viewer", name: "Viewer", timeZone: "UTC", roles: ["viewer" as const] };
  return { user, audience: "direct", now: NOW, signal: patience(), tools, feeds };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
