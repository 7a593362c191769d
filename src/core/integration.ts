import type { z } from "zod";
import type { Feed, FeedKind } from "./feed.ts";
import type { Tool } from "./tool.ts";

/** A vendor, or datasets: settings in, tools and feeds out. Without its settings it is absent: no tools, no feeds, no error. */
export interface Integration<Settings extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** What people call the things it knows: "pull requests". A question about them while it is off is told what turns it on. */
  readonly topics: readonly string[];
  /** Kinds of feeds it gives. */
  readonly kinds: readonly FeedKind[];
  /** Environment names → types, each described. Secrets carry `.meta({ secret: true })`. */
  readonly settings: Settings;
  /** The variables that turn it on; all must be set. */
  readonly requires: readonly (keyof Settings["shape"] & string)[];
  /** May throw ConfigError. Makes no network call: what is slow or may fail waits for the first use. */
  connect(settings: z.output<Settings>, context: ConnectContext): Promise<Connection>;
}

export interface ConnectContext {
  /** Clock, injected in tests. */
  now(): Date;
  /** Origins ("http://127.0.0.1:4010") of the simulated company's vendors. A receipt from there is labelled demo. */
  demoOrigins?: readonly string[];
  /** Each request to a vendor, for the log and the metrics. */
  onVendorCall?(call: VendorCall): void;
}

/** One request as it ended. Without address, headers or body: those may hold secrets. */
export interface VendorCall {
  vendor: string;
  /** What was asked, from a fixed set: "POST /graphql", "GetCostAndUsage". */
  operation: string;
  /** HTTP status; absent when there was no answer. */
  status?: number;
  outcome: "ok" | "refused" | "failed" | "timeout" | "broken-circuit" | "cached" | "stale";
  ms: number;
  attempt: number;
}

export interface Connection {
  readonly tools: readonly Tool[];
  readonly feeds: readonly Feed[];
  /**
   * Tools that only become known by asking on the network: all that are known by now. Waits some seconds at most, the first time only;
   * asks again those that did not answer, never throws, and is cheap when nothing is left to ask. A tool once given stays as it is.
   */
  lateTools?(): Promise<readonly Tool[]>;
  /** Titles of those whose tools are not known (yet). */
  lateFrom?(): readonly string[];
  /** Feeds doctor and readiness. Never throws. */
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  /** Releases files and sockets. Safe to call twice. */
  close(): Promise<void>;
}

export interface CheckResult {
  /** What was looked at: "datasets: bill". */
  name: string;
  state: "ok" | "warning" | "failed" | "off";
  message: string;
  /** The exact thing to do. Present whenever the state is not "ok". */
  fix?: string;
}

/** Identity, for the inference of `settings` in `connect`. */
export function defineIntegration<Settings extends z.ZodObject>(integration: Integration<Settings>): Integration<Settings> {
  return integration;
}
