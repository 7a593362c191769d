import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import { HttpError, type HttpResponse, type Route } from "../../core/http.ts";
import type { SlackSettings } from "./settings.ts";

/** Takes a delivery. Resolves when it is safe to tell Slack "received"; a throw means Slack shall deliver again. */
export type Deliver = (body: Readonly<Record<string, unknown>>) => Promise<void>;

export interface Inbox {
  routes: Route[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SKEW_S = 5 * 60;
const REMEMBER_MS = 10 * 60_000;

/** Bolt's receivers alone: they check signatures and keep the socket. What is delivered goes to us before Slack hears "ok". */
export async function openInbox(settings: SlackSettings, deliver: Deliver, now: () => Date): Promise<Inbox> {
  const bolt = await import("@slack/bolt");
  const init = (receiver: Receiver) => receiver.init({ processEvent: (event: ReceiverEvent) => take(event, deliver) } as unknown as App);
  if (settings.SLACK_APP_TOKEN) {
    const receiver = new bolt.SocketModeReceiver({
      appToken: settings.SLACK_APP_TOKEN,
      ...(settings.SLACK_API_URL ? { installerOptions: { clientOptions: { slackApiUrl: settings.SLACK_API_URL } } } : {}),
    });
    init(receiver);
    return { routes: [], start: async () => void (await receiver.start()), stop: async () => void (await receiver.stop()) };
  }
  const receiver = new bolt.HTTPReceiver({ signingSecret: settings.SLACK_SIGNING_SECRET ?? "" });
  init(receiver);
  const seen = createSeen(now);
  const route: Route = {
    method: "POST",
    path: "/slack/events",
    access: "own",
    unread: true,
    async handle({ headers, raw }): Promise<HttpResponse> {
      const at = Number(headers["x-slack-request-timestamp"]);
      if (!Number.isFinite(at) || Math.abs(now().getTime() / 1000 - at) > SKEW_S)
        throw new HttpError(401, "The request is too old, from the future, or carries no time. Check this machine's clock.");
      const signature = String(headers["x-slack-signature"] ?? "");
      if (seen.has(signature)) return { status: 200, headers: { "content-type": "text/plain" }, raw: "" };
      raw.response.once("finish", () => raw.response.statusCode === 200 && seen.add(signature));
      receiver.requestListener(raw.request, raw.response);
      return { handled: true };
    },
  };
  return { routes: [route], start: async () => {}, stop: async () => {} };
}

async function take(event: ReceiverEvent, deliver: Deliver): Promise<void> {
  await deliver(event.body as Readonly<Record<string, unknown>>);
  await event.ack();
}

/** Signatures of deliveries that were taken: the same bytes again are a replay. */
function createSeen(now: () => Date) {
  const times = new Map<string, number>();
  return {
    has: (signature: string) => (times.get(signature) ?? 0) > now().getTime() - REMEMBER_MS,
    add(signature: string) {
      times.set(signature, now().getTime());
      for (const [old, at] of times) {
        if (at > now().getTime() - REMEMBER_MS) break;
        times.delete(old);
      }
    },
  };
}
