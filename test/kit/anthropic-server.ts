import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkHeaders, findFault, type MessagesRequest, type WireError } from "./anthropic-rules.ts";

/**
 * A scripted Messages API on loopback that speaks the real streaming protocol and refuses what the real one refuses.
 * Each accepted request takes the next entry of the script; a request without an entry is refused with 500 and fails
 * `assertDone`, as does an entry nobody asked for. A request that the rules refuse (401, 400) takes no entry and
 * fails `assertDone` too.
 */
export interface AnthropicServer {
  /** Base URL for clients. */
  readonly url: string;
  /** Every request that came to /v1/messages, refused ones included, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Appends entries. */
  script(...entries: Entry[]): void;
  /** Answers every request for which no entry is left. */
  always(entry: Entry): void;
  /** Drops what came so far: ten thousand turns hold much. */
  forget(): void;
  /** Throws when entries are left, or a request came that the script or the rules did not allow. */
  assertDone(): void;
  /** Cuts open connections. */
  close(): Promise<void>;
}

export interface RecordedRequest {
  headers: IncomingMessage["headers"];
  /** The body as it came. */
  raw: string;
  body: MessagesRequest;
}

/** What to answer; a function sees the request first. */
export type Entry = Answer | Refusal | Silence | ((request: RecordedRequest) => Answer | Refusal | Silence);

/** A message of the model. */
export interface Answer {
  /** Comes first, with a signature. */
  thinking?: string;
  /** Text, in the pieces in which it is streamed. Comes before the tool calls. */
  text?: string | readonly string[];
  tools?: readonly ScriptedCall[];
  /** Defaults: 100 in, 20 out, nothing cached. */
  usage?: { input?: number; output?: number; cacheRead?: number; cacheWrite?: number };
  /** Defaults to "tool_use" with tools, else "end_turn". */
  stop?: string;
  /** The stream fails after so many content deltas; 0 is right after message_start. */
  breaks?: { after: number; how: Breakage };
}

export interface ScriptedCall {
  name: string;
  /** An object is streamed as JSON in pieces; a string is streamed as it stands, JSON or not. */
  input?: Readonly<Record<string, unknown>> | string;
  id?: string;
}

/** cut: the socket dies. end: the body ends too early. silent: nothing more comes. garbage: no JSON. overloaded: an error event. */
export type Breakage = "cut" | "end" | "silent" | "garbage" | "overloaded";

/** An error status with the real error body. */
export interface Refusal {
  status: number;
  headers?: Record<string, string>;
  /** Words of the vendor, to see that they go nowhere. */
  message?: string;
}

/** Takes the request and never answers. */
export interface Silence {
  silent: true;
}

const ERROR_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const MODEL = { type: "model", created_at: "2026-03-01T00:00:00Z", capabilities: null };

export interface ServerOptions {
  /** The only key that is accepted; any when absent. */
  key?: string;
  /** The models it describes, each with the day since which it is deprecated; any when absent. */
  models?: Readonly<Record<string, string | null>>;
}

export async function startAnthropicServer(options: ServerOptions = {}): Promise<AnthropicServer> {
  const entries: Entry[] = [];
  const requests: RecordedRequest[] = [];
  const complaints: string[] = [];
  let fallback: Entry | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request);
    const [, named] = /^\/v1\/models\/([\w.-]+)$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && named) return describe(response, named, request.headers);
    if (request.method !== "POST" || !/^\/v1\/messages(\?|$)/.test(request.url ?? "")) {
      complaints.push(`unexpected ${request.method} ${request.url}`);
      return refuse(response, { status: 404, message: "Not found" });
    }
    const recorded: RecordedRequest = { headers: request.headers, raw, body: parse(raw) };
    requests.push(recorded);
    const fault = findFault(request.headers, recorded.body, options.key);
    if (fault) {
      complaints.push(`refused: ${fault.message}`);
      return refuse(response, fault);
    }
    const scripted = entries.shift() ?? fallback;
    if (!scripted) {
      complaints.push("a request came that the script does not have");
      return refuse(response, { status: 500, headers: { "x-should-retry": "false" }, message: "The script is at its end" });
    }
    const entry = typeof scripted === "function" ? scripted(recorded) : scripted;
    if ("silent" in entry) return;
    if ("status" in entry) return refuse(response, entry);
    if (recorded.body.stream === true) return stream(response, recorded.body, entry);
    sendJson(response, 200, wholeMessage(recorded.body, entry));
  }

  /** Takes no entry: it costs nothing. */
  function describe(response: ServerResponse, id: string, headers: IncomingMessage["headers"]): void {
    const { models } = options;
    const isUnknown = models !== undefined && !(id in models);
    const fault = checkHeaders(headers, options.key) ?? (isUnknown ? { status: 404, message: `model: ${id}` } : undefined);
    if (fault) refuse(response, fault);
    else sendJson(response, 200, { ...MODEL, id, display_name: id, deprecated_at: models?.[id] ?? null });
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
    script: (...more) => void entries.push(...more),
    always: (entry) => {
      fallback = entry;
    },
    forget: () => void requests.splice(0),
    assertDone() {
      assert.deepEqual(complaints, [], "the model server was asked for something it does not allow");
      assert.equal(entries.length, 0, `${entries.length} scripted answers were never asked for`);
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

/** An unreadable body becomes an empty one, which the rules refuse. */
function parse(raw: string): MessagesRequest {
  try {
    return JSON.parse(raw) as MessagesRequest;
  } catch {
    return {};
  }
}

function refuse(response: ServerResponse, { status, headers = {}, message = "Refused" }: Refusal | WireError): void {
  const error = { type: ERROR_TYPES[status] ?? "api_error", message };
  sendJson(response, status, { type: "error", error, request_id: "req_test" }, headers);
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_test", ...headers });
  response.end(JSON.stringify(body));
}

let count = 0;

function messageHead(request: MessagesRequest, { usage = {} }: Answer): Record<string, unknown> {
  count += 1;
  return {
    id: `msg_${count}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input ?? 100,
      cache_creation_input_tokens: usage.cacheWrite ?? 0,
      cache_read_input_tokens: usage.cacheRead ?? 0,
      output_tokens: 1,
    },
  };
}

const stopReason = (answer: Answer) => answer.stop ?? (answer.tools?.length ? "tool_use" : "end_turn");
const outputTokens = (answer: Answer) => answer.usage?.output ?? 20;

function wholeMessage(request: MessagesRequest, answer: Answer): Record<string, unknown> {
  const head = messageHead(request, answer);
  const text = [answer.text ?? []].flat().join("");
  const tools = (answer.tools ?? []).map((call) => ({ type: "tool_use", id: idOf(call), name: call.name, input: call.input ?? {} }));
  const usage = { ...(head.usage as object), output_tokens: outputTokens(answer) };
  return { ...head, content: [...(text ? [{ type: "text", text }] : []), ...tools], stop_reason: stopReason(answer), usage };
}

function idOf(call: ScriptedCall): string {
  count += 1;
  return call.id ?? `toolu_${count}`;
}

/** One server-sent event. */
type WireEvent = { type: string } & Record<string, unknown>;

/** The events between message_start and message_delta, in the order of the real service. */
function* contentEvents(answer: Answer): Generator<WireEvent> {
  let index = 0;
  if (answer.thinking !== undefined) {
    yield { type: "content_block_start", index, content_block: { type: "thinking", thinking: "", signature: "" } };
    yield { type: "content_block_delta", index, delta: { type: "thinking_delta", thinking: answer.thinking } };
    yield { type: "content_block_delta", index, delta: { type: "signature_delta", signature: "signed" } };
    yield { type: "content_block_stop", index };
    index += 1;
  }
  const pieces = [answer.text ?? []].flat();
  if (pieces.length > 0) {
    yield { type: "content_block_start", index, content_block: { type: "text", text: "" } };
    for (const text of pieces) yield { type: "content_block_delta", index, delta: { type: "text_delta", text } };
    yield { type: "content_block_stop", index };
    index += 1;
  }
  for (const call of answer.tools ?? []) {
    yield { type: "content_block_start", index, content_block: { type: "tool_use", id: idOf(call), name: call.name, input: {} } };
    for (const piece of jsonPieces(call.input ?? {})) {
      yield { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: piece } };
    }
    yield { type: "content_block_stop", index };
    index += 1;
  }
}

function jsonPieces(input: NonNullable<ScriptedCall["input"]>): string[] {
  const json = typeof input === "string" ? input : JSON.stringify(input);
  const middle = Math.ceil(json.length / 2);
  return ["", json.slice(0, middle), json.slice(middle)];
}

async function stream(response: ServerResponse, request: MessagesRequest, answer: Answer): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_test", "cache-control": "no-cache" });
  send(response, { type: "message_start", message: messageHead(request, answer) });
  send(response, { type: "ping" });
  let deltas = 0;
  for (const event of contentEvents(answer)) {
    if (answer.breaks?.after === deltas) return breakOff(response, answer.breaks.how);
    send(response, event);
    if (event.type === "content_block_delta") deltas += 1;
    // Lets the reader see the pieces one by one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (answer.breaks) return breakOff(response, answer.breaks.how);
  send(response, {
    type: "message_delta",
    delta: { stop_reason: stopReason(answer), stop_sequence: null },
    usage: { output_tokens: outputTokens(answer) },
  });
  send(response, { type: "message_stop" });
  response.end();
}

function send(response: ServerResponse, event: WireEvent): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function breakOff(response: ServerResponse, how: Breakage): void {
  if (how === "cut") response.write("\n", () => setImmediate(() => response.socket?.destroy()));
  else if (how === "end") response.end();
  else if (how === "garbage") response.end("event: content_block_delta\ndata: {not json\n\n");
  else if (how === "overloaded") {
    send(response, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } });
    response.end();
  }
}
