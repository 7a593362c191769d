import { monitorEventLoopDelay } from "node:perf_hooks";
import { fromInstant } from "../core/civil-date.ts";
import type { CheckResult } from "../core/integration.ts";
import { countOpenAlerts, countPosts, readQueues } from "../records/queues.ts";
import { spentSince } from "../records/usage.ts";
import type { Running } from "./context.ts";

/** One part the house depends on. */
export type Dependency = Pick<CheckResult, "name" | "state" | "message"> & { required: boolean };

/** How the house is, for an admin: `GET /api/v1/status`. */
export interface HouseStatus {
  version: string;
  startedAt: Date;
  dependencies: readonly Dependency[];
  queues: Awaited<ReturnType<typeof readQueues>>;
  alerts: Awaited<ReturnType<typeof countOpenAlerts>>;
  posts: Awaited<ReturnType<typeof countPosts>>;
  /** Of the UTC day. `limit` 0: the model is off. */
  tokensToday: { used: number; limit: number };
  /** Since the start, by how they ended. */
  since: Record<"turns" | "tools" | "vendorCalls" | "limited", Readonly<Record<string, number>>>;
  process: { residentBytes: number; eventLoopDelayP99S: number };
}

export interface StatusDesk {
  status(signal: AbortSignal): Promise<HouseStatus>;
  /** The page for Prometheus. */
  metrics(): Promise<string>;
  stop(): void;
}

const RESOLUTION_MS = 20;

/** Adds what is read rather than counted to the registry. */
export function createStatusDesk(running: Running, readiness: (signal: AbortSignal) => Promise<readonly Dependency[]>): StatusDesk {
  const { store, config, telemetry, now, version } = running;
  const { registry } = telemetry;
  const startedAt = now();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // It measures from one tick to the next, so an idle loop shows the distance of its ticks.
  const delayS = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000) : 0);
  const spentToday = async () => (await spentSince(store.database, new Date(`${fromInstant(now())}T00:00:00Z`), NOBODY)).day;
  const queues = () => readQueues(store.database, now());

  registry.gauge("firstmate_build_info", "Always 1; the version is a label.", () => [{ labels: { version }, value: 1 }]);
  registry.gauge("firstmate_dependency_up", "1 when the part answered last time, else 0.", async () =>
    (await readiness(AbortSignal.timeout(DEPENDENCY_MS)))
      .filter(({ state }) => state !== "off")
      .map(({ name, state }) => ({ labels: { name }, value: state === "ok" ? 1 : 0 })),
  );
  registry.gauge("firstmate_queue_waiting", "What is due and waits.", async () =>
    (await queues()).map(({ name, waiting }) => ({ labels: { queue: name }, value: waiting })),
  );
  registry.gauge("firstmate_queue_oldest_seconds", "Age of the oldest that waits; 0 when nothing does.", async () =>
    (await queues()).map(({ name, oldestS }) => ({ labels: { queue: name }, value: oldestS ?? 0 })),
  );
  registry.gauge("firstmate_outbox_posts", "Posts that are kept, by what became of them.", async () =>
    (await countPosts(store.database)).map(({ state, n }) => ({ labels: { state }, value: n })),
  );
  registry.gauge("firstmate_alerts_open", "Alerts that are not over.", async () =>
    (await countOpenAlerts(store.database)).map(({ severity, n }) => ({ labels: { severity }, value: n })),
  );
  registry.gauge("firstmate_model_tokens_today", "Tokens the answers of this UTC day used, in all processes.", async () => [
    { value: (await spentToday()).tokens },
  ]);
  registry.gauge("firstmate_model_usd_today", "List price of those tokens in US dollars, where the model has one.", async () => [
    { value: (await spentToday()).usd },
  ]);
  registry.gauge("firstmate_model_tokens_daily_limit", "DAILY_TOKENS; 0 when the model is off.", () => [
    { value: config.core.DAILY_TOKENS },
  ]);
  registry.gauge("process_start_time_seconds", "Start of the process, since 1970.", () => [{ value: startedAt.getTime() / 1000 }]);
  registry.gauge("process_resident_memory_bytes", "Memory of the process.", () => [{ value: process.memoryUsage.rss() }]);
  for (const p of [50, 99])
    registry.gauge(`nodejs_eventloop_delay_p${p}_seconds`, "How much later than asked the event loop came round, since the start.", () => [
      { value: delayS(delay.percentile(p)) },
    ]);

  return {
    metrics: () => registry.text(),
    stop: () => void delay.disable(),
    async status(signal) {
      return {
        version,
        startedAt,
        dependencies: await readiness(signal),
        queues: await queues(),
        alerts: await countOpenAlerts(store.database),
        posts: await countPosts(store.database),
        tokensToday: { used: (await spentToday()).tokens, limit: config.core.DAILY_TOKENS },
        since: {
          turns: registry.sums("firstmate_turns_total", "outcome"),
          tools: registry.sums("firstmate_tool_calls_total", "outcome"),
          vendorCalls: registry.sums("firstmate_vendor_calls_total", "outcome"),
          limited: registry.sums("firstmate_limited_total", "limit"),
        },
        process: { residentBytes: process.memoryUsage.rss(), eventLoopDelayP99S: delayS(delay.percentile(99)) },
      };
    },
  };
}

/** The day's sum is everyone's. */
const NOBODY = { user: "", conversation: "", channel: "" };
const DEPENDENCY_MS = 2_000;
