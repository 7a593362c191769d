import { RateLimited } from "./refusal.ts";

/** Requests per minute and workspace, Slack's tiers 2, 3 and 4. Methods not named are not limited here. */
export const PER_MINUTE: Readonly<Record<string, number>> = {
  "chat.startStream": 20,
  "chat.stopStream": 20,
  "chat.appendStream": 100,
  "chat.update": 50,
  "chat.delete": 50,
  "chat.postEphemeral": 100,
  "agents.sessions.setStatus": 50,
  "assistant.threads.setSuggestedPrompts": 50,
  "assistant.threads.setTitle": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "conversations.info": 50,
  "conversations.open": 50,
  "conversations.members": 100,
  "users.info": 100,
  "files.info": 100,
  "files.getUploadURLExternal": 100,
  "files.completeUploadExternal": 100,
  "reactions.add": 50,
  "views.open": 100,
  "views.publish": 100,
  "views.update": 100,
};

const MINUTE_MS = 60_000;
const POST_INTERVAL_MS = 1_000;

export interface RateLimits {
  /** Throws RateLimited; else counts the request. */
  take(method: string): void;
  /** Throws RateLimited when a post was accepted in this channel less than a second ago. */
  checkPost(channel: string): void;
  notePost(channel: string): void;
}

/** Sliding windows over the fake's clock. `overrides` replaces a method's limit; Infinity lifts it; "chat.postMessage" is in posts per second (0 lifts it). */
export function createRateLimits(now: () => Date, overrides: Readonly<Record<string, number>> = {}): RateLimits {
  const taken = new Map<string, number[]>();
  const posted = new Map<string, number>();
  return {
    take(method) {
      const limit = overrides[method] ?? PER_MINUTE[method];
      if (limit === undefined || method === "chat.postMessage") return;
      const at = now().getTime();
      const recent = (taken.get(method) ?? []).filter((time) => at - time < MINUTE_MS);
      taken.set(method, recent);
      if (recent.length >= limit) throw new RateLimited(Math.max(1, Math.ceil(((recent[0] ?? at) + MINUTE_MS - at) / 1000)));
      recent.push(at);
    },
    checkPost(channel) {
      const last = posted.get(channel);
      if (overrides["chat.postMessage"] === 0 || last === undefined) return;
      if (now().getTime() - last < POST_INTERVAL_MS) throw new RateLimited(1);
    },
    notePost(channel) {
      posted.set(channel, now().getTime());
    },
  };
}
