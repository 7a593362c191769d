import { onTestFinished } from "vitest";
import type { Connection, VendorCall } from "../../../src/core/integration.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { github } from "../../../src/integrations/github/index.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

export const NOW = new Date("2026-11-21T09:30:00Z");

export interface GithubWorld {
  server: VendorServer;
  connection: Connection;
  calls: VendorCall[];
  advance(ms: number): void;
}

/** A scripted GitHub and our connection to it, both closed at the end of the test. Waits take no time. */
export async function startGithub(routes: Routes, settings: Readonly<Record<string, string>> = {}): Promise<GithubWorld> {
  const server = await startVendorServer(routes);
  const calls: VendorCall[] = [];
  let time = NOW.getTime();
  const advance = (ms: number) => {
    time += ms;
  };
  const context: HttpContext = {
    now: () => new Date(time),
    onVendorCall: (call) => void calls.push(call),
    random: () => 0.5,
    wait: async (ms) => advance(ms),
  };
  const given = { GITHUB_TOKEN: "token-for-a-test", GITHUB_ORG: "acme", GITHUB_API_URL: server.url, ...settings };
  const connection = await github.connect(github.settings.parse(given), context);
  onTestFinished(async () => {
    await connection.close();
    await server.close();
  });
  return { server, connection, calls, advance };
}

export function feedOf({ feeds }: Connection, kind: string) {
  const feed = feeds.find((f) => f.kind === kind);
  if (!feed) throw new Error(`there is no feed of ${kind}`);
  return feed;
}

export function toolOf({ tools }: Connection, name: string) {
  const tool = tools.find((t) => t.name === name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool;
}

export function contextOf(connection: Connection, now = NOW): ToolContext {
  const user = { id: "local:viewer", name: "Viewer", timeZone: "UTC", roles: ["viewer" as const] };
  return { user, audience: "direct", now, signal: patience(), tools: connection.tools, feeds: connection.feeds };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
