import type { z } from "zod";
import type { ConnectContext } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import { createVendorHttp, type JsonRequest, type Pages, readPages, type VendorHttp } from "../http.ts";

export interface AnthropicSettings {
  ANTHROPIC_ADMIN_KEY: string;
  ANTHROPIC_ADMIN_URL: string;
}

/** The Admin API. Every call throws VendorError, or the signal's reason. */
export interface AnthropicClient {
  readonly http: VendorHttp;
  now(): Date;
  get<T>(request: Get, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** All pages of a list that names the next one by a token. */
  pages<T extends TokenPage>(request: Get, schema: z.ZodType<T>, limit: PageLimit, signal: AbortSignal): Promise<Pages<T>>;
  /** The page on Anthropic's own site; undefined for an address that is not Anthropic's. */
  site(path: string): string | undefined;
}

export type Get = Pick<JsonRequest, "query" | "headers" | "operation"> & {
  /** Below /v1/organizations. */
  path: string;
};

export interface PageLimit {
  /** What the pages hold, for the words when there are too many: "rows". */
  what: string;
  pages: number;
}

export interface TokenPage {
  has_more: boolean;
  next_page: string | null;
}

export function createClient({ ANTHROPIC_ADMIN_KEY, ANTHROPIC_ADMIN_URL }: AnthropicSettings, context: ConnectContext): AnthropicClient {
  const http = createVendorHttp({
    vendor: "Anthropic",
    baseUrl: ANTHROPIC_ADMIN_URL.replace(/\/+$/, ""),
    context,
    credentials: "ANTHROPIC_ADMIN_KEY",
    address: "ANTHROPIC_ADMIN_URL",
    permissions: "to be an Admin API key (sk-ant-admin…), not an ordinary one",
    headers: { "x-api-key": ANTHROPIC_ADMIN_KEY, "anthropic-version": "2023-06-01" },
    timeoutMs: 15_000,
  });
  const isTheirs = new URL(ANTHROPIC_ADMIN_URL).hostname === "api.anthropic.com";
  const get: AnthropicClient["get"] = ({ path, ...request }, schema, signal) =>
    http.json({ ...request, path: `v1/organizations${path}` }, schema, signal);

  return {
    http,
    now: context.now,
    get,
    pages(request, schema, { what, pages }, signal) {
      return readPages(
        async (page) => {
          const answer = await get({ ...request, query: { ...request.query, page } }, schema, signal);
          return { items: [answer], next: answer.has_more ? (answer.next_page ?? undefined) : undefined };
        },
        { pages, what: `pages of ${what}` },
      );
    },
    site: (path) => (isTheirs ? `https://platform.claude.com${path}` : undefined),
  };
}

/** The key may not see this, or the organisation does not have it; the rest may work. */
export function isRefused(error: unknown): error is VendorError {
  return error instanceof VendorError && (error.status === 403 || error.status === 404);
}

/** Anthropic asks not to be polled hard. */
export const AT_ONCE = 3;
