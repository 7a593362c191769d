import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeArguments, readBody } from "./decode.ts";
import type { Fault, FaultScript } from "./faults.ts";
import { findMentions, type Mention } from "./mentions.ts";
import type { Desk, Method } from "./methods/desk.ts";
import { METHODS } from "./methods/index.ts";
import { blame, RateLimited, Refusal, refuse } from "./refusal.ts";
import { IDS } from "./sample.ts";
import { scopesNeeded } from "./scopes.ts";
import { type Fields, type RecordedCall, stringOf } from "./shapes.ts";

/** The Web API: decode, record, let faults strike, check token, scopes, arguments and limits, work, answer. */
export interface Api {
  handle(request: IncomingMessage, response: ServerResponse, method: string): Promise<void>;
  /** Records a request and runs `work` with the scripted fault around it; for the hooks beside the API too. */
  answer(response: ServerResponse, call: RecordedCall, work: () => Answer): Promise<void>;
  record(method: string, contentType: string, args: Fields): RecordedCall;
}

export interface Answer {
  status: number;
  body: Fields;
  /** Sent instead of the body as JSON. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
}

export interface ApiParts {
  desk: Desk;
  faults: FaultScript;
  calls: RecordedCall[];
  tokens: { bot: string; app: string };
  /** The error every call gets, once the app is switched off. */
  switchedOff(): string | undefined;
  /** Markup a test lets pass. */
  allowMention(mention: Mention): boolean;
  /** Called for each request, before it is worked on. */
  onRecord(): void;
}

/** Arguments every method takes. */
const ALWAYS = ["token", "team_id"];

export function createApi(parts: ApiParts): Api {
  const { desk, faults, calls } = parts;

  function record(method: string, contentType: string, args: Fields): RecordedCall {
    const call: RecordedCall = { id: calls.length + 1, method, args, at: desk.now(), contentType };
    calls.push(call);
    parts.onRecord();
    for (const mention of findMentions(call))
      if (!parts.allowMention(mention)) desk.complain(`raw ${mention.kind} markup ${mention.raw} in ${mention.where}`, call);
    return call;
  }

  async function answer(response: ServerResponse, call: RecordedCall, work: () => Answer): Promise<void> {
    const fault = faults.next(call);
    if (fault && !letsWork(fault)) return strike(response, call, fault);
    const done = work();
    if (fault?.kind === "late") await fault.until;
    else if (fault) return strike(response, call, fault);
    send(response, call, done);
  }

  async function handle(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const contentType = request.headers["content-type"] ?? "";
    const { args, problems } = decodeArguments(contentType, await readBody(request));
    const call = record(name, contentType, args);
    for (const problem of problems) desk.complain(`arguments: ${problem}`, call);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? stringOf(args.token);
    return answer(response, call, () => guard(call, () => run(call, token)));
  }

  function run(call: RecordedCall, token: string): Answer {
    const method = METHODS[call.method];
    if (!method) blame("unknown_method", `unknown method ${call.method}`);
    checkToken(method, token);
    checkScopes(call);
    desk.limits.take(call.method);
    checkNames(method, call);
    return { status: 200, body: { ok: true, ...method.run(call.args, desk, call) }, headers: { "x-oauth-scopes": desk.scopes.join(",") } };
  }

  function checkToken(method: Method, token: string): void {
    const { bot, app } = parts.tokens;
    if (token !== bot && token !== app) blame("invalid_auth", token ? "a wrong token" : "no token");
    if (token !== parts.tokens[method.token]) blame("not_allowed_token_type", `the ${token === bot ? "bot" : "app"} token`);
    const off = parts.switchedOff();
    if (off) refuse(off);
  }

  function checkScopes(call: RecordedCall): void {
    const needed = scopesNeeded(call.method, desk.workspace.rooms.get(stringOf(call.args.channel)));
    if (needed.length === 0 || needed.some((scope) => desk.scopes.includes(scope))) return;
    refuse("missing_scope", { needed: needed.join(","), provided: desk.scopes.join(",") });
  }

  function checkNames({ required, optional }: Method, call: RecordedCall): void {
    const names = required.split(" ").filter(Boolean);
    const missing = names.filter((name) => call.args[name] === undefined);
    if (missing.length > 0)
      blame("invalid_arguments", `missing ${missing.join(", ")}`, {
        response_metadata: { messages: missing.map((name) => `[ERROR] missing required field: ${name}`) },
      });
    const known = new Set([...names, ...optional.split(" "), ...ALWAYS]);
    for (const name of Object.keys(call.args))
      if (!known.has(name)) desk.complain(`${call.method} has no argument ${name}, or none this app should use`, call);
  }

  /** Turns what a method throws into an answer, and blame into a violation. */
  function guard(call: RecordedCall, work: () => Answer): Answer {
    try {
      return work();
    } catch (error) {
      if (error instanceof RateLimited) return limited(error.retryAfter);
      if (!(error instanceof Refusal)) throw error;
      if (error.broken !== undefined) desk.complain(error.broken, call);
      return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
    }
  }

  return { handle, answer, record };
}

function limited(retryAfter: number): Answer {
  return { status: 429, body: { ok: false, error: "ratelimited" }, headers: { "retry-after": String(retryAfter) } };
}

/** Whether Slack does the work before the fault strikes. */
function letsWork(fault: Fault): boolean {
  return fault.kind === "late" || ("accept" in fault && fault.accept === "after");
}

function strike(response: ServerResponse, call: RecordedCall, fault: Fault): void {
  const broken = brokenAnswer(fault);
  if (broken) send(response, call, broken);
  else if (fault.kind === "reset") response.socket?.resetAndDestroy();
}

/** Undefined for faults without an answer: the connection is cut, or nothing ever comes. */
function brokenAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case "status":
      return { status: fault.status, body: {}, text: "upstream failure" };
    case "ratelimited":
      return limited(fault.retryAfter);
    case "error":
      return { status: 200, body: { ok: false, error: fault.code, ...fault.extra } };
    case "garbage":
      return { status: 200, body: {}, text: "<html>maintenance</html>", headers: { "content-type": "text/html" } };
    default:
      return undefined;
  }
}

function send(response: ServerResponse, call: RecordedCall, { status, body, text, headers = {} }: Answer): void {
  call.answer = { status, body };
  // By the fake's clock, as everything it dates.
  response.setHeader("date", call.at.toUTCString());
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "x-slack-req-id": `${IDS.app}-${call.id}`, ...headers });
  response.end(text ?? JSON.stringify(body));
}
