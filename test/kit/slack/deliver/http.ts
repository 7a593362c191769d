import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { type Fields, isFields } from "../shapes.ts";
import type { Gesture } from "./gesture.ts";

/** Deliveries over HTTP, signed as Slack signs. */

export interface HttpOptions {
  /** Sets x-slack-retry-num and -reason. */
  retry?: { num: number; reason: string };
  signature?: "good" | "wrong" | "missing" | "stale" | "future" | "old version";
  /** Paths taken out of the payload: "event.user", "trigger_id". */
  without?: readonly string[];
  /** So many bytes of padding in the payload. */
  pad?: number;
  /** Cuts the body to so many bytes: signed whole (a damaged body), signed cut (a body that does not parse), or the connection dies there. */
  cut?: { at: number; how: "signed whole" | "signed cut" | "connection dies" };
  contentType?: string;
}

/** What the app answered. */
export interface Ack {
  /** 0 when there was no answer: the connection died, or nothing came in time on the socket. */
  status: number;
  body: string;
  /** From the first byte sent to the end of the answer. */
  ms: number;
  headers: IncomingHttpHeaders;
  /** What was sent, to replay it. */
  sent: { body: Buffer; headers: Record<string, string> };
}

const STALE_S = -6 * 60;
const FUTURE_S = 10 * 60;

export function signatureOf(secret: string, timestamp: number, body: Buffer | string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
}

export interface HttpSender {
  send(gesture: Gesture, options?: HttpOptions): Promise<Ack>;
  /** The very same bytes and headers again. */
  replay(ack: Ack): Promise<Ack>;
  /** Several deliveries, one after the other or at once. The answers are in the order of `gestures`. */
  sendAll(gestures: readonly Gesture[], order: "forward" | "backward" | "together", options?: HttpOptions): Promise<Ack[]>;
}

/** `wallClock` is what signatures are dated by: verifiers read the real time. `onAck` hears of every answer with status 200. */
export function httpSender(
  url: string,
  secret: string,
  wallClock: () => Date,
  onAck: (gesture: Gesture, body: string) => void,
): HttpSender {
  async function send(gesture: Gesture, options: HttpOptions = {}): Promise<Ack> {
    const { body, contentType } = bodyOf(gesture, options);
    const cut = options.cut;
    const signed = cut?.how === "signed cut" ? body.subarray(0, cut.at) : body;
    const headers = {
      "content-type": options.contentType ?? contentType,
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      accept: "*/*",
      ...(options.retry ? { "x-slack-retry-num": String(options.retry.num), "x-slack-retry-reason": options.retry.reason } : {}),
      ...(gesture.type === "handshake" ? {} : sign(signed, secret, wallClock(), options.signature)),
    };
    const ack = await transmit(
      url,
      cut ? body.subarray(0, cut.at) : body,
      headers,
      cut?.how === "connection dies" ? body.length : undefined,
    );
    if (ack.status === 200) onAck(gesture, ack.body);
    return ack;
  }

  return {
    send,
    replay: ({ sent }) => transmit(url, sent.body, sent.headers),
    async sendAll(gestures, order, options) {
      if (order === "together") return Promise.all(gestures.map((gesture) => send(gesture, options)));
      const acks = new Map<Gesture, Ack>();
      for (const gesture of order === "forward" ? gestures : [...gestures].reverse()) acks.set(gesture, await send(gesture, options));
      return gestures.flatMap((gesture) => acks.get(gesture) ?? []);
    },
  };
}

function sign(body: Buffer, secret: string, at: Date, how: NonNullable<HttpOptions["signature"]> = "good"): Record<string, string> {
  if (how === "missing") return {};
  const shift = how === "stale" ? STALE_S : how === "future" ? FUTURE_S : 0;
  const timestamp = Math.floor(at.getTime() / 1000) + shift;
  const good = signatureOf(how === "wrong" ? `${secret}-not` : secret, timestamp, body);
  return { "x-slack-request-timestamp": String(timestamp), "x-slack-signature": how === "old version" ? good.replace("v0=", "v1=") : good };
}

function bodyOf(gesture: Gesture, { without = [], pad = 0 }: HttpOptions): { body: Buffer; contentType: string } {
  const payload = { ...withoutPaths(gesture.payload, without), ...(pad > 0 ? { padding: "x".repeat(pad) } : {}) };
  if (gesture.type === "events_api") return { body: Buffer.from(JSON.stringify(payload)), contentType: "application/json" };
  const form =
    gesture.type === "interactive"
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
  return { body: Buffer.from(new URLSearchParams(form).toString()), contentType: "application/x-www-form-urlencoded" };
}

/** A copy without the named fields; arrays are entered by index. Throws when a path leads nowhere: a test that removes nothing proves nothing. */
export function withoutPaths(payload: Fields, paths: readonly string[]): Fields {
  const copy = structuredClone(payload) as Record<string, unknown>;
  for (const path of paths) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    let at: unknown = copy;
    for (const name of names) at = isFields(at) || Array.isArray(at) ? (at as Record<string, unknown>)[name] : undefined;
    if (!isFields(at) || !(last in at)) throw new Error(`the payload has no ${path}`);
    delete (at as Record<string, unknown>)[last];
  }
  return copy;
}

/** `announce` is the length that is promised when the connection is to die before it. */
function transmit(url: string, body: Buffer, headers: Record<string, string>, announce?: number): Promise<Ack> {
  const started = performance.now();
  const sent = { body, headers };
  return new Promise((resolve) => {
    const finish = (status: number, text: string, answer: IncomingHttpHeaders) =>
      resolve({ status, body: text, ms: performance.now() - started, headers: answer, sent });
    const request = httpRequest(
      url,
      { method: "POST", agent: false, headers: { ...headers, "content-length": String(announce ?? body.length) } },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("end", () => finish(response.statusCode ?? 0, Buffer.concat(pieces).toString("utf8"), response.headers));
        response.on("error", () => finish(0, "", {}));
      },
    );
    request.on("error", () => finish(0, "", {}));
    if (announce === undefined) request.end(body);
    else request.write(body, () => setImmediate(() => request.destroy()));
  });
}
