import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Logger } from "@slack/web-api";
import { HttpError, type HttpResponse, type Route } from "../../core/http.ts";
import type { Fields } from "./parse.ts";
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

/** Bolt's receivers alone: they check signatures and keep the socket. What is delivered goes to us before Slack hears "ok". */
export async function openInbox(settings: SlackSettings, options: InboxOptions): Promise<Inbox> {
  const bolt = await import("@slack/bolt");
  const gate = createGate(options.deliver);
  if (settings.SLACK_APP_TOKEN) return openSocket(bolt, settings.SLACK_APP_TOKEN, settings.SLACK_API_URL, gate, options);
  const receiver = new bolt.HTTPReceiver({
    signingSecret: settings.SLACK_SIGNING_SECRET ?? "",
    logger: options.logger,
    processEventErrorHandler: async ({ error, response }) => {
      options.onFault(error);
      if (!response.headersSent) response.writeHead(500).end();
      return false;
    },
    unhandledRequestHandler: ({ response }) => {
      if (!response.headersSent) response.writeHead(503).end();
    },
  });
  gate.guard(receiver);
  const seen = createSeen(options.now);
  const route: Route = {
    method: "POST",
    path: "/slack/events",
    access: "own",
    unread: true,
    async handle({ headers, raw: { request, response } }): Promise<HttpResponse> {
      if (!gate.isOpen) throw new HttpError(503, "Stopping. Deliver again in a moment.");
      refuseFuture(headers["x-slack-request-timestamp"]);
      const signature = String(headers["x-slack-signature"] ?? "");
      if (signature && seen.has(signature)) return { status: 200, headers: { "content-type": "text/plain" }, raw: "" };
      response.once("finish", () => {
        if (signature && response.statusCode === 200) seen.add(signature);
      });
      receiver.requestListener(request, response);
      return { handled: true };
    },
  };
  return { routes: [route], start: async () => {}, stop: gate.close };
}

/** Bolt refuses what is old, and takes what is dated ahead; both by the clock of this machine. */
function refuseFuture(timestamp: string | string[] | undefined): void {
  if (Number(timestamp) > Date.now() / 1000 + SKEW_S)
    throw new HttpError(401, "The request comes from the future. Check this machine's clock.");
}

/** Lets deliveries through one by one until it is closed, and acknowledges each once it is kept. */
export interface Gate {
  readonly isOpen: boolean;
  guard(receiver: Receiver): void;
  close(): Promise<void>;
}

function createGate(deliver: Deliver): Gate {
  const taking = new Set<Promise<void>>();
  let open = true;
  async function processEvent(event: ReceiverEvent): Promise<void> {
    // Not acknowledged: Slack delivers again, to who is there then.
    if (!open) return;
    const taken = deliver(event.body as Fields);
    taking.add(taken);
    try {
      await taken;
    } finally {
      taking.delete(taken);
    }
    await event.ack();
  }
  return {
    get isOpen() {
      return open;
    },
    guard: (receiver) => receiver.init({ processEvent } as unknown as App),
    async close() {
      open = false;
      await Promise.allSettled(taking);
    },
  };
}
