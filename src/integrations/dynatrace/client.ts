import type { z } from "zod";
import type { Receipt } from "../../core/fact.ts";
import type { ConnectContext } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import { createVendorHttp, type Page, type VendorHttp } from "../http.ts";

export interface DynatraceSettings {
  DYNATRACE_URL: string;
  DYNATRACE_TOKEN: string;
}

/** The Environment API, version 2. Every call throws VendorError, or the signal's reason. */
export interface DynatraceClient {
  readonly http: VendorHttp;
  now(): Date;
  get<T>(path: string, query: Query, operation: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Page of a problem in Dynatrace; undefined where the address is not a safe link. */
  problemUrl(problemId: string): string | undefined;
  /** Who a receipt is from. */
  readonly source: Pick<Receipt, "source" | "url">;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

const TIMEOUT_MS = 12_000;
export const SCOPES = { problems: "problems.read", metrics: "metrics.read", entities: "entities.read" } as const;

export function createClient({ DYNATRACE_URL, DYNATRACE_TOKEN }: DynatraceSettings, context: ConnectContext): DynatraceClient {
  // People copy the address with the path of the API.
  const site = DYNATRACE_URL.replace(/\/+$/, "").replace(/\/api(?:\/v2)?$/, "");
  const http = createVendorHttp({
    vendor: "Dynatrace",
    baseUrl: `${site}/api/v2`,
    context,
    credentials: "DYNATRACE_TOKEN",
    address: "DYNATRACE_URL",
    permissions: Object.values(SCOPES).join(", "),
    headers: { authorization: `Api-Token ${DYNATRACE_TOKEN}` },
    timeoutMs: TIMEOUT_MS,
  });
  const isLink = site.startsWith("https://");
  const host = new URL(site).hostname;
  return {
    http,
    now: context.now,
    async get(path, query, operation, schema, signal) {
      try {
        return await http.json({ path, query, operation }, schema, signal);
      } catch (error) {
        throw withoutToken(error, DYNATRACE_TOKEN);
      }
    },
    problemUrl: (id) => (isLink && /^[\w-]+$/.test(id) ? `${site}/#problems/problemdetails;pid=${id}` : undefined),
    source: { source: http.demo ? "Dynatrace" : `Dynatrace (${host.split(".")[0]})`, ...(isLink ? { url: site } : {}) },
  };
}

/** An answer may repeat the token it refuses. */
function withoutToken(error: unknown, token: string): unknown {
  if (!(error instanceof VendorError) || !error.detail.includes(token)) return error;
  const detail = error.detail.replaceAll(token, "[hidden]");
  return new VendorError(error.vendor, error.message, { detail, ...(error.status === undefined ? {} : { status: error.status }) });
}

/** Pages by nextPageKey, which stands alone: Dynatrace refuses it beside the other parameters. */
export function pagesOf<A extends { nextPageKey?: string | null | undefined }, T>(
  ask: (query: Query) => Promise<A>,
  first: Query,
  itemsOf: (answer: A) => readonly T[],
): (cursor: string | undefined) => Promise<Page<T>> {
  return async (cursor) => {
    const answer = await ask(cursor === undefined ? first : { nextPageKey: cursor });
    return { items: itemsOf(answer), next: answer.nextPageKey ?? undefined };
  };
}
