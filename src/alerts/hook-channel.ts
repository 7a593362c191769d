import { createHmac } from "node:crypto";
import type { Channel, Delivery } from "../core/channel.ts";
import type { OutgoingHook } from "./hooks.ts";
import { HOOK_CHANNEL } from "./tell.ts";

/** One signed POST; resolves with the status. Rejects when there is no answer, or the address is none that may be called. */
export type PostEvent = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
) => Promise<{ status: number; retryAfterMs?: number }>;

/** First pause, and the longest, in milliseconds. */
const PAUSE = { least: 30_000, most: 6 * 3_600_000 } as const;
/** Whoever says so wants no more of it. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422]);

/**
 * Webhooks as one more place to post: retried with ever longer pauses by the outbox. Each event has an id for good, so that a receiver may
 * drop the copies; signed as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature).
 */
export function createHookChannel(hooks: readonly OutgoingHook[], post: PostEvent, now: () => Date): Pick<Channel, "name" | "send"> {
  return {
    name: HOOK_CHANNEL,
    async send(conversation, reply, key, firstTried): Promise<Delivery> {
      const hook = hooks.find(({ name }) => conversation === `${HOOK_CHANNEL}:${name}`);
      if (!hook) return { state: "refused", reason: "that webhook is no longer in firstmate.yaml" };
      const at = now();
      const pause = Math.min(PAUSE.most, Math.max(PAUSE.least, at.getTime() - (firstTried ?? at).getTime()));
      try {
        const { status, retryAfterMs = pause } = await post(hook.url, reply.text, signedHeaders(hook.secret, key, at, reply.text));
        if (status >= 200 && status < 300) return { state: "sent", id: key };
        if (FINAL.has(status)) return { state: "refused", reason: `the receiver answered ${status}` };
        return { state: "refused", reason: `the receiver answered ${status}`, retryAfterMs: Math.max(retryAfterMs, PAUSE.least) };
      } catch {
        return { state: "refused", reason: "the receiver did not answer", retryAfterMs: pause };
      }
    },
  };
}

/** HMAC-SHA-256 over "id.timestamp.body" (standardwebhooks.com). */
export function signedHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
  };
}

export function keyOf(secret: string): Buffer {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret);
}
