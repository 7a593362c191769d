import { z } from "zod";
import type { Route } from "../../core/http.ts";

const sums = z.record(z.string(), z.int());
const shown = z.object({
  version: z.string(),
  startedAt: z.iso.datetime(),
  dependencies: z.array(z.object({ name: z.string(), state: z.string(), message: z.string(), required: z.boolean() })),
  queues: z.array(z.object({ name: z.string(), waiting: z.int(), oldestS: z.number().nullable().describe("null when nothing waits.") })),
  alerts: z.array(z.object({ severity: z.string(), n: z.int() })).describe("Those that are not over."),
  posts: z.array(z.object({ state: z.string(), n: z.int() })),
  tokensToday: z.object({ used: z.int(), limit: z.int() }).describe("Of the UTC day."),
  since: z.object({ turns: sums, tools: sums, vendorCalls: sums, limited: sums }).describe("Since the start, by how they ended."),
  process: z.object({ residentBytes: z.int(), eventLoopDelayP99S: z.number() }),
});

export interface StatusRoutes {
  /** As JSON would have it but for dates. */
  status(signal: AbortSignal): Promise<object>;
  metrics(): Promise<string>;
}

/** How the deployment is: for admins, and for Prometheus. */
export function statusRoutes({ status, metrics }: StatusRoutes): Route[] {
  return [
    {
      ...{ method: "GET", path: "/api/v1/status", access: "admin", keyed: true },
      docs: { summary: "Dependencies, queues, budgets and counts since the start", tag: "health", response: z.toJSONSchema(shown) },
      handle: async ({ signal }) => ({ status: 200, headers: { "cache-control": "no-store" }, data: await status(signal) }),
    },
    {
      ...{ method: "GET", path: "/metrics", access: "viewer" },
      docs: { summary: "The same figures for Prometheus", tag: "health", responseType: "text/plain" },
      handle: async () => ({
        status: 200,
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
        raw: await metrics(),
      }),
    },
  ];
}
