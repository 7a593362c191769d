import type { Feed } from "../../../src/core/feed.ts";
import type { Connection, VendorCall } from "../../../src/core/integration.ts";
import type { Finding, ToolContext } from "../../../src/core/tool.ts";
import type { Fault } from "../../../src/demo/faults.ts";
import { type Host, startHost } from "../../../src/demo/host.ts";
import { type AwsOptions, createAws } from "../../../src/demo/vendors/aws.ts";
import { createWorld } from "../../../src/demo/world/index.ts";
import { aws } from "../../../src/integrations/aws/index.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";

/** The real integration against the simulated AWS, over loopback. */

export const NOW = new Date("2026-11-21T09:30:00Z");
export const TODAY = "2026-11-21";
export const world = createWorld(TODAY, undefined, new Date("2026-11-21T09:00:00Z"));

export interface Running {
  host: Host;
  connection: Connection;
  feed: Feed;
  faults: Map<string, Fault>;
  calls: VendorCall[];
  /** Requests that went out since the last look. */
  sent(): string[];
  advance(ms: number): void;
  run(tool: string, input?: Record<string, unknown>): Promise<Finding>;
  context(signal?: AbortSignal): ToolContext;
  connect(settings?: Record<string, string>): Promise<Connection>;
  stop(): Promise<void>;
}

export async function startAws(options: AwsOptions = { keepsYears: true }): Promise<Running> {
  const faults = new Map<string, Fault>();
  const calls: VendorCall[] = [];
  let time = NOW.getTime();
  let seen = 0;
  const now = () => new Date(time);
  const host = await startHost({ simulators: [createAws(options)], now, faults });
  const context: HttpContext = {
    now,
    demoOrigins: [host.origin],
    onVendorCall: (call) => void calls.push(call),
    random: () => 0.5,
    async wait(ms) {
      time += ms;
    },
  };
  const opened: Connection[] = [];
  const connect = async (settings: Record<string, string> = {}) => {
    const connection = await aws.connect(aws.settings.parse({ ...host.settings, ...settings }), context);
    opened.push(connection);
    return connection;
  };
  const connection = await connect();
  const [feed] = connection.feeds;
  if (!feed) throw new Error("no feed");
  const toolContext = (signal = patience()): ToolContext => ({
    ...{ user: { id: "u", name: "Ada", timeZone: "UTC", roles: ["viewer"] }, audience: "direct", now: now(), signal },
    ...{ tools: connection.tools, feeds: connection.feeds },
  });
  return {
    ...{ host, connection, feed, faults, calls, connect, context: toolContext },
    sent() {
      const news = calls.slice(seen).filter(({ outcome }) => outcome !== "cached" && outcome !== "stale");
      seen = calls.length;
      return news.map(({ operation }) => operation);
    },
    advance(ms) {
      time += ms;
    },
    async run(name, input = {}) {
      const tool = connection.tools.find((t) => t.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      return tool.run(tool.input.parse(input), toolContext());
    },
    async stop() {
      for (const one of opened) await one.close();
      await host.close();
    },
  };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

/** The world's costs in days, added up by what `of` says. */
export function costsBy(from: string, to: string, of: (line: ReturnType<typeof world.costs>[number]) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    for (const line of world.costs(new Date(at).toISOString().slice(0, 10))) {
      const key = of(line);
      sums.set(key, (sums.get(key) ?? 0) + line.cost);
    }
  return sums;
}
