import { z } from "zod";
import type { CheckResult } from "../../core/integration.ts";
import { explainError, VendorError } from "../../errors.ts";
import { type DynatraceClient, type Query, SCOPES } from "./client.ts";

const PARTS: readonly { name: string; scope: string; path: string; query: Query; without: string }[] = [
  {
    ...{ name: "Dynatrace problems", scope: SCOPES.problems, path: "problems", query: { from: "now-1d", pageSize: 1 } },
    without: "problems do not count as incidents",
  },
  {
    ...{ name: "Dynatrace metrics", scope: SCOPES.metrics, path: "metrics/query" },
    query: { metricSelector: "builtin:service.requestCount.total:splitBy():value", from: "now-1h", resolution: "Inf" },
    without: "there are no requests, failures, response times or user experience",
  },
  {
    ...{ name: "Dynatrace entities", scope: SCOPES.entities, path: "entities" },
    query: { entitySelector: 'type("SERVICE")', from: "now-30d", pageSize: 1 },
    without: "services and applications cannot be named in questions",
  },
];
const answer = z.object({ totalCount: z.number() });

/** What the token may read, and what will not work. Never throws. */
export async function checkDynatrace(client: DynatraceClient, signal: AbortSignal): Promise<CheckResult[]> {
  return Promise.all(
    PARTS.map(async ({ name, scope, path, query, without }): Promise<CheckResult> => {
      try {
        const { totalCount } = await client.get(path, query, `check ${path}`, answer, signal);
        return { name, state: "ok", message: WORDS[path]?.(totalCount) ?? "It answers." };
      } catch (error) {
        const status = error instanceof VendorError ? error.status : undefined;
        const message = `${explainError(error)} Without it ${without}.`;
        return { name, state: status === 403 ? "warning" : "failed", message, fix: fixFor(status, scope) };
      }
    }),
  );
}

const WORDS: Readonly<Record<string, (count: number) => string>> = {
  problems: (n) => `${n === 0 ? "none was" : `${n} ${n === 1 ? "was" : "were"}`} open in the last day`,
  "metrics/query": () => "requests of services can be read",
  entities: (n) => `${n} ${n === 1 ? "service is" : "services are"} known`,
};

function fixFor(status: number | undefined, scope: string): string {
  if (status === 403) return `Give the token of DYNATRACE_TOKEN the scope ${scope}.`;
  if (status === 401) return `Make an access token with ${Object.values(SCOPES).join(", ")} and put it into DYNATRACE_TOKEN.`;
  return "Check DYNATRACE_URL (https://abc12345.live.dynatrace.com, without a path) and the network, then run doctor again.";
}
