import { onTestFinished } from "vitest";
import type { Connection, VendorCall } from "../../src/core/integration.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import type { HttpContext } from "../../src/integrations/http/caller.ts";
import { type Routes, startVendorServer, type VendorServer } from "./vendor-server.ts";

export const NOW = new Date("2026-11-21T09:30:00Z");

/** Connects an integration to the server at that address. */
export type Connect = (baseUrl: string, context: HttpContext) => Promise<Connection>;

/** A scripted vendor and one connection to it. Time passes only by `advance` and in waits, which take none. */
export interface VendorConnection {
  server: VendorServer;
  connection: Connection;
  calls: readonly VendorCall[];
  /** Milliseconds of every wait. */
  waits: readonly number[];
  now(): Date;
  advance(ms: number): void;
  stop(): Promise<void>;
}

/** `stop` is the caller's. */
export async function openVendor(connect: Connect, routes: Routes, start = NOW): Promise<VendorConnection> {
  const server = await startVendorServer(routes);
  const waits: number[] = [];
  const calls: VendorCall[] = [];
  let time = start.getTime();
  const now = () => new Date(time);
  const advance = (ms: number) => {
    time += ms;
  };
  const connection = await connect(server.url, {
    now,
    onVendorCall: (call) => void calls.push(call),
    random: () => 0.5,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      advance(ms);
    },
  });
  async function stop(): Promise<void> {
    await connection.close();
    await server.close();
  }
  return { server, connection, calls, waits, now, advance, stop };
}

/** Both are closed at the end of the test. */
export async function startVendor(connect: Connect, routes: Routes): Promise<VendorConnection> {
  const vendor = await openVendor(connect, routes);
  onTestFinished(vendor.stop);
  return vendor;
}

/** By its name, or by its kind where a vendor has one of each. */
export function feedOf({ feeds }: Pick<Connection, "feeds">, name: string): Connection["feeds"][number] {
  const feed = feeds.find((f) => f.name === name || f.kind === name);
  if (!feed) throw new Error(`there is no feed ${name}`);
  return feed;
}

export function toolOf({ tools }: Pick<Connection, "tools">, name: string): Connection["tools"][number] {
  const tool = tools.find((t) => t.name === name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool;
}

/** What a tool of that connection runs in, for a person who may read. */
export function contextOf({ tools, feeds }: Pick<Connection, "tools" | "feeds">, now = NOW): ToolContext {
  const user = { id: "local:viewer", name: "Ann Oak", timeZone: "UTC", roles: ["viewer" as const] };
  return { user, audience: "direct", now, signal: patience(), tools, feeds };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
