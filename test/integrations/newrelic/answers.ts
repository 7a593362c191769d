import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** NerdGraph's answers for a small account. Shapes are those of the published schema and of NRQL results; names are invented. */

export function issue(id: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    issueId: id,
    title: ["Error rate of checkout is high", "Checkout is slow"],
    priority: "CRITICAL",
    state: "CLOSED",
    entityNames: ["checkout"],
    conditionName: ["error rate"],
    createdAt: Date.parse("2026-11-10T09:00:00Z"),
    acknowledgedAt: Date.parse("2026-11-10T09:10:00Z"),
    closedAt: Date.parse("2026-11-10T11:00:00Z"),
    deepLinkUrl: [`https://one.newrelic.com/redirect/issue/${id}`],
    parentMergeId: null,
    ...changes,
  };
}

export function issues(list: readonly unknown[], nextCursor: string | null = null): unknown {
  return { actor: { account: { aiIssues: { issues: { issues: list, nextCursor } } } } };
}

export interface Script {
  issues(cursor: string | null): unknown;
  /** Results of a query. */
  nrql(query: string): readonly unknown[];
}

const DAY = Date.parse("2026-11-01T00:00:00Z") / 1_000;
const ERROR = { n: 120, message: "it broke", first: Date.parse("2026-11-03T00:00:00Z"), last: Date.parse("2026-11-19T00:00:00Z") };

export const SCRIPT: Script = {
  issues: (cursor) =>
    cursor === "2" ? issues([issue("c", { state: "ACTIVATED", closedAt: null })]) : issues([issue("a"), issue("b")], "2"),
  nrql(query) {
    if (query.includes("TransactionError")) return [{ facet: ["checkout", "TimeoutError"], ...ERROR }];
    if (query.includes("SELECT count(apm.service.transaction.duration) AS 'n' FACET")) return [{ facet: "checkout", n: 900 }];
    const value = query.includes("percentile") ? { "95": 0.25 } : 0.02;
    return [{ facet: "checkout", appName: "checkout", value, n: 1_000, beginTimeSeconds: DAY, endTimeSeconds: DAY + 86_400 }];
  },
};

export const EMPTY: Script = { issues: () => issues([]), nrql: (query) => (query.includes("FACET") ? [] : [{ value: null, n: 0 }]) };

export function routesOf(script: Script): Routes {
  return { "POST /graphql": ({ body }: RecordedRequest) => ({ json: { data: dataOf(script, body as Body) } }) };
}

interface Body {
  query: string;
  variables: Record<string, unknown>;
}

function dataOf(script: Script, { query, variables }: Body): unknown {
  if (query.includes("aiIssues")) return script.issues((variables.cursor as string | null) ?? null);
  if (query.includes("user {")) return { actor: { user: { name: "Bot" }, account: { name: "Acme" } } };
  const asked = Object.entries(variables).filter(([name]) => /^q\d+$/.test(name));
  if (asked.length === 0) throw new Error(`nothing is scripted for ${query}`);
  return { actor: { account: Object.fromEntries(asked.map(([name, text]) => [name, { results: script.nrql(String(text)) }])) } };
}
