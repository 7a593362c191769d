import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/**
 * A scripted vendor on loopback. It answers the routes it was given and nothing else: a request without a route gets 404
 * and fails `assertAllUsed`, as does a route that nobody asked for. On request it misbehaves the way real vendors do.
 */
export interface VendorServer {
  /** Base URL for clients, without a slash at the end. */
  readonly url: string;
  /** Every request, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Bytes of bodies written, for the answers that never end. */
  readonly bytesSent: number;
  /** Adds routes; a route that is there already is replaced. */
  serve(routes: Routes): void;
  /** The next `times` requests get this instead of their route; for ever by default. `undefined` ends it. */
  misbehave(how: Handler | undefined, times?: number): void;
  /** Throws when a request had no route, or a route no request. */
  assertAllUsed(): void;
  /** Cuts open connections. */
  close(): Promise<void>;
}

/** "POST /graphql", "GET /api/v2/problems/:id", "GET /rest/*"; the query is not part of it. */
export type Routes = Readonly<Record<string, Handler>>;

/** What to answer; a function sees the request first. */
export type Handler = Answer | ((request: RecordedRequest) => Answer | Promise<Answer>);

export interface Answer {
  /** Default 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  /** Instead of `json`. */
  body?: string | Buffer;
  /** Instead of both: writes, or does not write, whatever it likes. Gives the bytes it wrote. */
  wire?(response: ServerResponse): number | Promise<number>;
}

export interface RecordedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  raw: string;
  /** The body as JSON; undefined when it is none. */
  body: unknown;
}

export async function startVendorServer(routes: Routes = {}): Promise<VendorServer> {
  const served = new Map<string, Handler>(Object.entries(routes));
  const used = new Set<string>();
  const requests: RecordedRequest[] = [];
  const complaints: string[] = [];
  let mood: { how: Handler; left: number } | undefined;
  let bytesSent = 0;

  function handlerFor(request: RecordedRequest): Handler {
    if (mood && mood.left-- > 0) return mood.how;
    const route = [...served.keys()].find((key) => matches(key, request));
    if (route === undefined) {
      complaints.push(`unexpected ${request.method} ${request.path}`);
      return { status: 404, json: { message: "the script does not have this" } };
    }
    used.add(route);
    return served.get(route) as Handler;
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await record(message);
    requests.push(request);
    const handler = handlerFor(request);
    const answer = typeof handler === "function" ? await handler(request) : handler;
    if (answer.wire) bytesSent += await answer.wire(response);
    else bytesSent += write(response, answer);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      complaints.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get bytesSent() {
      return bytesSent;
    },
    serve(more) {
      for (const [route, handler] of Object.entries(more)) served.set(route, handler);
    },
    misbehave(how, times = Number.POSITIVE_INFINITY) {
      mood = how === undefined ? undefined : { how, left: times };
    },
    assertAllUsed() {
      assert.deepEqual(complaints, [], "the vendor was asked for something its script does not have");
      const unused = [...served.keys()].filter((route) => !used.has(route));
      assert.deepEqual(unused, [], "the vendor was never asked for something its script has");
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** The ways in which vendors fail. Each is an answer for `misbehave` or for a route. */
export const failures = {
  /** Takes the request and never answers. */
  silent: { wire: () => 0 },
  /** Dies before it answers. */
  reset: {
    wire(response) {
      response.socket?.resetAndDestroy();
      return 0;
    },
  },
  unauthorized: (said = "Bad credentials") => ({ status: 401, json: { message: said } }),
  forbidden: { status: 403, json: { message: "Resource not accessible" } },
  notFound: { status: 404, json: { message: "Not Found" } },
  /** `after` as Retry-After says it: seconds or a date. */
  tooMany: (after?: string) => ({
    status: 429,
    json: { message: "Too many requests" },
    ...(after === undefined ? {} : { headers: { "retry-after": after } }),
  }),
  serverError: { status: 500, json: { message: "Internal error" } },
  unavailable: { status: 503, json: { message: "Back soon" } },
  /** What a proxy says, as a web page. */
  badGateway: {
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html><head><style>h1{color:red}</style></head><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>",
  },
  /** Promises more than it sends. */
  truncated: {
    wire(response) {
      response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
      response.write('{"data": [');
      setImmediate(() => response.destroy());
      return 10;
    },
  },
  garbage: { headers: { "content-type": "application/json" }, body: '{"data": [}\u0007 oops' },
  /** JSON of no known shape. */
  drifted: { json: { renamed: { everything: [1, 2, 3] } } },
  graphqlErrors: { json: { data: null, errors: [{ message: "Field 'boom' doesn't exist", path: ["boom"] }] } },
  /** 500 MB without saying so before. */
  huge: { wire: (response) => stream(response, 500_000_000) },
  /** 500 MB that say so in their headers. */
  announced: { wire: (response) => stream(response, 500_000_000, { "content-length": "500000000" }) },
  /** Half a megabyte on the wire, 500 MB unpacked. */
  bomb: {
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    get body() {
      return Buffer.concat(Array<Buffer>(500).fill(gzipSync(Buffer.alloc(1_000_000, " "))));
    },
  },
} satisfies Record<string, Answer | ((said?: string) => Answer)>;

async function record(message: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString("utf8");
  const url = new URL(message.url ?? "/", "http://vendor");
  return { method: message.method ?? "", path: url.pathname, query: url.searchParams, headers: message.headers, raw, body: parse(raw) };
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function matches(route: string, { method, path }: RecordedRequest): boolean {
  const [verb, pattern = ""] = route.split(" ");
  if (verb !== method) return false;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+");
  return new RegExp(`^${source.replace(/\*/g, ".*")}$`).test(path);
}

function write(response: ServerResponse, { status = 200, headers = {}, json, body }: Answer): number {
  const content = body ?? (json === undefined ? "" : JSON.stringify(json));
  response.writeHead(status, { ...(json === undefined ? {} : { "content-type": "application/json; charset=utf-8" }), ...headers });
  response.end(content);
  return Buffer.byteLength(content);
}

/** Sends until all is sent or the other side has enough. */
async function stream(response: ServerResponse, bytes: number, headers: Record<string, string> = {}): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, " ");
  response.writeHead(200, { "content-type": "application/json", ...headers });
  let gone = false;
  response.on("close", () => {
    gone = true;
  });
  let sent = 0;
  while (!gone && sent < bytes) {
    sent += chunk.length;
    if (!response.write(chunk)) await new Promise<void>((go) => response.once("drain", go).once("close", go));
  }
  response.end();
  return sent;
}
