import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import type { App, OpenOptions } from "../cli/app.ts";
import { type Config, loadConfig, processSources } from "../config/index.ts";
import type { ConnectContext } from "../core/integration.ts";
import type { User } from "../core/message.ts";
import { once } from "../core/once.ts";
import type { Sources, Tool } from "../core/tool.ts";
import { createLog, type Log } from "../telemetry/log.ts";
import { giveBackMemory } from "../telemetry/memory.ts";
import { tools as sharedTools } from "../tools/index.ts";
import { joinAgentFeed } from "./agent-feed.ts";
import { absentSources, connect, openChannels, settingsGroups } from "./connections.ts";
import { type Running, renderPng } from "./context.ts";
import { openLibrary } from "./knowledge.ts";
import { afterJoining, joinLateTools } from "./late-tools.ts";
import { lazyAlerts, lazyDesk } from "./lazy-desk.ts";
import { createReach } from "./project-keys.ts";
import { projectsOf } from "./scopes.ts";
import { createTelemetry } from "./telemetry.ts";
import { withoutSecrets } from "./withheld.ts";

export const version = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version;

/** Seconds beyond an answer's own limit before the router ends the turn for the agent. */
const SPARE_S = 15;
const SETTLE_MS = 200;
const HOUR_MS = 3_600_000;

/** Puts the application together from its settings. Throws ConfigError with every problem at once. */
export async function openApp(options: OpenOptions): Promise<App> {
  const now = () => new Date();
  const demo = options.demo ? await (await import("./demo.ts")).prepareDemo(options.overrides ?? {}, now) : undefined;
  const config = await loadConfig(processSources(demo?.overrides ?? options.overrides, options.alone), settingsGroups());
  const log = openLog(config, options.logTo === "stdout");
  const { running, warm, stopTracing } = await run(config, log, options, { now, demoOrigins: demo?.origins ?? [] });
  const { store, connections, handle, tools, toolContext } = running;
  if (demo) await (await import("./demo.ts")).recordDemoProjects(store);
  const { toWireAnswer } = await import("../api/wire-reply.ts");
  const localUser: User = { id: "local:cli", name: "command line", timeZone: config.core.TIME_ZONE, roles: ["admin"] };
  return {
    settings: config.core,
    log,
    handle,
    tools,
    keys: store.keys,
    audit: store.audit,
    localUser,
    newId: running.newId,
    now,
    toolContext,
    renderPng,
    digests: async () => (await running.proactive()).desk,
    alerts: async () => (await running.alerting()).desk,
    toWire: (reply) => toWireAnswer(reply, store.secret, now()),
    async checks(signal) {
      const { allChecks } = await import("./checks.ts");
      const { channelOptions } = await import("./channel-options.ts");
      return allChecks(running, await openChannels(config, await channelOptions(running)), signal);
    },
    async copyTo(url) {
      const { openDatabase } = await import("../storage/database.ts");
      const { copyDatabase } = await import("../storage/copy.ts");
      const target = await openDatabase(url);
      try {
        return await copyDatabase(store.database, target);
      } finally {
        await target.close();
      }
    },
    listen: async () => (await import("./door.ts")).openDoor(running),
    async serveMcp(pipe, stop) {
      const { serveMcpOverStdio } = await import("../mcp/stdio.ts");
      const { mcpWorld } = await import("./mcp.ts");
      await running.joinLateTools();
      await serveMcpOverStdio(mcpWorld(running), localUser, pipe, stop);
    },
    warm() {
      if (demo) setInterval(demo.refresh, HOUR_MS).unref();
      void running.joinLateTools();
      setTimeout(() => settle(warm, running.onFault), SETTLE_MS).unref();
    },
    async close() {
      for (const { connection } of connections) await connection.close();
      await stopTracing().catch(running.onFault);
      await store.close();
      await demo?.close();
    },
  };
}

async function run(
  config: Config,
  log: Log,
  options: OpenOptions,
  { now, demoOrigins }: Pick<Required<ConnectContext>, "now" | "demoOrigins">,
) {
  const { openStore } = await import("./store.ts");
  const { createAnswering } = await import("./answering.ts");
  const { createApprovalDesk } = await import("../approvals/desk.ts");
  const { createWriteDesk } = await import("./write-desk.ts");
  const onFault = (error: unknown) => log.error("fault", { error });
  const turnMs = (config.core.ANSWER_SECONDS + SPARE_S) * 1000;
  const store = await openStore({ core: config.core, log, now, turnMs, serving: options.serving ?? false, onFault });
  const telemetry = createTelemetry(onFault);
  const stopTracing = await startTracing(config);
  const onVendorCall: ConnectContext["onVendorCall"] = (call) => {
    log.debug("vendor call", { ...call });
    telemetry.vendorCall(call);
  };
  const context: ConnectContext = { now, demoOrigins, onVendorCall };
  const connections = await connect(config, context);
  const library = openLibrary({ config, connections, context });
  const feeds = connections.flatMap((c) => c.connection.feeds);
  await joinAgentFeed(feeds, store, now);
  const writeDesk = createWriteDesk(store, now);
  const sources: Sources = {
    feeds,
    absent: absentSources(config),
    checks: async (signal) => (await import("./checks.ts")).sourceChecks({ config, connections, store }, signal),
    digests: lazyDesk(async () => (await proactive()).desk),
    alerts: lazyAlerts(async () => (await alerting()).desk),
    projects: projectsOf(store),
    desk: writeDesk,
    ...library,
  };
  const approvals = createApprovalDesk({ approvals: store.approvals, now, onFault });
  // From here on a tool that writes can only propose: what really writes is known to the approval desk alone.
  const prepare = (some: readonly Tool[]) => some.map(withoutSecrets(config.secrets)).map(telemetry.watchTool).map(approvals.guard);
  const tools = prepare([...sharedTools, ...connections.flatMap((c) => c.connection.tools)]);
  const { openLimits, openSignIn } = await import("./sign-in.ts");
  const base = {
    telemetry,
    limits: openLimits({ store, now, onFault }),
    signIn: once(() => openSignIn({ store, config, now })),
    config,
    log,
    store,
    connections,
    sources,
    library,
    tools,
    isDemo: options.demo ?? false,
    version,
    turnMs,
    now,
    newId: () => randomUUID(),
    joinLateTools: joinLateTools(connections, tools, prepare),
    approvals,
    writeDesk,
    reachOf: createReach(),
    vendorContext: context,
    onFault,
  };
  const alerting = once(async () => (await import("./alerts.ts")).createAlerting({ ...base, vendorContext: context }));
  const proactive = once(async () => (await import("./digests.ts")).createProactive({ ...base, alerting }));
  const { handle, warm } = await createAnswering(base);
  const toolContext: Running["toolContext"] = (user, signal) => ({
    user,
    audience: "direct",
    now: now(),
    signal,
    ...base.reachOf(user, sources, tools),
  });
  const running: Running = {
    ...base,
    handle: telemetry.watchTurns(afterJoining(base.joinLateTools, handle)),
    toolContext,
    proactive,
    alerting,
  };
  return { running, warm, stopTracing };
}

/** Gives what sends the last spans and ends it. The SDK is loaded where there is somewhere to send to. */
async function startTracing({ core }: Config): Promise<() => Promise<void>> {
  const endpoint = core.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return async () => {};
  const { openTracer } = await import("../telemetry/otlp.ts");
  const { traceWith } = await import("../telemetry/trace.ts");
  const { tracer, close } = await openTracer({ endpoint, headers: core.OTEL_EXPORTER_OTLP_HEADERS, version });
  traceWith(tracer);
  return async () => {
    traceWith(undefined);
    await close();
  };
}

/** The command line keeps standard output for answers: its few log lines go to standard error. */
function openLog(config: Config, serving: boolean): Log {
  const log = createLog({
    level: serving ? config.core.LOG_LEVEL : "warn",
    secrets: config.secrets,
    ...(serving ? {} : { write: (line) => void process.stderr.write(line) }),
  });
  for (const warning of config.warnings) log.warn("unknown variable", { warning });
  return log;
}

/** Once it is quiet after the start: what was loaded is cached for the next one, and what is no longer needed is given back. */
function settle(warm: (() => Promise<void>) | undefined, onFault: (error: unknown) => void): void {
  const rest = () => {
    flushCompileCache();
    giveBackMemory();
  };
  rest();
  void warm?.().then(rest, onFault);
}
