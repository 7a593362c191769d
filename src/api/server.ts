import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../core/http.ts";
import { hasRole, type User } from "../core/message.ts";
import { matchRoute } from "./match-route.ts";
import { toProblem } from "./problem.ts";
import { readBody } from "./read-body.ts";

export interface ServerOptions {
  routes: readonly Route[];
  /** Who asks; undefined for nobody. May throw HttpError 401. */
  authenticate(request: IncomingMessage): Promise<User | undefined>;
  /** Bytes a body may have unless its route says otherwise. */
  bodyLimit: number;
  newId(): string;
  correlate<T>(id: string, work: () => T): T;
  onRequest?(entry: { method: string; path: string; status: number; ms: number }): void;
  /** Told of every error that is our fault. */
  onFault(error: unknown): void;
}

export interface HttpDoor {
  url: string;
  /** Takes no new requests, waits for those under way, then resolves. */
  close(): Promise<void>;
}

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};
const UNKNOWN = "There is nothing at this address. The API is described at /api/v1/openapi.json.";

/** The one HTTP port: matches, authenticates, reads, answers. Each answer is JSON in the envelope, a problem document, or what its route says. */
export async function startServer(options: ServerOptions, port: number, host: string): Promise<HttpDoor> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000, maxHeaderSize: 16_384 }, (request, response) => {
    void options.correlate(options.newId(), () => serve(request, response, options));
  });
  await listen(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const started = performance.now();
  const url = parseUrl(request.url ?? "/");
  const hangup = new AbortController();
  response.once("close", () => hangup.abort());
  try {
    await write(response, await answer(request, response, url, hangup.signal, options), request.method === "HEAD");
  } catch (error) {
    const { status, headers, body, known } = toProblem(error);
    if (!known) options.onFault(error);
    if (response.headersSent) response.destroy();
    else send(response, status, { ...headers, "content-type": "application/problem+json" }, JSON.stringify(body));
    if (!request.complete) request.destroy();
  }
  options.onRequest?.({
    method: request.method ?? "",
    path: url.pathname,
    status: response.statusCode,
    ms: Math.round(performance.now() - started),
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  signal: AbortSignal,
  options: ServerOptions,
): Promise<HttpResponse> {
  const found = matchRoute(options.routes, request.method ?? "GET", url.pathname);
  if (found.kind === "none") throw new HttpError(404, UNKNOWN);
  if (found.kind === "method")
    throw new HttpError(405, `This address takes ${found.allowed.join(", ")}, not ${request.method}.`, {
      headers: { allow: found.allowed.join(", ") },
    });
  const { route, params } = found;
  const user = await allowed(route, request, options);
  const body = route.access === "own" ? Buffer.alloc(0) : await readBody(request, route.bodyLimit ?? options.bodyLimit);
  const input: HttpRequest = {
    params,
    query: url.searchParams,
    headers: request.headers,
    body,
    json: () => parseJson(body, request.headers["content-type"]),
    ...(user ? { user } : {}),
    signal,
    raw: { request, response },
  };
  return route.handle(input);
}

async function allowed(route: Route, request: IncomingMessage, options: ServerOptions): Promise<User | undefined> {
  if (route.access === "open" || route.access === "own") return undefined;
  const user = await options.authenticate(request);
  if (!user)
    throw new HttpError(
      401,
      "This needs a key. Create one with `firstmate key create --role viewer` and send it as “Authorization: Bearer …”.",
      { headers: { "www-authenticate": "Bearer" } },
    );
  if (!hasRole(user.roles, route.access))
    throw new HttpError(403, `This needs the role ${route.access}; yours is ${user.roles.join(", ") || "none"}.`);
  return user;
}

function parseJson(body: Buffer, type: string | undefined): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type ?? ""))
    throw new HttpError(415, "Send the body as JSON, with “Content-Type: application/json”.");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new HttpError(400, `The body is not valid JSON: ${error instanceof Error ? error.message.slice(0, 120) : "it cannot be read"}.`);
  }
}

async function write(response: ServerResponse, result: HttpResponse, headOnly: boolean): Promise<void> {
  if ("handled" in result) return;
  if ("stream" in result) {
    response.writeHead(result.status, { ...SECURITY_HEADERS, ...result.headers });
    for await (const chunk of result.stream) if (!response.write(chunk)) await drained(response);
    response.end();
  } else if ("raw" in result) send(response, result.status, result.headers, headOnly ? "" : result.raw);
  else
    send(
      response,
      result.status,
      { "content-type": "application/json; charset=utf-8", ...result.headers },
      JSON.stringify({ data: result.data, meta: result.meta ?? {}, errors: [] }),
    );
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer | string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, "content-length": String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

function parseUrl(raw: string): URL {
  try {
    return new URL(raw, "http://localhost");
  } catch {
    return new URL("http://localhost/%00");
  }
}
