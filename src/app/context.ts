import type { Config } from "../config/index.ts";
import type { ApprovalDesk } from "../core/approval.ts";
import type { Handler } from "../core/channel.ts";
import type { ConnectContext } from "../core/integration.ts";
import type { User } from "../core/message.ts";
import type { Sources, Tool, ToolContext } from "../core/tool.ts";
import type { Limits } from "../identity/rate-limit.ts";
import type { SignIn } from "../identity/sign-in.ts";
import type { Log } from "../telemetry/log.ts";
import type { Alerting } from "./alerts.ts";
import type { Connections } from "./connections.ts";
import type { Proactive } from "./digests.ts";
import type { Library } from "./knowledge.ts";
import type { ReachOf } from "./project-keys.ts";
import type { Store } from "./store.ts";
import type { HouseTelemetry } from "./telemetry.ts";
import type { HouseDesk } from "./write-desk.ts";

/** The parts of a running application that others are built from. */
export interface Running {
  config: Config;
  log: Log;
  store: Store;
  connections: Connections;
  sources: Sources;
  library: Library;
  tools: readonly Tool[];
  approvals: ApprovalDesk;
  writeDesk: HouseDesk;
  handle: Handler;
  isDemo: boolean;
  version: string;
  /** Longest time one turn may take, in milliseconds. */
  turnMs: number;
  now(): Date;
  newId(): string;
  toolContext(user: User, signal: AbortSignal): ToolContext;
  /** For requests of the house itself to others. */
  vendorContext: ConnectContext;
  /** What a user may reach of all that. */
  reachOf: ReachOf;
  /** Adds the tools that only become known by asking to `tools`. Never rejects. */
  joinLateTools(): Promise<void>;
  limits: Limits;
  /** What the house counts and traces of itself. */
  telemetry: HouseTelemetry;
  signIn(): Promise<SignIn>;
  /** Digests and the outbox; loaded when first asked for. */
  proactive(): Promise<Proactive>;
  /** Rules, their alerts and webhooks; loaded when first asked for. */
  alerting(): Promise<Alerting>;
  onFault(error: unknown): void;
}

/** Draws a chart; the renderer is loaded with the first one. */
export async function renderPng(
  spec: Readonly<Record<string, unknown>>,
  options: { theme?: "light" | "dark"; width?: number; narrow?: boolean } = {},
): Promise<Buffer> {
  const charts = await import("../charts/render.ts");
  const { theme = "light", width, narrow } = options;
  if (narrow) return charts.renderPng((await import("../charts/narrow.ts")).narrowed(spec), { theme, scale: 2 });
  return charts.renderPng(spec, { theme, ...(width ? { scale: width / CHART_WIDTH } : {}) });
}

/** Pixels of a chart as it is drawn. */
const CHART_WIDTH = 1_200;
