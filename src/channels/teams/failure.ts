/**
 * refused: certainly not posted, so another try cannot double it. ambiguous: it may stand; it is never sent again.
 * stopped: the reader ended the stream and wants no more of it.
 */
export type Failure =
  | { kind: "refused"; status: number; reason: string; retryAfterMs?: number }
  | { kind: "stopped" }
  | { kind: "ambiguous"; reason: string };

const LONGEST_PAUSE_MS = 60_000;
const TRIES = 3;
/** Failures before any byte has left. */
const UNSENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** What a failed post means. The service's words are used to tell a stop and never shown. */
export function failureOf(error: unknown): Failure {
  const { statusCode: status = 0, code = "", message = "", response } = error as FailedPost;
  if (UNSENT.has(code)) return { kind: "refused", status: 0, reason: "Teams cannot be reached", retryAfterMs: LONGEST_PAUSE_MS };
  if (status < 400 || status >= 500 || status === 408)
    return { kind: "ambiguous", reason: status ? `Teams answered ${status}` : "Teams did not answer" };
  if (status === 403 && /cancell?ed/i.test(message)) return { kind: "stopped" };
  const seconds = Number(response?.headers?.get?.("retry-after") ?? Number.NaN);
  const pause = status === 429 || status === 412 ? { retryAfterMs: Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : 1_000 } : {};
  return { kind: "refused", status, reason: reasonOf(status), ...pause };
}

/** Whatever comes next would fare alike: the place is closed to us, or Teams takes nothing now. */
export function isClosed(failure: Failure): boolean {
  return failure.kind === "stopped" || (failure.kind === "refused" && [0, 401, 403, 404, 412, 429].includes(failure.status));
}

/** What a refusal means, for the log and for who is told of it. */
function reasonOf(status: number): string {
  if (status === 403) return "the bot was removed from this conversation, or may not write there (Teams answered 403)";
  if (status === 404) return "this conversation is gone (Teams answered 404)";
  return `Teams answered ${status}`;
}

interface FailedPost {
  statusCode?: number;
  code?: string;
  message?: string;
  response?: { headers?: { get?(name: string): string | null | undefined } };
}

/** Posts; where Teams asks for a pause (429, 412) it is kept and the post tried again. Any other failure is thrown on at once. */
export async function whenAllowed<T>(post: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post();
    } catch (error) {
      const failure = failureOf(error);
      const pause = failure.kind === "refused" && failure.status > 0 ? failure.retryAfterMs : undefined;
      if (pause === undefined || pause > LONGEST_PAUSE_MS || attempt === TRIES) throw error;
      await wait(pause);
    }
  }
}
