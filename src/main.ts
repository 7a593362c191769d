import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join, resolve } from "node:path";
import { type ChannelOptions, type CheckedChannel, channelKinds } from "./channels/index.ts";
import { analyze } from "./cli/analyze.ts";
import type { App, OpenOptions } from "./cli/app.ts";
import { ask } from "./cli/ask.ts";
import { chat } from "./cli/chat.ts";
import type { Command } from "./cli/command.ts";
import { doctor } from "./cli/doctor.ts";
import { key, migrate } from "./cli/key.ts";
import { manifest } from "./cli/manifest.ts";
import { runCommand } from "./cli/run-command.ts";
import { demo, serve } from "./cli/serve.ts";
import { toolCommand } from "./cli/tool-command.ts";
import { type Config, loadConfig, processSources, type SettingsGroup } from "./config.ts";
import { civilDate } from "./core/civil-date.ts";
import type { CheckResult, Integration } from "./core/integration.ts";
import type { User } from "./core/message.ts";
import type { Reply } from "./core/reply.ts";
import type { ToolContext } from "./core/tool.ts";
import { datasets } from "./integrations/datasets/index.ts";
import type { Database } from "./storage/database.ts";
import { giveBackMemory } from "./telemetry/memory.ts";
import { tools as sharedTools } from "./tools/index.ts";

/** The composition root: the only file that knows everyone. Adding an integration is a line here. */

export const version = (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
export const integrations: readonly Integration[] = [datasets as unknown as Integration];
export const commands: readonly Command[] = [
  serve,
  demo,
  ask,
  chat,
  doctor,
  analyze({ openFile }),
  key,
  migrate,
  manifest(sharedTools, version),
  ...sharedTools.filter((t) => t.name !== "help").map(toolCommand),
];
const BODY_LIMIT = 1_048_576;
/** Pixels of a chart as it is drawn. */
const CHART_WIDTH = 1_200;
const DAY_MS = 86_400_000;

export async function main(args: readonly string[]): Promise<void> {
  if (args[0] === "--version") process.stdout.write(`${version}\n`);
  else process.exitCode = await runCommand(commands, args, openApp);
}

async function openApp(options: OpenOptions): Promise<App> {
  const { createLog, withCorrelation } = await import("./telemetry/log.ts");
  const groups = [...integrations, ...channelKinds].map(settingsGroup);
  const now = () => new Date();
  const config = await loadConfig(processSources(await overridesFor(options, groups, now)), groups);
  const { core } = config;
  const log = createLog({
    level: options.logTo === "stdout" ? core.LOG_LEVEL : "warn",
    secrets: config.secrets,
    ...(options.logTo === "stdout" ? {} : { write: (line) => void process.stderr.write(line) }),
  });
  for (const warning of config.warnings) log.warn("unknown variable", { warning });
  const onFault = (error: unknown) => log.error("fault", { error });

  const { openDatabase } = await import("./storage/database.ts");
  const { migrate: migrateDatabase } = await import("./storage/migrations.ts");
  const { createConversations } = await import("./records/conversations.ts");
  const { createKeys } = await import("./records/keys.ts");
  const { appSecret } = await import("./records/secrets.ts");
  const { tokensSince } = await import("./records/usage.ts");
  const database = await openDatabase(core.databaseUrl);
  await migrateDatabase(database);
  const conversations = createConversations(database, now);
  const keys = createKeys(database, now);
  const secret = await appSecret(database, "signing");
  const turnMs = (core.ANSWER_SECONDS + 15) * 1000;
  const stopCleaning = options.serving ? await clean(database, now, onFault) : () => {};
  if (options.serving) {
    // One process serves a SQLite file, so whatever is open there is nobody's. Beside others only what is too old to be theirs.
    const open = await conversations.interrupted(database.dialect === "sqlite" ? undefined : new Date(now().getTime() - turnMs));
    if (open > 0) log.warn("turns were interrupted by the last stop", { turns: open });
  }

  const connections = await connect(config, now);
  const feeds = connections.flatMap((c) => c.connection.feeds);
  const tools = [...connections.flatMap((c) => c.connection.tools), ...sharedTools];

  const { chooseAgent } = await import("./agent/index.ts");
  const { createTokenBudget } = await import("./agent/token-budget.ts");
  const { createDeterministicAgent } = await import("./agent/deterministic/index.ts");
  const { createRouter } = await import("./router/index.ts");
  const model = core.ANTHROPIC_API_KEY
    ? (await import("./agent/model/index.ts")).createModelAgent({
        apiKey: core.ANTHROPIC_API_KEY,
        ...(core.ANTHROPIC_BASE_URL ? { baseUrl: core.ANTHROPIC_BASE_URL } : {}),
        model: core.MODEL,
        limits: {
          modelCalls: core.MODEL_CALLS,
          toolCalls: core.TOOL_CALLS,
          turnTokens: core.ANSWER_TOKENS,
          turnMs: core.ANSWER_SECONDS * 1000,
        },
        onFault,
      })
    : undefined;
  const answer = chooseAgent({
    deterministic: createDeterministicAgent({ onFault }),
    ...(model ? { model } : {}),
    budget: createTokenBudget(core.DAILY_TOKENS, now, (start) => tokensSince(database, start)),
    onFallback: (reason, detail) => log.warn("model unavailable", { reason, detail }),
  });
  const newId = () => randomUUID();
  const handle = createRouter({
    answer,
    conversations,
    tools,
    feeds,
    now,
    newId,
    turnMs,
    timeout: (ms) => AbortSignal.timeout(ms),
    correlate: withCorrelation,
    onFault,
  });
  const toolContext = (user: User, signal: AbortSignal): ToolContext => ({ user, audience: "direct", now: now(), signal, feeds, tools });
  const renderPng = async (spec: Readonly<Record<string, unknown>>, theme: "light" | "dark" = "light") =>
    (await import("./charts/render.ts")).renderPng(spec, { theme });
  const localUser: User = { id: "local:cli", name: "command line", timeZone: core.TIME_ZONE, roles: ["admin"] };
  let draining = false;
  async function channelOptions(): Promise<ChannelOptions> {
    const { keepFeedback } = await import("./records/feedback.ts");
    const { keepPlace, placeOf } = await import("./records/places.ts");
    const { isLoopback } = await import("./identity/access.ts");
    return {
      renderPng: async (spec, size) =>
        (await import("./charts/render.ts")).renderPng(spec, size ? { scale: size.width / CHART_WIDTH } : {}),
      keepPlace: (conversation, reference) => keepPlace(database, conversation, reference, now()),
      placeOf: (conversation) => placeOf(database, conversation),
      loopback: isLoopback(core.HOST),
      production: core.NODE_ENV === "production",
      rolesOf: ({ id, email }) => [core.ROLES.get(id.toLowerCase()) ?? core.ROLES.get(email?.toLowerCase() ?? "") ?? "viewer"],
      timeZone: core.TIME_ZONE,
      now,
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      onFeedback: (feedback) => keepFeedback(database, feedback, now()),
      onFault,
      onIgnored: (why) => log.debug("ignored", { why }),
    };
  }

  return {
    settings: core,
    log,
    handle,
    tools,
    keys,
    localUser,
    newId,
    now,
    toolContext,
    renderPng,
    toWire: await wireWith(secret, now),
    checks: async (signal) => {
      const places = await openChannels(config, await channelOptions());
      return [...(await allChecks(config, connections, database, signal)), ...(await Promise.all(places.map((c) => c.check())))];
    },
    warm() {
      const settle = () => {
        flushCompileCache();
        giveBackMemory();
      };
      const rest = setTimeout(() => {
        settle();
        void model?.warm().then(settle, onFault);
      }, 200);
      rest.unref();
    },
    async listen() {
      const channels = await openChannels(config, await channelOptions());
      const { apiRoutes } = await import("./api/index.ts");
      const { startServer } = await import("./api/server.ts");
      const { authenticate } = await import("./identity/access.ts");
      const { createRateLimit } = await import("./identity/rate-limit.ts");
      const { consoleRoutes } = await import("./channels/console/index.ts");
      const readiness = async (signal: AbortSignal) => [
        { name: "database", required: true, ...(await pingState(database, signal)) },
        { name: "accepting", required: true, state: draining ? ("failed" as const) : ("ok" as const), message: "" },
      ];
      const api = apiRoutes({
        handle,
        conversations,
        tools,
        toolContext,
        renderPng,
        secret,
        rateLimit: createRateLimit(core.REQUESTS_PER_MINUTE, now),
        readiness,
        now,
        newId,
        version,
      });
      const access = {
        host: core.HOST,
        publicUrl: core.PUBLIC_URL,
        production: core.NODE_ENV === "production",
        timeZone: core.TIME_ZONE,
        verifyKey: (s: string) => keys.verifyKey(s),
      };
      const door = await startServer(
        {
          routes: [
            ...consoleRoutes({ start: () => startPage(options.demo === true, feeds.length > 0) }),
            ...api,
            ...channels.flatMap((c) => c.routes ?? []),
          ],
          authenticate: (request) => authenticate(request, access),
          bodyLimit: BODY_LIMIT,
          drainMs: turnMs + 5_000,
          newId,
          correlate: withCorrelation,
          onFault,
          onRequest: (entry) => log.debug("request", entry),
        },
        core.PORT,
        core.HOST,
      );
      for (const channel of channels) await channel.start(handle);
      return {
        url: door.url,
        async close() {
          draining = true;
          await Promise.all([door.close(), ...channels.map((channel) => channel.stop())]);
        },
      };
    },
    async close() {
      stopCleaning();
      for (const { connection } of connections) await connection.close();
      await database.close();
    },
  };
}

async function connect(config: Config, now: () => Date) {
  const connected = [];
  for (const integration of integrations) {
    const settings = config.groups.get(integration.name);
    if (settings) connected.push({ integration, connection: await integration.connect(settings, { now }) });
  }
  return connected;
}

function settingsGroup({
  name,
  settings,
  requires,
  any,
}: {
  name: string;
  settings: SettingsGroup["settings"];
  requires: readonly string[];
  any?: true;
}): SettingsGroup {
  return { name, settings, requires, ...(any ? { any } : {}) };
}

/** The channels whose settings are there. */
function openChannels(config: Config, options: ChannelOptions): Promise<CheckedChannel[]> {
  const wanted = channelKinds.flatMap((kind) => {
    const settings = config.groups.get(kind.name);
    return settings ? [{ kind, settings }] : [];
  });
  return Promise.all(wanted.map(({ kind, settings }) => kind.open(settings, options)));
}

/** Claims of past gestures go once a day. Gives what stops it. */
async function clean(database: Database, now: () => Date, onFault: (error: unknown) => void): Promise<() => void> {
  const { dropClaims } = await import("./storage/claims.ts");
  const drop = () => dropClaims(database, new Date(now().getTime() - DAY_MS)).catch(onFault);
  await drop();
  const daily = setInterval(drop, DAY_MS);
  daily.unref();
  return () => clearInterval(daily);
}

/** The demo is a folder of the simulated company's bills: production code reads them like any other. */
async function overridesFor(options: OpenOptions, groups: readonly SettingsGroup[], now: () => Date): Promise<Record<string, string>> {
  if (!options.demo) return { ...options.overrides };
  const sources = processSources(options.overrides);
  const { core } = await loadConfig(sources, groups);
  const folder = resolve(core.DATA_DIR, "demo");
  const { writeDemoCompany } = await import("./demo/index.ts");
  const description = writeDemoCompany(folder, civilDate(now(), core.TIME_ZONE));
  return {
    ...options.overrides,
    DATASETS: description,
    ...(core.DATABASE_URL ? {} : { DATABASE_URL: `sqlite:${join(resolve(core.DATA_DIR), "demo.db")}` }),
  };
}

async function allChecks(
  config: Config,
  connections: Awaited<ReturnType<typeof connect>>,
  database: { ping(signal?: AbortSignal): Promise<unknown> },
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const off = [...integrations, ...channelKinds]
    .filter((i) => !config.groups.has(i.name))
    .map(
      (i): CheckResult => ({
        name: i.name,
        state: "off",
        message: `${i.title} is not connected`,
        fix: `Set ${i.requires.join(" and ")} to turn it on.`,
      }),
    );
  const model: CheckResult = config.core.ANTHROPIC_API_KEY
    ? config.core.DAILY_TOKENS === 0
      ? { name: "model", state: "off", message: "DAILY_TOKENS is 0, so the deterministic agent answers", fix: "Raise DAILY_TOKENS." }
      : { name: "model", state: "ok", message: `${config.core.MODEL} is set up to answer; its key shows with the first question` }
    : { name: "model", state: "off", message: "The deterministic agent answers", fix: "Set ANTHROPIC_API_KEY to have a language model." };
  const checked = await Promise.all(connections.map((c) => c.connection.check(signal)));
  return [{ name: "database", ...(await pingState(database, signal)) }, model, ...checked.flat(), ...off];
}

async function pingState(
  database: { ping(signal?: AbortSignal): Promise<unknown> },
  signal: AbortSignal,
): Promise<{ state: "ok" | "failed"; message: string; fix?: string }> {
  try {
    await database.ping(signal);
    return { state: "ok", message: "reachable and up to date" };
  } catch {
    return { state: "failed", message: "does not answer", fix: "Check DATABASE_URL and that the database runs." };
  }
}

async function wireWith(secret: string, now: () => Date): Promise<(reply: Reply) => object> {
  const { toWireAnswer } = await import("./api/wire-reply.ts");
  return (reply) => toWireAnswer(reply, secret, now());
}

async function startPage(isDemo: boolean, connected: boolean) {
  const label = isDemo ? (await import("./demo/index.ts")).DEMO_LABEL : undefined;
  return {
    ...(label ? { label } : {}),
    greeting: connected
      ? "Ask about what your engineering costs. Every figure comes with where it is from."
      : "Nothing is connected yet. Set DATASETS to a file that describes a bill, or start the demo.",
    suggestions: connected
      ? [
          "Which services make up 80% of our cloud cost last month?",
          "How much did we spend yesterday vs the day before?",
          "Show daily cost for the last 30 days",
          "Which service increased the most month over month?",
        ]
      : ["What can you do?"],
  };
}

async function openFile(path: string, columns: { by: string; measure: string; unit?: string; time?: string }) {
  const { openFileFeed } = await import("./integrations/datasets/open-file.ts");
  return openFileFeed(path, columns, () => new Date());
}

if (import.meta.main) await main(process.argv.slice(2));
