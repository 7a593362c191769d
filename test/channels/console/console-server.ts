import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { consoleRoutes } from "../../../src/channels/console/index.ts";
import type { Answer, ConversationSummary, ProblemDocument, StoredConversation, ToolSummary } from "../../../src/channels/console/wire.ts";
import { HttpError, type HttpRequest, type Route } from "../../../src/core/http.ts";

/** Answers one question on the wire. */
export type Script = (wire: AskWire) => Promise<void> | void;

export interface AskWire {
  request: AskRequest;
  start(conversation: string): void;
  status(status: string): void;
  text(text: string): void;
  final(answer: Answer): void;
  error(problem: ProblemDocument): void;
  /** An answer with a status code, before any stream. */
  refuse(status: number, problem: ProblemDocument, headers?: Record<string, string>): void;
  /** The connection dies. */
  cut(): void;
  /** Resolves when the page hangs up. */
  hungUp: Promise<void>;
}

export interface AskRequest {
  question: string;
  conversation?: string;
  project?: string;
  headers: IncomingMessage["headers"];
}

export interface ConsoleServer {
  url: string;
  asked: AskRequest[];
  /** Requests nobody expected; a test that leaves some has failed. */
  unexpected: string[];
  /** The next question is answered by this; each script serves once. */
  next(script: Script): void;
  conversations: ConversationSummary[];
  stored: Map<string, StoredConversation>;
  tools: ToolSummary[];
  /** What the rest of the API gives, by "METHOD /path"; a function gets the body and may throw HttpError. */
  replies: Map<string, unknown>;
  /** What was asked of `replies`, in order. */
  sent: { call: string; body: unknown }[];
  /** More of what the empty page is told. */
  start: { signIn?: string; advice?: string };
  /** When set, the API wants it as a bearer. */
  key: string | null;
  close(): Promise<void>;
}

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** The console's routes and a scripted API on a free port of loopback. */
export async function startConsole(): Promise<ConsoleServer> {
  const scripts: Script[] = [];
  const routes = consoleRoutes({
    start: async () => ({
      label: "Demo data: a simulated company",
      greeting: "What would you like to know?",
      suggestions: ["What did October cost?"],
      ...state.start,
    }),
  });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof HttpError ? error.status : 500;
      if (status === 500) state.unexpected.push(String(error));
      problem(response, status, { title: String(error), ...(error instanceof HttpError ? { detail: error.message } : {}) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: ConsoleServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    unexpected: [],
    next: (script) => scripts.push(script),
    conversations: [],
    stored: new Map(),
    tools: [],
    replies: new Map([["GET /api/v1/scopes", []]]),
    sent: [],
    start: {},
    key: null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", state.url);
    const body = await readBody(request);
    if (url.pathname.startsWith("/api/v1/")) {
      if (state.key !== null && request.headers.authorization !== `Bearer ${state.key}`)
        return problem(response, 401, { title: "Unauthorized" });
      return api(request, response, url, body);
    }
    const call = `${request.method} ${url.pathname}`;
    if (state.replies.has(call)) return reply(call, response, body);
    const found = match(routes, request.method ?? "", url.pathname);
    if (!found) {
      state.unexpected.push(`${request.method} ${url.pathname}`);
      return problem(response, 404, { title: "Not found" });
    }
    const served = await found.route.handle({ params: found.params, headers: request.headers, query: url.searchParams } as HttpRequest);
    if (!("raw" in served)) throw new Error("the console serves whole files");
    response.writeHead(served.status, served.headers).end(served.raw);
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const path = url.pathname.slice("/api/v1/".length);
    if (request.method === "POST" && path === "ask") return ask(request, response, body);
    const call = `${request.method} ${url.pathname}`;
    if (state.replies.has(call)) return reply(call, response, body);
    if (path === "conversations") return json(response, { data: state.conversations });
    if (path === "tools") return json(response, { data: state.tools });
    if (path.startsWith("conversations/")) {
      const stored = state.stored.get(decodeURIComponent(path.slice("conversations/".length)));
      return stored ? json(response, { data: stored }) : problem(response, 404, { title: "Not found" });
    }
    if (path === "charts" || path.startsWith("charts/")) {
      response.writeHead(200, { "content-type": "image/png" }).end(PNG);
      return;
    }
    state.unexpected.push(`${request.method} ${url.pathname}`);
    problem(response, 404, { title: "Not found" });
  }

  function reply(call: string, response: ServerResponse, body: string): void {
    const given = body === "" ? undefined : JSON.parse(body);
    const reply = state.replies.get(call);
    if (call !== "GET /api/v1/scopes") state.sent.push({ call, body: given });
    json(response, { data: typeof reply === "function" ? reply(given) : reply });
  }

  async function ask(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const asked: AskRequest = { ...JSON.parse(body), headers: request.headers };
    state.asked.push(asked);
    const script = scripts.shift();
    if (!script) {
      state.unexpected.push(`asked: ${asked.question}`);
      return problem(response, 500, { title: "no script" });
    }
    const hungUp = new Promise<void>((resolve) => response.on("close", () => resolve()));
    const send = (event: string, data: unknown) => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    await script({
      request: asked,
      start: (conversation) => send("start", { conversation }),
      status: (status) => send("status", { status }),
      text: (text) => send("text", { text }),
      final: (data) => send("final", data),
      error: (document) => send("error", document),
      refuse: (status, document, headers) => problem(response, status, document, headers),
      cut: () => request.socket.destroy(),
      hungUp,
    });
    response.end();
  }
}

function match(routes: readonly Route[], method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const groups = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`).exec(path);
    if (groups && route.method === method) return { route, params: { ...groups.groups } };
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, document: ProblemDocument, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/problem+json", ...headers }).end(JSON.stringify({ status, ...document }));
}
