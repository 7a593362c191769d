import { Readable } from "node:stream";
import type { VendorHttp } from "../http.ts";

/** What AWS SDK clients take as `requestHandler`; the shape of smithy's HttpHandler. */
export interface AwsHandler {
  handle(request: AwsRequest, options?: { abortSignal?: AwsAbortSignal }): Promise<{ response: AwsResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

interface AwsRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface AwsResponse {
  statusCode: number;
  reason: string;
  headers: Record<string, string>;
  body: Readable;
}

type AwsAbortSignal = AbortSignal | { readonly aborted: boolean; onabort: unknown };

/** Set by the connection itself; what the SDK signed for them stays true, because the address is the same. */
const OWN_HEADERS = new Set(["host", "content-length", "connection", "transfer-encoding", "expect"]);
const READS = /^(?:Get|Describe|List|Head|Lookup|Search|Filter|BatchGet)/;

/**
 * AWS SDK v3 over `http.fetch`: `new CostExplorerClient({ requestHandler: awsRequestHandler(http), maxAttempts: 1 })`.
 * Operations whose names say that they read are repeated when they fail; the SDK itself must not.
 */
export function awsRequestHandler(http: VendorHttp): AwsHandler {
  return {
    async handle(request, { abortSignal } = {}) {
      const operation = operationOf(request);
      const response = await http.fetch(urlOf(request), {
        method: request.method,
        headers: Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())),
        redirect: "manual",
        ...(operation === undefined ? {} : { operation, safe: READS.test(operation) }),
        ...bodyOf(request),
        ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
      });
      const body = Readable.from([Buffer.from(await response.arrayBuffer())]);
      return {
        response: { statusCode: response.status, reason: response.statusText, headers: Object.fromEntries(response.headers), body },
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

function urlOf({ protocol, hostname, port, path, query = {} }: AwsRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ""].flat().map((item) => (value === null ? escapeUri(name) : `${escapeUri(name)}=${escapeUri(item)}`)),
  );
  return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
}

/** As AWS signs it: `!'()*` are escaped too. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The action's name, where the protocol carries it outside the path. */
function operationOf({ headers, body }: AwsRequest): string | undefined {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
  if (target) return target.split(".").at(-1);
  return typeof body === "string" ? (/^Action=(\w+)/.exec(body)?.[1] ?? /&Action=(\w+)/.exec(body)?.[1]) : undefined;
}

function bodyOf({ method, body }: AwsRequest): { body?: string | Uint8Array<ArrayBuffer> } {
  if (body === undefined || body === null || method === "GET" || method === "HEAD") return {};
  if (typeof body === "string") return { body };
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) };
  throw new TypeError("a streamed request body is not supported");
}
