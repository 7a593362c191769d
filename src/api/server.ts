import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../core/http.ts";
import type { User } from "../core/message.ts";
import { admit } from "../identity/access.ts";
import { matchRoute } from "./match-route.ts";
import { toProblem } from "./problem.ts";
import { discardBody, readBody } from "./read-body.ts";
import { readTarget } from "./read-target.ts";
import { send, writeResponse } from "./write-response.ts";

// Not an import: that reads every export of node:http, its WebSocket too, and so loads a whole HTTP client (some 14 MB) that is not used.
const { createServer } = process.getBuiltinModule("node:http");

export interface ServerOptions {
  routes: readonly Route[];
  /** Who asks; undefined for nobody. May throw HttpError 401. */
  authenticate(request: IncomingMessage, issued: Route["issued"]): Promise<User | undefined>;
  /** Bytes a body may have unless its route says otherwise. */
  bodyLimit: number;
  /** Longest time `close` waits for the answers under way, in milliseconds. */
  drainMs: number;
  newId(): string;
  correlate<T>(id: string, work: () => T): T;
  /** `route` is the pattern of the address, undefined for one that is none. */
  onRequest?(entry: { method: string; path: string; route: string | undefined; status: number; ms: number }): void;
  /** Told of every error that is our fault. */
  onFault(error: unknown): void;
}

export interface HttpDoor {
  url: string;
  /** Takes no new requests, waits for the answers under way, hangs up on everyone else, then resolves. */
  close(): Promise<void>;
}

/**
 * A kept connection must outlive the caller's belief in it, or a request meets a closed door: balancers believe in one for a minute or so,
 * clients for as long as they are told (the timeout here), and Node closes what it has not looked at while its event loop was held up.
 */
const LIMITS = {
  ...{ requestTimeout: 60_000, headersTimeout: 15_000, maxHeaderSize: 16_384 },
  ...{ keepAliveTimeout: 120_000, keepAliveTimeoutBuffer: 30_000 },
};

const UNKNOWN = "There is nothing at this address. The API is described at /api/v1/openapi.json.";

/** The one HTTP port: matches, authenticates, reads, answers. Each answer is JSON in the envelope, a problem document, or what its route says. */
export async function startServer(options: ServerOptions, port: number, host: string): Promise<HttpDoor> {
  const underWay = new Set<Promise<unknown>>();
  const server = createServer(LIMITS, (request, response) => {
    if (!server.listening) response.shouldKeepAlive = false;
    // From the moment a request has arrived whole, its answer is owed.
    const owe = (answered: Promise<unknown>) => {
      underWay.add(answered);
      answered.finally(() => underWay.delete(answered));
    };
    void options.correlate(options.newId(), () => serve(request, response, options, owe));
  });
  server.on("clientError", refuseGarbage);
  await listen(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.race([settled(underWay), after(options.drainMs)]);
      // Node no longer times out what is half sent or never used (browsers open such connections ahead of need).
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function settled(work: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (work.size > 0) await Promise.allSettled(work);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** What is no HTTP is answered in the words of the others, once. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const detail = {
    400: "This is not a readable HTTP request.",
    408: "The request took too long to arrive.",
    431: "The headers are too large.",
  };
  const { body } = toProblem(new HttpError(status, detail[status]));
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} ${body.title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
  socket.end(`${head}connection: close\r\n\r\n${text}`);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  owe: (answered: Promise<unknown>) => void,
): Promise<void> {
  const started = performance.now();
  const { path, query } = readTarget(request.url ?? "/");
  const hangup = watchHangup(response);
  let route: string | undefined;
  try {
    const found = findRoute(options.routes, request, path);
    route = found.route.path;
    const user = await admit(found.route, request, options.authenticate);
    const body = found.route.unread ? Buffer.alloc(0) : await readBody(request, found.route.bodyLimit ?? options.bodyLimit);
    owe(hangup.closed);
    await writeResponse(response, await answer(found, { request, response, query, body, user, hangup }));
  } catch (error) {
    refuse(request, response, error, options);
  }
  options.onRequest?.({
    method: request.method ?? "",
    path,
    route,
    status: response.statusCode,
    ms: Math.round(performance.now() - started),
  });
}

interface Hangup {
  /** Resolves when the answer is written, or nobody waits for it any more. */
  closed: Promise<void>;
  /** Aborts when the caller hangs up before that. Made when first asked for: most requests are over before anyone asks. */
  signal(): AbortSignal;
}

function watchHangup(response: ServerResponse): Hangup {
  let controller: AbortController | undefined;
  const closed = new Promise<void>((resolve) => {
    response.once("close", () => {
      // Who has the whole answer hangs up on nothing.
      if (!response.writableFinished) controller?.abort();
      resolve();
    });
  });
  return {
    closed,
    signal() {
      controller ??= new AbortController();
      if (response.closed && !response.writableFinished) controller.abort();
      return controller.signal;
    },
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown, options: ServerOptions): void {
  // Who hung up is gone, and what was broken off for that is no fault.
  if (request.destroyed && !request.complete) return;
  if (response.destroyed && error instanceof Error && error.name === "AbortError") return;
  const { status, headers, body, known } = toProblem(error);
  if (!known) options.onFault(error);
  if (response.headersSent) response.destroy();
  else send(response, status, { ...headers, "content-type": "application/problem+json" }, JSON.stringify(body));
  discardBody(request);
}

function findRoute(routes: readonly Route[], request: IncomingMessage, path: string): { route: Route; params: Record<string, string> } {
  const found = matchRoute(routes, request.method ?? "GET", path);
  if (found.kind === "none") throw new HttpError(404, UNKNOWN);
  if (found.kind === "method") {
    const allow = found.allowed.join(", ");
    throw new HttpError(405, `This address takes ${allow}, not ${request.method}.`, { headers: { allow } });
  }
  return found;
}

interface Arrived {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  body: Buffer;
  user: User | undefined;
  hangup: Hangup;
}

function answer(found: { route: Route; params: Record<string, string> }, arrived: Arrived): Promise<HttpResponse> {
  const { request, response, query, body, user, hangup } = arrived;
  const input: HttpRequest = {
    params: found.params,
    query,
    headers: request.headers,
    body,
    json: () => parseJson(body, request.headers["content-type"]),
    ...(user ? { user } : {}),
    get signal() {
      return hangup.signal();
    },
    raw: { request, response },
  };
  return found.route.handle(input);
}

function parseJson(body: Buffer, type: string | undefined): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? ""))
    throw new HttpError(415, "Send the body as JSON, with “Content-Type: application/json”.");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new HttpError(400, `The body is not valid JSON: ${error instanceof Error ? error.message.slice(0, 120) : "it cannot be read"}.`);
  }
}
