import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Api, createApi } from "./api.ts";
import { createComplaints, describe } from "./complaints.ts";
import { applyAck } from "./deliver/ack-effects.ts";
import { type AppGestures, appGestures } from "./deliver/app-events.ts";
import { type DuplicateGestures, duplicateGestures } from "./deliver/duplicates.ts";
import type { Gesture } from "./deliver/gesture.ts";
import { type HttpSender, httpSender } from "./deliver/http.ts";
import { type InteractionGestures, interactionGestures } from "./deliver/interactions.ts";
import { type MessageGestures, messageGestures } from "./deliver/messages.ts";
import { type SocketSender, socketSender } from "./deliver/socket.ts";
import { createFaultScript, type FaultScript } from "./faults.ts";
import { handleResponseUrl, handleUpload } from "./hooks.ts";
import { findMentionsInMessage, type Mention } from "./mentions.ts";
import type { Desk } from "./methods/desk.ts";
import { createRateLimits } from "./rate-limits.ts";
import { REQUIRED_SCOPES } from "./scopes.ts";
import type { Person, RecordedCall, Room, Violation } from "./shapes.ts";
import { createSocketHub } from "./socket.ts";
import { transcript, type VisibleMessage } from "./transcript.ts";
import { Workspace } from "./workspace.ts";

export type { Gesture } from "./deliver/gesture.ts";
export type { Ack, HttpOptions, HttpSender } from "./deliver/http.ts";
export type { SocketSender } from "./deliver/socket.ts";
export { FAULTS, type Fault } from "./faults.ts";
export { findMentions, type Mention } from "./mentions.ts";
export { IDS, SAMPLE_PEOPLE, SAMPLE_ROOMS } from "./sample.ts";
export type { Fields, Person, RecordedCall, Room, Violation } from "./shapes.ts";
export type { VisibleMessage } from "./transcript.ts";

export interface FakeSlackOptions {
  /** The fake's clock: message times, rate limits, stream and status lives. Defaults to the real one. */
  now?: () => Date;
  /** What signatures are dated by. Defaults to the real clock, which is what verifiers read. */
  wallClock?: () => Date;
  /** Granted bot scopes. Defaults to what the manifest requires, without what it calls optional. */
  manifestScopes?: readonly string[];
  channels?: readonly Room[];
  users?: readonly Person[];
  signingSecret?: string;
  botToken?: string;
  appToken?: string;
  /** How many posts (or looks) of a finished upload come too early. Default 1, so that no app may rely on luck. */
  fileRefusals?: number;
  /** Per method and minute; "chat.postMessage": 0 lifts the one post per second and channel. */
  limits?: Readonly<Record<string, number>>;
  /** Markup the app may send raw. Default: none. */
  allowMention?: (mention: Mention) => boolean;
}

/** A strict Slack on loopback. */
export interface FakeSlack {
  /** For `slackApiUrl`; ends in "/api/". */
  readonly apiUrl: string;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
  /** Every request of the app, refused ones too, in order. */
  readonly calls: readonly RecordedCall[];
  callsTo(method: string): RecordedCall[];
  /** Resolves when so many calls of the method have come, those already there included. */
  called(method: string, count?: number): Promise<void>;
  /** Everything Slack remembers: files, statuses, sessions, prompts, home tabs, modals, reactions. */
  readonly workspace: Workspace;
  /** What a person reads, oldest first; ephemeral messages only for `as`. */
  transcript(channel: string, threadTs?: string, options?: { as?: string }): VisibleMessage[];
  /** What people do; each is made once and may be sent several times. */
  readonly gestures: MessageGestures & InteractionGestures & AppGestures & DuplicateGestures;
  /** Deliveries to the app's request URL. */
  http(url: string): HttpSender;
  /** Deliveries to the app's socket. */
  readonly socket: SocketSender;
  readonly faults: Pick<FaultScript, "inject">;
  /** From now on every call is refused with this; undefined takes it back. */
  switchOff(code: "account_inactive" | "token_revoked" | "invalid_auth" | undefined): void;
  readonly violations: readonly Violation[];
  /** Takes out the violations a test made on purpose; throws when none matches. */
  takeViolations(pattern: RegExp): Violation[];
  /** Throws with every broken rule and the call that broke it, every scripted fault that never came to use, and every stream left open or broken. */
  assertNoViolations(): void;
  /** Cuts open connections. Safe to call twice. */
  close(): Promise<void>;
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const {
    now = () => new Date(),
    wallClock = () => new Date(),
    signingSecret = "fake-signing-secret",
    botToken = "xoxb-fake-bot",
    appToken = "xapp-fake-app",
    allowMention = () => false,
  } = options;
  const workspace = new Workspace(now, options.users, options.channels);
  const complaints = createComplaints();
  const faults = createFaultScript();
  const calls: RecordedCall[] = [];
  const waiters: { method: string; count: number; go: () => void }[] = [];
  let off: string | undefined;

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      complaints.add(`the fake itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  const hub = createSocketHub(server, (rule) => complaints.add(rule));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const desk: Desk = {
    workspace,
    limits: createRateLimits(now, options.limits),
    scopes: options.manifestScopes ?? REQUIRED_SCOPES,
    fileRefusals: options.fileRefusals ?? 1,
    now,
    origin: () => origin,
    socketUrl: () => hub.issueUrl(origin),
    complain: (rule, call) => complaints.add(rule, call),
  };
  const api: Api = createApi({
    desk,
    faults,
    calls,
    tokens: { bot: botToken, app: appToken },
    switchedOff: () => off,
    allowMention,
    onRecord: wake,
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", origin);
    if (request.method === "POST" && pathname.startsWith("/api/")) await api.handle(request, response, pathname.slice("/api/".length));
    else if (request.method === "POST" && pathname.startsWith("/upload/")) await handleUpload(request, response, pathname, api, desk);
    else if (request.method === "POST" && pathname.startsWith("/hooks/")) await handleResponseUrl(request, response, pathname, api, desk);
    else {
      complaints.add(`unexpected ${request.method} ${pathname}`);
      response.writeHead(404).end();
    }
  }

  /** What the app says in an acknowledgement is on record as a call of "ack". */
  function heardAck(gesture: Gesture, body: string): void {
    const answer = applyAck(workspace, gesture, body);
    if (answer) api.record("ack", "", answer);
  }

  function count(method: string): number {
    return calls.filter((call) => call.method === method).length;
  }

  function wake(): void {
    for (const waiter of waiters) if (count(waiter.method) >= waiter.count) waiter.go();
  }

  function unfinished(): string[] {
    return workspace.posts.flatMap((post) => {
      if (post.deleted) return [];
      workspace.settleStream(post);
      const state = post.stream?.state;
      const mentions = findMentionsInMessage(post).filter((mention) => post.stream && !allowMention(mention));
      return [
        ...(state === "live" ? [`the stream ${post.ts} in ${post.channel} was left open`] : []),
        ...(state === "expired" ? [`the stream ${post.ts} in ${post.channel} expired and was left broken`] : []),
        ...mentions.map((mention) => `raw ${mention.kind} markup ${mention.raw} in the streamed message ${post.ts}`),
      ];
    });
  }

  return {
    apiUrl: `${origin}/api/`,
    signingSecret,
    botToken,
    appToken,
    calls,
    callsTo: (method) => calls.filter((call) => call.method === method),
    called: (method, wanted = 1) =>
      count(method) >= wanted ? Promise.resolve() : new Promise((go) => void waiters.push({ method, count: wanted, go })),
    workspace,
    transcript: (channel, threadTs, as) => transcript(workspace, channel, threadTs, as),
    gestures: {
      ...messageGestures(workspace, now),
      ...appGestures(workspace, now),
      ...interactionGestures(workspace, () => origin),
      ...duplicateGestures(workspace),
    },
    http: (url) => httpSender(url, signingSecret, wallClock, heardAck),
    socket: socketSender(hub, heardAck),
    faults,
    switchOff(code) {
      off = code;
    },
    get violations() {
      return complaints.list;
    },
    takeViolations: (pattern) => complaints.take(pattern),
    assertNoViolations() {
      assert.deepEqual([...complaints.list.map(describe), ...faults.unused(), ...unfinished()], [], "the app broke rules of Slack");
    },
    close() {
      hub.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
