import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { App, type AppOptions, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "./index.ts";

/** What the fake's own tests need: a clock to turn, a plain client, a bare Bolt app. */

export interface TestClock {
  now(): Date;
  advance(ms: number): void;
}

export function createClock(start = "2026-11-20T09:00:00Z"): TestClock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    advance(ms) {
      at += ms;
    },
  };
}

/** No retries, no waiting, no log. */
export const TAME = { timeout: 2_000, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR } as const;
const SILENT = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => LogLevel.ERROR, setName() {} };

export async function startClient(options: FakeSlackOptions = {}): Promise<{ slack: FakeSlack; client: WebClient; clock: TestClock }> {
  const clock = createClock();
  const slack = await startFakeSlack({ now: clock.now, ...options });
  return { slack, client: plainClient(slack), clock };
}

export function plainClient(slack: FakeSlack, token = slack.botToken, timeout: number = TAME.timeout): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, ...TAME, timeout, logger: SILENT });
}

/** The error code of an `ok: false` answer, else the name of what was thrown, else "ok". */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { data, name } = error as { data?: { error?: string }; name: string };
    return data?.error ?? name;
  }
}

export const QUIET_POST = { unfurl_links: false, unfurl_media: false } as const;

export interface BoltRig {
  app: App;
  /** Where events go. */
  url: string;
  stop(): Promise<void>;
}

function boltOptions(slack: FakeSlack): AppOptions {
  return {
    token: slack.botToken,
    deferInitialization: true,
    convoStore: false,
    logger: SILENT,
    clientOptions: { slackApiUrl: slack.apiUrl, ...TAME, logger: SILENT },
  };
}

/** Bolt behind a plain server, as our own server would hold it. */
export async function startBoltHttp(slack: FakeSlack): Promise<BoltRig> {
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: SILENT });
  const app = new App({ ...boltOptions(slack), receiver });
  await app.init();
  const server: Server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    app,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export async function startBoltSocket(slack: FakeSlack): Promise<{ app: App; stop(): Promise<unknown> }> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: SILENT,
    clientPingTimeout: 20,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ ...boltOptions(slack), receiver });
  await app.init();
  return { app, stop: () => app.stop() };
}
