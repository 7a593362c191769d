import type { Readable, Writable } from "node:stream";
import type { CoreSettings } from "../config/settings.ts";
import type { AlertDesk } from "../core/alert.ts";
import type { Handler } from "../core/channel.ts";
import type { DigestDesk } from "../core/digest.ts";
import type { CheckResult } from "../core/integration.ts";
import type { User } from "../core/message.ts";
import type { Reply } from "../core/reply.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import type { Audit } from "../records/audit.ts";
import type { Keys } from "../records/keys.ts";
import type { Log } from "../telemetry/log.ts";

export interface OpenOptions {
  /** The simulated company in place of real sources. */
  demo?: boolean;
  /** Settings that win over the environment: command-line options. */
  overrides?: Readonly<Record<string, string>>;
  /** Nothing but the overrides: neither the environment nor a firstmate.yaml. */
  alone?: boolean;
  /** Log lines go to standard output (serve) or are kept off it, so that answers can be piped. */
  logTo?: "stdout" | "stderr";
  /** Turns that a crash left open are marked: only by the process that serves. */
  serving?: boolean;
}

/** The whole application, put together by the composition root. */
export interface App {
  settings: CoreSettings;
  log: Log;
  handle: Handler;
  tools: readonly Tool[];
  keys: Keys;
  audit: Audit;
  /** Who asks from this terminal. */
  localUser: User;
  newId(): string;
  now(): Date;
  toolContext(user: User, signal: AbortSignal): ToolContext;
  /** Where and when digests go out. */
  digests(): Promise<DigestDesk>;
  /** What fires, and what the rules would say. */
  alerts(): Promise<AlertDesk>;
  /** The answer object of the API for a final reply. */
  toWire(reply: Reply): object;
  renderPng(spec: Readonly<Record<string, unknown>>): Promise<Buffer>;
  /** Everything `doctor` looks at. */
  checks(signal: AbortSignal): Promise<readonly CheckResult[]>;
  /** Copies the database into an empty one. Throws ConfigError when it cannot be opened or is not empty. */
  copyTo(url: string): Promise<readonly { table: string; rows: number }[]>;
  /** Opens the HTTP port; `ready` is logged by the caller. */
  listen(): Promise<{ url: string; close(): Promise<void> }>;
  /** Speaks MCP over a pipe as the local user, until the pipe is closed or `stop` aborts. */
  serveMcp(pipe: { in: Readable; out: Writable }, stop: AbortSignal): Promise<void>;
  /** Loads what is heavy and will be needed, in the background. */
  warm(): void;
  close(): Promise<void>;
}
