import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectContext, VendorCall } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import type { VendorFetch, VendorHttpOptions, VendorRequestInit } from "../http.ts";
import { createHost, type Host, type Time } from "./host.ts";
import type { Exchange } from "./redirect.ts";
import { isRateLimit, retryAfterMs } from "./retry-after.ts";
import { vendorErrorIn } from "./sdk-errors.ts";
import { createTransport } from "./transport.ts";
import type { Words } from "./words.ts";

/** What tests put in the context besides the clock. Absent in production. */
export interface HttpContext extends ConnectContext {
  /** In [0, 1). */
  random?(): number;
  /** Resolves after the time; rejects with the signal's reason. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
  /** No attempt lasts longer, whatever the vendor's own limit. */
  attemptMs?: number;
}

export interface Caller {
  fetch: VendorFetch;
  close(): Promise<void>;
}

/** One call with all its attempts and waits. */
const CALL_MS = 30_000;
const ATTEMPT_MS = 10_000;
const ATTEMPTS = 3;
const BACKOFF = { firstMs: 250, mostMs: 4_000 };
const MAX_BYTES = 20_000_000;
const MOST_WAIT_MS = 60_000;
const PASSING_STATUSES = new Set([429, 502, 503, 504]);
const REPEATABLE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A call, as all its attempts share it. */
interface Call {
  exchange: Exchange;
  redirect: Request["redirect"];
  operation: string;
  repeatable: boolean;
  host: Host;
}

/** How an attempt ended, and whether trying again may help. */
type Ending =
  | { response: Response; passing: boolean; waitMs?: number | undefined }
  | { error: unknown; passing: boolean; waitMs?: undefined };

/** The only layer that repeats requests: within one deadline, one purse of retries, and the pauses vendors ask for. */
export function createCaller(options: VendorHttpOptions, words: Words): Caller {
  const context: HttpContext = options.context;
  const { vendor, maxBytes = MAX_BYTES, timeoutMs = ATTEMPT_MS, safePost = false } = options;
  const random = context.random ?? Math.random;
  const time: Time = { now: () => context.now(), wait: context.wait ?? waitReally };
  const transport = createTransport({ baseUrl: options.baseUrl, maxBytes, words, ...(options.hosts ? { hosts: options.hosts } : {}) });
  const hosts = new Map<string, Host>();
  const attemptMs = Math.min(timeoutMs, context.attemptMs ?? timeoutMs);

  function hostOf(url: URL): Host {
    const host = hosts.get(url.host) ?? createHost(time, words);
    hosts.set(url.host, host);
    return host;
  }

  async function prepare(input: string | URL | Request, init: VendorRequestInit): Promise<Call> {
    const request = new Request(input, init);
    const { method } = request;
    const url = new URL(request.url);
    const headers = new Headers(request.headers);
    if (!headers.has("user-agent")) headers.set("user-agent", "firstmate");
    words.hide(headers);
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
    return {
      exchange: { url, method, headers, ...(body ? { body } : {}) },
      redirect: request.redirect,
      operation: init.operation ?? `${method} ${fixedPath(url)}`,
      repeatable: REPEATABLE_METHODS.has(method) || (method === "POST" && (init.safe ?? safePost)),
      host: hostOf(url),
    };
  }

  function reporter(call: Call, attempt: number): (outcome: VendorCall["outcome"], status?: number) => void {
    const started = time.now().getTime();
    return (outcome, status) => {
      const ms = Math.max(0, time.now().getTime() - started);
      context.onVendorCall?.({ vendor, operation: call.operation, outcome, ms, attempt, ...(status === undefined ? {} : { status }) });
    };
  }

  /** One attempt from the queue to the last byte. Rejects when the signal aborts, and when the breaker or a pause forbids it. */
  async function attempt(call: Call, number: number, remainingMs: () => number, signal: AbortSignal): Promise<Ending> {
    const report = reporter(call, number);
    const leave = await call.host.enter(signal, remainingMs).catch((error: unknown) => {
      if (error instanceof VendorError) report(error.status === 429 ? "refused" : "broken-circuit");
      throw error;
    });
    const limitMs = Math.max(1, Math.min(attemptMs, remainingMs()));
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(words.timeout(limitMs)), limitMs);
    const either = AbortSignal.any([signal, timer.signal]);
    try {
      const response = await transport.send(call.exchange, call.redirect, either);
      leave(response.status < 500 ? "answered" : "failed");
      report(outcomeOf(response.status), response.status);
      return judge(call.host, response);
    } catch (cause) {
      const ours = vendorErrorIn(cause);
      leave(signal.aborted ? "abandoned" : ours && !either.aborted ? "answered" : "failed");
      report(isTimeout(either) ? "timeout" : "failed");
      signal.throwIfAborted();
      if (either.aborted) return { error: either.reason, passing: false };
      return ours ? { error: ours, passing: false } : { error: words.unreachable(cause), passing: true };
    } finally {
      clearTimeout(timeout);
    }
  }

  function judge(host: Host, response: Response): Ending {
    const { status, headers } = response;
    const limited = isRateLimit(status, headers);
    const waitMs = limited || status === 503 ? retryAfterMs(headers, time.now()) : undefined;
    if (waitMs !== undefined) host.pause(waitMs);
    return { response, passing: limited || PASSING_STATUSES.has(status), waitMs };
  }

  async function run(call: Call, signal: AbortSignal): Promise<Response> {
    const started = time.now().getTime();
    const remaining = () => CALL_MS - Math.max(0, time.now().getTime() - started);
    call.host.called();
    for (let number = 1; ; number++) {
      const ending = await attempt(call, number, remaining, signal);
      const waitMs = ending.waitMs ?? Math.round(random() * Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** number));
      const again = ending.passing && call.repeatable && number < ATTEMPTS && waitMs <= MOST_WAIT_MS && waitMs < remaining();
      if (!again || !call.host.takeRetry()) {
        if ("error" in ending) throw ending.error;
        return ending.response;
      }
      await time.wait(waitMs, signal);
    }
  }

  return {
    async fetch(input, init = {}) {
      const own = init.signal ?? (input instanceof Request ? input.signal : undefined);
      own?.throwIfAborted();
      const call = await prepare(input, init);
      const overall = new AbortController();
      const timeout = setTimeout(() => overall.abort(words.timeout(CALL_MS)), CALL_MS);
      try {
        return await run(call, own ? AbortSignal.any([own, overall.signal]) : overall.signal);
      } finally {
        clearTimeout(timeout);
      }
    },
    close: transport.close,
  };
}

async function waitReally(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

/** A path for metrics: ids, names and hashes would make a new series each. */
function fixedPath({ pathname }: URL): string {
  return pathname.replace(/\/(?!(?:[a-z][a-zA-Z._-]{0,23}|v?\d{1,2})(?=\/|$))[^/]+/g, "/:id");
}

function outcomeOf(status: number): VendorCall["outcome"] {
  if (status < 400) return "ok";
  return status < 500 ? "refused" : "failed";
}

/** Our own limits abort with a VendorError, deadlines of a turn with a TimeoutError. */
function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof VendorError || (reason instanceof Error && reason.name === "TimeoutError");
}
