import type { Logger, WebClient } from "@slack/web-api";
import { fieldsOf, listOf, text } from "./parse.ts";

export type Client = WebClient;

/** One layer retries, and it is ours: the client's own would post twice after a timeout. `timeout` in milliseconds. */
export function clientOptions(apiUrl: string | undefined, logger: Logger, timeout = 10_000) {
  return { ...(apiUrl ? { slackApiUrl: apiUrl } : {}), timeout, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger };
}

/** The SDK's own words; its debug lines hold bodies and go nowhere. */
export function createLogger(note: (words: string) => void): Logger {
  const say = (...words: unknown[]) => note(`slack sdk: ${words.map(String).join(" ").slice(0, 300)}`);
  // The SDK's enumeration is not worth loading it for.
  return { debug() {}, info() {}, warn: say, error: say, setLevel() {}, getLevel: () => "error" as never, setName() {} };
}

/** refused: Slack said no, and nothing happened. limited: the same, until then. ambiguous: it may have arrived. */
export type Failure =
  | { kind: "limited"; seconds: number }
  | { kind: "refused"; error: string; messages: string }
  | { kind: "ambiguous"; detail: string; answered: boolean };

/** A code of Slack's. With the two left out part of the work may be done; what is no code is some proxy's page. */
const DEFINITE = /^(?!fatal_error$|internal_error$)[a-z0-9_]+$/;

export function failureOf(error: unknown): Failure {
  const { name, data, retryAfter } = fieldsOf(error instanceof Error ? { ...error, name: error.name } : error);
  if (name === "WebAPIRateLimitedError") return { kind: "limited", seconds: typeof retryAfter === "number" ? retryAfter : 1 };
  const { response_metadata, error: code } = fieldsOf(data);
  if (name === "WebAPIPlatformError" && DEFINITE.test(text(code))) {
    return { kind: "refused", error: text(code), messages: listOf(fieldsOf(response_metadata).messages).join("; ") };
  }
  return { kind: "ambiguous", detail: text(name) || "unknown", answered: name === "WebAPIHTTPError" || name === "WebAPIPlatformError" };
}

/** The code of a definite no; "" for everything else. */
export function refusalOf(error: unknown): string {
  const failure = failureOf(error);
  return failure.kind === "refused" ? failure.error : "";
}

/** Longest wait Slack may ask for before we give up, in seconds, and how often we wait. */
const LONGEST_WAIT_S = 120;
const MOST_WAITS = 100;

/** Repeats a call that Slack limited, after the time it names. Other failures are thrown as they came. */
export async function whenAllowed<T>(call: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "limited" || failure.seconds > LONGEST_WAIT_S || attempt === MOST_WAITS) throw error;
      await wait(failure.seconds * 1000);
    }
  }
}
