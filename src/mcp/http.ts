import { createMcpHandler } from "@modelcontextprotocol/server";
import type { HttpRequest, HttpResponse } from "../core/http.ts";
import type { User } from "../core/message.ts";
import { CallsUnderWay } from "./calls.ts";
import { createMcpServer } from "./server.ts";
import type { McpDoor } from "./world.ts";

/** Methods that make us work; they count against the limit of their key. */
const WORK = new Set(["tools/call", "resources/read", "prompts/get"]);
const SESSION = "mcp-session-id";

export type McpHttp = (request: HttpRequest, user: User) => Promise<HttpResponse>;

/**
 * Streamable HTTP without state: revision 2026-07-28, and those of 2025 beside it. Each request gets a server of its own. A 2025 client
 * is given a session id, which names its calls for cancellation and nothing else. The next request may go to another replica.
 */
export function createMcpHttp(door: McpDoor): McpHttp {
  const underWay = new CallsUnderWay();
  // Nothing that could be subscribed to changes while we run: `subscriptions/listen` is acknowledged for nothing, and ends.
  const handler = createMcpHandler(({ authInfo }) => createMcpServer(door, authInfo?.extra?.user as User, underWay));
  return async (request, user) => {
    const messages = messagesIn(request.body);
    let limits: Record<string, string> = {};
    for (const { method } of messages) if (WORK.has(method)) limits = await door.rateLimit(user.id);
    const session = request.headers[SESSION];
    for (const { method, params } of messages)
      if (method === "notifications/cancelled" && isId(params?.requestId))
        underWay.cancel(user.id, String(session ?? ""), params.requestId);
    const response = await handler.fetch(toWebRequest(request), {
      authInfo: { token: "", clientId: user.id, scopes: [], extra: { user } },
    });
    const opens = response.ok && messages.some(({ method }) => method === "initialize");
    return toHttpResponse(response, { ...limits, ...(opens ? { [SESSION]: door.newId() } : {}) });
  };
}

interface SentMessage {
  method: string;
  params?: { requestId?: unknown };
}

/** What was sent, as far as it can be read; the protocol's own words for the rest are the SDK's. */
function messagesIn(body: Buffer): SentMessage[] {
  try {
    const sent: unknown = JSON.parse(body.toString("utf8"));
    return (Array.isArray(sent) ? sent : [sent]).filter(
      (m): m is SentMessage => typeof m === "object" && m !== null && typeof m.method === "string",
    );
  } catch {
    return [];
  }
}

function isId(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function toWebRequest({ raw, headers, body, signal }: HttpRequest): Request {
  const { method = "POST", url = "/mcp" } = raw.request;
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === "authorization" ? [] : [[name, String(value)] as [string, string]],
  );
  const content = method === "POST" ? { body: new Uint8Array(body) } : {};
  return new Request(new URL(url, `http://${headers.host ?? "localhost"}`), { method, headers: sent, signal, ...content });
}

async function toHttpResponse(response: Response, own: Record<string, string>): Promise<HttpResponse> {
  const headers = { ...Object.fromEntries(response.headers), ...own };
  const { status, body } = response;
  const streams = body !== null && headers["content-type"]?.startsWith("text/event-stream");
  if (streams) return { status, headers: { ...headers, "x-accel-buffering": "no" }, stream: textOf(body) };
  return { status, headers, raw: await response.text() };
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}
