import type { z } from "zod";
import type { ConnectContext } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import { createVendorHttp, type VendorHttp } from "../http.ts";

export interface RailwaySettings {
  RAILWAY_TOKEN: string;
  RAILWAY_API_URL: string;
}

/** Railway's GraphQL API. Every call throws VendorError, or the signal's reason. */
export interface RailwayClient {
  readonly http: VendorHttp;
  now(): Date;
  query<T>(document: Document, variables: Readonly<Record<string, unknown>>, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** A page of Railway's dashboard; undefined for an address that is not Railway's. */
  page(path: string): string | undefined;
}

export interface Document {
  /** For the metrics: "list projects". */
  operation: string;
  text: string;
}

export function createClient({ RAILWAY_TOKEN, RAILWAY_API_URL }: RailwaySettings, context: ConnectContext): RailwayClient {
  const http = createVendorHttp({
    vendor: "Railway",
    baseUrl: RAILWAY_API_URL.replace(/\/+$/, ""),
    context,
    credentials: "RAILWAY_TOKEN",
    address: "RAILWAY_API_URL",
    permissions: "to be a workspace or account token, not a project token",
    headers: { authorization: `Bearer ${RAILWAY_TOKEN}` },
    safePost: true,
    timeoutMs: 15_000,
  });
  const isTheirs = /(^|\.)railway\.(com|app)$/.test(new URL(RAILWAY_API_URL).hostname);
  return {
    http,
    now: context.now,
    async query({ operation, text }, variables, schema, signal) {
      try {
        return await http.graphql({ query: text, variables, operation }, schema, signal);
      } catch (error) {
        throw refusal(error) ?? error;
      }
    },
    page: (path) => (isTheirs ? `https://railway.com/${path}` : undefined),
  };
}

/** Railway refuses with status 200 and these words; without a status, an old answer would cover it up. */
function refusal(error: unknown): VendorError | undefined {
  if (!(error instanceof VendorError) || error.status !== undefined || !/not authorized|unauthorized/i.test(error.detail)) return undefined;
  return new VendorError(
    "Railway",
    "Railway did not accept the token. Check RAILWAY_TOKEN: it must be a workspace or account token, not a project token.",
    { detail: error.detail, status: 401 },
  );
}
