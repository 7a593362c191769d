import { onTestFinished } from "vitest";
import type { VendorCall } from "../../../src/core/integration.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { createVendorHttp, type VendorHttp, type VendorHttpOptions } from "../../../src/integrations/http.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

export const START = new Date("2026-11-21T08:42:00Z");

export interface HttpWorld {
  server: VendorServer;
  http: VendorHttp;
  context: HttpContext;
  /** Milliseconds of every wait; each moves the clock instead of taking time. */
  waits: number[];
  calls: VendorCall[];
  now(): number;
  advance(ms: number): void;
}

/** A vendor on loopback and a client for it, both closed at the end of the test. */
export async function startWorld(routes: Routes = {}, options: Partial<VendorHttpOptions & HttpContext> = {}): Promise<HttpWorld> {
  const server = await startVendorServer(routes);
  const waits: number[] = [];
  const calls: VendorCall[] = [];
  let time = START.getTime();
  const { random = () => 0.5, attemptMs, demoOrigins, ...rest } = options;
  const context: HttpContext = {
    now: () => new Date(time),
    onVendorCall: (call) => void calls.push(call),
    random,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      time += ms;
    },
    ...(attemptMs === undefined ? {} : { attemptMs }),
    ...(demoOrigins ? { demoOrigins } : {}),
  };
  const http = createVendorHttp({
    vendor: "Acme",
    baseUrl: server.url,
    context,
    credentials: "ACME_TOKEN",
    address: "ACME_URL",
    headers: { authorization: "Bearer acme-secret-token-1" },
    ...rest,
  });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const advance = (ms: number) => {
    time += ms;
  };
  return { server, http, context, waits, calls, now: () => time, advance };
}

export function patience(): AbortSignal {
  return AbortSignal.timeout(30_000);
}

/** What was thrown, for tests that look at it closely. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`it did not fail but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as Error,
  );
}
