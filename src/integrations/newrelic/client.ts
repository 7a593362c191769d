import type { z } from "zod";
import type { Receipt } from "../../core/fact.ts";
import type { ConnectContext } from "../../core/integration.ts";
import { createVendorHttp, type VendorHttp } from "../http.ts";
import { nrqlAnswer } from "./schema.ts";

export interface NewRelicSettings {
  NEW_RELIC_API_KEY: string;
  NEW_RELIC_ACCOUNT_ID: string;
  NEW_RELIC_API_URL: string;
}

/** NerdGraph, for one account. Every call throws VendorError, or the signal's reason. */
export interface NewRelicClient {
  readonly account: number;
  readonly http: VendorHttp;
  now(): Date;
  /** Runs NRQL queries, several in a request; `row` is the schema of one result. Gives the results of each, in order. */
  nrql<T>(operation: string, queries: readonly string[], row: z.ZodType<T>, signal: AbortSignal): Promise<T[][]>;
  /** Where people look at it; undefined for an address that is not New Relic's own. */
  readonly page: string | undefined;
}

/** New Relic lets five NRQL queries of a user run at once. */
const AT_ONCE = 5;
/** Seconds New Relic may take for a query; its own default of five is short for a month. */
const NRQL_SECONDS = 12;
const TIMEOUT_MS = 14_000;

export function createClient(settings: NewRelicSettings, context: ConnectContext): NewRelicClient {
  const { NEW_RELIC_API_KEY, NEW_RELIC_ACCOUNT_ID, NEW_RELIC_API_URL } = settings;
  const account = Number(NEW_RELIC_ACCOUNT_ID);
  const http = createVendorHttp({
    vendor: "New Relic",
    baseUrl: NEW_RELIC_API_URL.replace(/\/+$/, ""),
    context,
    credentials: "NEW_RELIC_API_KEY",
    address: "NEW_RELIC_API_URL",
    permissions: `a user key whose user may read the account ${account}`,
    headers: { "api-key": NEW_RELIC_API_KEY },
    safePost: true,
    timeoutMs: TIMEOUT_MS,
  });
  return {
    account,
    http,
    now: context.now,
    page: pageOf(NEW_RELIC_API_URL, account),
    async nrql(operation, queries, row, signal) {
      const results = [];
      for (let i = 0; i < queries.length; i += AT_ONCE) {
        const some = queries.slice(i, i + AT_ONCE);
        const variables = Object.fromEntries([["account", account], ...some.map((query, n) => [`q${n}`, query])]);
        const request = { query: documentFor(some.length), variables, operation };
        const { actor } = await http.graphql(request, nrqlAnswer(some.length, row), signal);
        results.push(...some.map((_, n) => actor.account[`q${n}`]?.results ?? []));
      }
      return results;
    },
  };
}

function documentFor(count: number): string {
  const names = Array.from({ length: count }, (_, n) => `q${n}`);
  const parameters = names.map((name) => `$${name}: Nrql!`).join(", ");
  const fields = names.map((name) => `${name}: nrql(query: $${name}, timeout: ${NRQL_SECONDS}) { results }`).join(" ");
  return `query($account: Int!, ${parameters}) { actor { account(id: $account) { ${fields} } } }`;
}

function pageOf(address: string, account: number): string | undefined {
  const site = { "api.newrelic.com": "one.newrelic.com", "api.eu.newrelic.com": "one.eu.newrelic.com" }[new URL(address).hostname];
  return site && `https://${site}/nr1-core?account=${account}`;
}

/** Who a receipt of this account is from. */
export function sourceOf(client: NewRelicClient): Pick<Receipt, "source" | "url"> {
  return { source: `New Relic (account ${client.account})`, ...(client.page ? { url: client.page } : {}) };
}
