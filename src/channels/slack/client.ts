import type { WebClient } from "@slack/web-api";
import { fieldsOf, text } from "./parse.ts";

/** One layer retries, and it is ours: the client's own would post twice after a timeout. */
export function clientOptions(apiUrl: string | undefined) {
  return { ...(apiUrl ? { slackApiUrl: apiUrl } : {}), timeout: 10_000, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
}

/** definite: Slack said no, or was never reached in a way that could have worked. ambiguous: it may have arrived. */
export type Failure =
  | { kind: "limited"; seconds: number }
  | { kind: "refused"; error: string; messages: string }
  | { kind: "ambiguous"; detail: string };

export function failureOf(error: unknown): Failure {
  const { name, data, retryAfter } = error as { name?: string; data?: unknown; retryAfter?: number };
  if (name === "WebAPIRateLimitedError") return { kind: "limited", seconds: retryAfter ?? 1 };
  if (name === "WebAPIPlatformError") {
    const { response_metadata, error: code } = fieldsOf(data);
    const messages = fieldsOf(response_metadata).messages;
    return { kind: "refused", error: text(code), messages: Array.isArray(messages) ? messages.join("; ") : "" };
  }
  return { kind: "ambiguous", detail: name ?? "unknown" };
}

/** Longest wait Slack may ask for before we give up. */
const LONGEST_WAIT_S = 60;

/** Repeats a call that Slack limited, after the time it names. Other failures are thrown as they came. */
export async function whenAllowed<T>(call: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "limited" || failure.seconds > LONGEST_WAIT_S || attempt === 4) throw error;
      await wait(failure.seconds * 1000);
    }
  }
}

export type Client = WebClient;
