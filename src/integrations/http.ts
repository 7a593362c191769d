import type { z } from "zod";
import type { ConnectContext } from "../core/integration.ts";
import { type Cached, type CacheOptions, createCache } from "./http/cache.ts";
import { createCaller } from "./http/caller.ts";
import { endpoint, parseAnswer, readAnswer, readGraphql } from "./http/json.ts";
import { createWords } from "./http/words.ts";

/** The one way out for every vendor's client. Vendors import this file and nothing of the folder beside it. */

export { type AtlassianClient, atlassianClient } from "./http/atlassian.ts";
export { type AwsHandler, awsRequestHandler } from "./http/aws.ts";
export { type Page, type Pages, readPages } from "./http/pages.ts";
export { stampOf } from "./http/stamp.ts";
export type { Cached, CacheOptions };

export interface VendorHttpOptions {
  /** As a person knows it: "GitHub". Opens every error message. */
  vendor: string;
  /** The operator's setting or the vendor's own address; a path in it stands before every path. May be private or loopback. */
  baseUrl: string;
  context: ConnectContext;
  /** Variable that holds the credentials, for the words of 401 and 403: "GITHUB_TOKEN". */
  credentials?: string;
  /** Variable that holds the address: "GITHUB_API_URL". */
  address?: string;
  /** What the credentials must be allowed, for the words of 403: "read:org and repo". */
  permissions?: string;
  /** Sent with every request of `json` and `graphql`: the authorization. SDKs bring their own. */
  headers?: Readonly<Record<string, string>>;
  /** Further hosts the vendor's SDK speaks to, over https only: "api.example.com", or ".amazonaws.com" with all below it. */
  hosts?: readonly string[];
  /** Every POST is a read, as GraphQL queries are, and may be repeated. Default false. */
  safePost?: boolean;
  /** Bytes of one answer, unpacked. Default 20 MB. */
  maxBytes?: number;
  /** Milliseconds for one attempt, its body included. Default 10,000. A call with all its attempts ends within 30,000. */
  timeoutMs?: number;
}

export interface VendorHttp {
  /** True when the base URL is one of the simulated company's. */
  readonly demo: boolean;
  /**
   * WHATWG fetch under the rules of the house, for SDKs that take one; turn the SDK's own retries off. Repeats what may be
   * repeated, then gives the last Response whatever its status, with the body already read. Rejects with VendorError when
   * there is no Response, and with the signal's reason when it aborts. Pass what the SDK throws through `explain`.
   */
  readonly fetch: VendorFetch;
  /** JSON in, JSON out, parsed by the schema. Throws VendorError for any status but 2xx and for an unexpected shape. */
  json<T>(request: JsonRequest, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** A GraphQL query; the schema is that of `data`. Answers with `errors` throw VendorError, also beside partial data. */
  graphql<T>(request: GraphqlRequest, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /**
   * Remembers for five minutes. Equal keys at once load once. When the load fails for want of the vendor, the last good
   * value is served, labelled; refusals (401, 403, 404), UserError and aborts are never covered up that way.
   * The value is shared: do not change it. `load` is aborted when nobody waits for it any more.
   */
  cached<T>(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, options?: CacheOptions): Promise<Cached<T>>;
  /** What an SDK gave, through the schema. Throws VendorError that names the place. */
  parse<T>(value: unknown, schema: z.ZodType<T>): T;
  /** What an SDK threw, as VendorError in our words. UserError, VendorError and aborts stay what they are. */
  explain(cause: unknown): unknown;
  /** Lets go of the sockets. Safe to call twice. */
  close(): Promise<void>;
}

export type VendorFetch = (input: string | URL | Request, init?: VendorRequestInit) => Promise<Response>;

export interface VendorRequestInit extends RequestInit {
  /** This request only reads and may be repeated, although it is a POST. */
  safe?: boolean;
  /** Name for the metrics, from a fixed set. Default: method and path without ids. */
  operation?: string;
}

export interface JsonRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, segments already encoded; or a next-page link of the vendor, of the same origin. */
  path: string;
  /** undefined is left out; a list repeats its name. */
  query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** A POST that only reads and may be repeated; false for the one that writes where all others read. */
  safe?: boolean;
  /** For metrics and messages, from a fixed set: "list services". */
  operation: string;
}

export interface GraphqlRequest {
  query: string;
  variables?: Readonly<Record<string, unknown>>;
  /** Below the base URL. Default: the base URL itself. */
  path?: string;
  headers?: Readonly<Record<string, string>>;
  operation: string;
}

/** Opens nothing and loads nothing until the first request. */
export function createVendorHttp(options: VendorHttpOptions): VendorHttp {
  const { context, vendor } = options;
  const base = new URL(options.baseUrl);
  const demo = context.demoOrigins?.includes(base.origin) ?? false;
  const words = createWords(options);
  const caller = createCaller(options, words);
  const cache = createCache({ vendor, demo, context, explain: words.explain });

  async function ask(request: JsonRequest, signal: AbortSignal): Promise<Response> {
    const { url, init } = endpoint(base, request, options.headers ?? {}, words);
    const { operation } = request;
    const response = await caller.fetch(url, { ...init, operation, signal, ...(request.safe === undefined ? {} : { safe: request.safe }) });
    if (!response.ok) throw await words.refusal(response);
    return response;
  }

  return {
    demo,
    fetch: caller.fetch,
    async json(request, schema, signal) {
      return readAnswer(await ask(request, signal), schema, words);
    },
    async graphql({ query, variables, path = "", headers, operation }, schema, signal) {
      const body = { query, ...(variables ? { variables } : {}) };
      const request: JsonRequest = { method: "POST", path, body, safe: true, operation, ...(headers ? { headers } : {}) };
      return readGraphql(await ask(request, signal), schema, words);
    },
    cached: cache.cached,
    parse: (value, schema) => parseAnswer(value, schema, words),
    explain: words.explain,
    close: caller.close,
  };
}
