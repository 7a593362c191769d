import type { Channel } from "../core/channel.ts";
import { budgetsOf } from "./budgets.ts";
import { channelOptions } from "./channel-options.ts";
import { modelState, pingState } from "./checks.ts";
import { openChannels } from "./connections.ts";
import { type Running, renderPng } from "./context.ts";
import { createImports, startImports } from "./imports.ts";
import { lateFrom } from "./late-tools.ts";
import { mcpWorld } from "./mcp.ts";
import { openOidc } from "./oidc.ts";
import { pictureRoute } from "./pictures.ts";
import { projectAnswers } from "./project-answers.ts";
import { startPage } from "./start-page.ts";
import { takesWebhooks } from "./webhook-secrets.ts";

export interface Door {
  url: string;
  /** Takes nothing new, and resolves when what is under way is answered. */
  close(): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
/** After a turn's longest time, its answer still has to be written. */
const WRITE_MS = 5_000;

/** How a vendor was met the last time something was asked of it. */
const LAST_CALL = {
  ok: { state: "ok", message: "answered last time" },
  stale: { state: "warning", message: "did not answer last time; what it said before is served, with its age" },
  failed: { state: "failed", message: "did not answer last time" },
} as const;

/** Opens the one port with the console, the API and the channels that need it, and starts the channels. */
export async function openDoor(running: Running): Promise<Door> {
  const { config, store, handle, tools, sources, toolContext, now, newId, onFault, log, version, turnMs, telemetry } = running;
  const { core } = config;
  const { apiRoutes } = await import("../api/index.ts");
  const { startServer } = await import("../api/server.ts");
  const { authenticate } = await import("../identity/access.ts");
  const { consoleRoutes } = await import("../channels/console/index.ts");
  const { mcpRoutes } = await import("../mcp/index.ts");
  const { withCorrelation } = await import("../telemetry/log.ts");
  const channels = await openChannels(config, await channelOptions(running));
  let draining = false;
  let started = false;
  const readiness = async (signal: AbortSignal) => [
    { name: "database", required: true, ...(await pingState(store.database, signal)) },
    { name: "accepting", required: true, state: draining ? ("failed" as const) : ("ok" as const), message: "takes messages" },
    { ...modelState(config), required: false },
    ...telemetry.vendors().map(({ name, state }) => ({ name, required: false, ...LAST_CALL[state] })),
  ];
  const { openRateLimit } = await import("./sign-in.ts");
  const { createStatusDesk } = await import("./status.ts");
  const statusDesk = createStatusDesk(running, readiness);
  const signIn = await running.signIn();
  const rateLimit = openRateLimit(running);
  const importRecords = createImports(running);
  const issuer = await openOidc(running);
  const api = apiRoutes({
    handle,
    conversations: store.conversations,
    records: store.records,
    audit: store.audit,
    bindings: store.bindings,
    approvals: running.approvals,
    projectAnswers: projectAnswers(),
    agents: store.agents,
    people: store.people,
    importRecords,
    receiveWebhook: async (source, request) => (await running.alerting()).receive(source, request),
    onFault,
    tools,
    toolContext,
    lateFrom: () => lateFrom(running.connections),
    renderPng,
    secret: store.secret,
    rateLimit,
    keys: store.keys,
    signIn,
    oidc: issuer?.signIn,
    publicUrl: core.PUBLIC_URL,
    readiness,
    started: () => started,
    keepFeedback: async (feedback) => (await import("../records/feedback.ts")).keepFeedback(store.database, feedback, now()),
    budgets: budgetsOf(running),
    status: statusDesk.status,
    metrics: statusDesk.metrics,
    now,
    newId,
    version,
  });
  const access = {
    host: core.HOST,
    publicUrl: core.PUBLIC_URL,
    production: core.NODE_ENV === "production",
    timeZone: core.TIME_ZONE,
    verifyKey: (key: string) => store.keys.verifyKey(key),
    userOfToken: signIn.userOfToken,
    userOfCookie: signIn.userOfCookie,
  };
  const mcp = mcpRoutes({
    ...mcpWorld(running),
    rateLimit,
    newId,
    host: core.HOST,
    publicUrl: core.PUBLIC_URL,
    issued: issuer?.issued,
  });
  const withSignIn = core.OIDC_ISSUER === undefined ? {} : { signIn: "/api/v1/auth/oidc" };
  const page = consoleRoutes({
    start: async () => ({ ...(await startPage(running.isDemo, new Set(sources.feeds.map(({ kind }) => kind)))), ...withSignIn }),
  });
  // What the file has wrong is told before the port is open: an open port keeps the process.
  if (config.digests !== undefined) await (await running.proactive()).reconcile();
  if (config.alerts !== undefined) await running.alerting();
  const server = await startServer(
    {
      routes: [...page, ...api, ...mcp, pictureRoute(running), ...channels.flatMap((channel) => channel.routes ?? [])],
      authenticate: (request, issued) => authenticate(request, access, issued),
      bodyLimit: BODY_LIMIT,
      drainMs: turnMs + WRITE_MS,
      newId,
      correlate: withCorrelation,
      onFault,
      onRequest(entry) {
        log.debug("request", entry);
        telemetry.http(entry);
      },
    },
    core.PORT,
    core.HOST,
  );
  for (const channel of channels)
    await channel.start(handle).catch(async (error: unknown) => {
      await Promise.all([server.close(), ...channels.map((one) => one.stop())]);
      throw error;
    });
  started = true;
  const stopApologising = await keepApologising(channels, running);
  running.writeDesk.open(channels, () => void running.proactive().then(({ wake }) => wake(), onFault));
  const stopPosting = startPosting(channels, running);
  const stopImports = startImports(importRecords, running);
  return {
    url: server.url,
    async close() {
      draining = true;
      statusDesk.stop();
      stopApologising();
      stopImports();
      await Promise.all([server.close(), stopPosting(), ...channels.map((channel) => channel.stop())]);
    },
  };
}

/** What is said unasked begins a moment after the start, so that nobody waits for what it loads. Gives what ends it. */
function startPosting(channels: readonly Channel[], { proactive, onFault, config, isDemo }: Running): () => Promise<void> {
  if (channels.length === 0 && config.alerts === undefined && !isDemo && !takesWebhooks(config.core)) return async () => {};
  let started: Promise<() => Promise<void>> | undefined;
  const start = async () => (await proactive()).start(channels);
  const timer = setTimeout(() => {
    started = start();
    started.catch(onFault);
  }, POSTING_AFTER_MS).unref();
  return async () => {
    clearTimeout(timer);
    await (await started?.catch(() => undefined))?.();
  };
}

const POSTING_AFTER_MS = 1_000;
const APOLOGY_MS = 60_000;

/** Now for what the last stop cut off, and each minute for what another process left. Gives what ends it. */
async function keepApologising(channels: readonly Channel[], { store, now, turnMs, onFault }: Running): Promise<() => void> {
  if (channels.length === 0) return () => {};
  const { apologise } = await import("./apologies.ts");
  const overdue = () => new Date(now().getTime() - turnMs - WRITE_MS);
  const work = () => apologise({ channels, conversations: store.conversations, overdue, now, onFault });
  void work();
  const timer = setInterval(work, APOLOGY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
