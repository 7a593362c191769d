import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Logger } from "@slack/web-api";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import { type Fields, fieldsOf } from "./parse.ts";
import { createSeen } from "./seen.ts";
import type { SlackSettings } from "./settings.ts";
import { openSocket } from "./socket.ts";

/** Takes a delivery. Resolves when it is safe to tell Slack "received"; a throw means Slack shall deliver again. */
export type Deliver = (body: Fields) => Promise<void>;

export interface Inbox {
  routes: Route[];
  /** Throws ConfigError when Slack refuses the token. */
  start(): Promise<void>;
  /** Takes no more; resolves when what is being taken is taken. */
  stop(): Promise<void>;
}

export interface InboxOptions {
  deliver: Deliver;
  logger: Logger;
  now(): Date;
  wait(ms: number): Promise<void>;
  onFault(error: unknown): void;
}

const SKEW_S = 5 * 60;
/** Slack names no largest size; Bolt takes as much. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** Bolt keeps the socket and checks signatures. What is delivered goes to us before Slack hears "ok". */
export async function openInbox(settings: SlackSettings, options: InboxOptions): Promise<Inbox> {
  const gate = createGate(options.deliver);
  if (settings.SLACK_APP_TOKEN)
    return openSocket(await import("@slack/bolt"), settings.SLACK_APP_TOKEN, settings.SLACK_API_URL, gate, options);
  // By its own path: the package as a whole brings Express, sockets and OAuth, some 40 MB that deliveries over HTTP have no use for.
  const { isValidSlackRequest } = await import("@slack/bolt/dist/receivers/verify-request.js");
  const seen = createSeen(options.now);

  /** Throws HttpError 401. */
  function verify(headers: HttpRequest["headers"], body: string): void {
    const [signature, timestamp] = [headers["x-slack-signature"], Number(headers["x-slack-request-timestamp"])];
    // Bolt refuses what is old, and takes what is dated ahead; both by the clock of this machine.
    if (timestamp > Date.now() / 1000 + SKEW_S) throw new HttpError(401, "The request comes from the future. Check this machine's clock.");
    const signed = { "x-slack-signature": String(signature ?? ""), "x-slack-request-timestamp": timestamp };
    if (!(timestamp > 0) || !isValidSlackRequest({ signingSecret: settings.SLACK_SIGNING_SECRET ?? "", body, headers: signed }))
      throw new HttpError(401, "This is not signed with SLACK_SIGNING_SECRET, or was signed more than five minutes ago.");
  }

  const route: Route = {
    method: "POST",
    path: "/slack/events",
    access: "own",
    bodyLimit: BODY_LIMIT,
    async handle({ headers, body: raw }): Promise<HttpResponse> {
      if (!gate.isOpen) throw new HttpError(503, "Stopping. Deliver again in a moment.");
      const text = raw.toString("utf8");
      const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? new URLSearchParams(text) : undefined;
      // Slack asks so, unsigned, whether the certificate is good.
      if (form?.get("ssl_check") === "1") return RECEIVED;
      const signature = String(headers["x-slack-signature"]);
      if (seen.has(signature)) return RECEIVED;
      verify(headers, text);
      const body = parse(form, text);
      if (body.type === "url_verification")
        return { status: 200, headers: { "content-type": "application/json" }, raw: JSON.stringify({ challenge: body.challenge }) };
      await gate.take(body);
      seen.add(signature);
      return RECEIVED;
    },
  };
  return { routes: [route], start: async () => {}, stop: gate.close };
}

const RECEIVED: HttpResponse = { status: 200, headers: { "content-type": "text/plain" }, raw: "" };

/** Throws HttpError 400. */
function parse(form: URLSearchParams | undefined, text: string): Fields {
  const json = form ? form.get("payload") : text;
  if (json === null) return Object.fromEntries(form ?? []);
  try {
    return fieldsOf(JSON.parse(json));
  } catch {
    throw new HttpError(400, "The body is neither JSON nor a form with JSON in it.");
  }
}

/** Lets deliveries through one by one until it is closed. */
export interface Gate {
  readonly isOpen: boolean;
  /** Resolves when the delivery is kept. Throws HttpError 503 when it is closed: Slack delivers again, to who is there then. */
  take(body: Fields): Promise<void>;
  /** Has a receiver of Bolt deliver here, and acknowledge what is kept. */
  guard(receiver: Receiver): void;
  close(): Promise<void>;
}

function createGate(deliver: Deliver): Gate {
  const taking = new Set<Promise<void>>();
  let open = true;
  async function take(body: Fields): Promise<void> {
    if (!open) throw new HttpError(503, "Stopping. Deliver again in a moment.");
    const taken = deliver(body);
    taking.add(taken);
    try {
      await taken;
    } finally {
      taking.delete(taken);
    }
  }
  async function processEvent(event: ReceiverEvent): Promise<void> {
    if (!open) return;
    await take(event.body as Fields);
    await event.ack();
  }
  return {
    get isOpen() {
      return open;
    },
    take,
    guard: (receiver) => receiver.init({ processEvent } as unknown as App),
    async close() {
      open = false;
      await Promise.allSettled(taking);
    },
  };
}
