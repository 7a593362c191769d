import type { IncomingMessage, ServerResponse } from "node:http";
import type { Role, User } from "./message.ts";

/** One entry of the HTTP table. The server matches, authenticates, limits and parses; `handle` works. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** OpenAPI form: "/api/v1/tools/{name}". */
  path: string;
  /** open: anyone. own: the route checks its own proof (signatures). Else the least role that may call. */
  access: "open" | "own" | Role;
  /** Needs a key on one's own machine too, where a viewer otherwise needs none. */
  keyed?: true;
  /** A key bound to one AI agent may call too; the handler holds it to its agent (`user.agent`). */
  agentKeys?: true;
  /** A key of one project may call too: all that is given is held to that project (`user.project`). */
  projectKeys?: true;
  /** Tokens that the company's issuer made for this address open it too. `challenge` is what a 401 says of where to get one. */
  issued?: { challenge: string; userOf(token: string): Promise<User | undefined> };
  /** May throw UserError or HttpError; the server writes the problem document. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** The handler reads the request itself; `body` is empty then. For SDKs that check a signature over the raw bytes. */
  unread?: true;
  /** Bytes of body accepted; beyond it the server answers 413. Defaults to the server's limit. */
  bodyLimit?: number;
  /** What openapi.json says of it; a route without one is left out there. */
  docs?: RouteDocs;
}

export interface RouteDocs {
  summary: string;
  tag: string;
  /** JSON Schemas. */
  body?: Record<string, unknown>;
  query?: Record<string, Record<string, unknown>>;
  /** Request headers it looks at, besides those of every route. */
  headers?: Record<string, Record<string, unknown>>;
  /** What `meta` of the answer may hold. */
  meta?: Record<string, Record<string, unknown>>;
  response?: Record<string, unknown>;
  responseType?: string;
  /** Further media types the same may be asked for in, by the Accept header. */
  otherTypes?: readonly string[];
  /** Status of success; 200 without it. */
  status?: number;
  /** The address another one had before; says which to use. */
  aliasOf?: string;
}

export interface HttpRequest {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  /** The raw body, read to the limit. */
  body: Buffer;
  /** The body as JSON. Throws HttpError 400 or 415. */
  json(): unknown;
  /** Who asks; absent on open and own routes. */
  user?: User;
  /** Aborts when the caller hangs up. */
  signal: AbortSignal;
  /** For channel SDKs that answer by themselves. */
  raw: { request: IncomingMessage; response: ServerResponse };
}

/** `stream` is written chunk by chunk as it comes; `handled` means the route wrote the answer itself. */
export type HttpResponse =
  | { status: number; headers?: Record<string, string>; data: unknown; meta?: Record<string, unknown> }
  | { status: number; headers: Record<string, string>; raw: Buffer | string }
  | { status: number; headers: Record<string, string>; stream: AsyncIterable<string> }
  | { handled: true };

/** A refusal with its HTTP status; the server turns it into application/problem+json. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly errors: readonly { path: string; message: string }[];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    options: { errors?: readonly { path: string; message: string }[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}
