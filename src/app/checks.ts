import { packageProblem, readModel } from "../agent/model/providers.ts";
import type { CheckedChannel } from "../channels/index.ts";
import { channelKinds } from "../channels/index.ts";
import type { Config } from "../config/index.ts";
import type { CheckResult } from "../core/integration.ts";
import { ConfigError } from "../errors.ts";
import { integrations } from "../integrations/index.ts";
import type { Database } from "../storage/database.ts";
import type { Running } from "./context.ts";
import { libraryChecks } from "./knowledge.ts";

/** Everything `doctor` looks at, in the order it is told. */
export async function allChecks(running: Running, channels: readonly CheckedChannel[], signal: AbortSignal): Promise<CheckResult[]> {
  const own = [...(await sourceChecks(running, signal)), ...(await libraryChecks(running.library, signal))];
  const places = await Promise.all(channels.map(async (channel) => (await channel.checks?.()) ?? [await channel.check()]));
  return [...own, ...places.flat(), ...switchedOff(running.config)];
}

/** What answers are made of: the database, the model, each source. */
export async function sourceChecks(
  { config, connections, store }: Pick<Running, "config" | "connections" | "store">,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const database = { name: "database", ...(await pingState(store.database, signal)) };
  const [model, ...sources] = await Promise.all([modelCheck(config, signal), ...connections.map((c) => c.connection.check(signal))]);
  return [database, model, ...sources.flat()];
}

/** Anthropic's is asked; of others the settings are all that is known. */
async function modelCheck(config: Pick<Config, "core">, signal: AbortSignal): Promise<CheckResult> {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl, MODEL } = config.core;
  const state = modelState(config);
  const { provider, name } = readModel(MODEL);
  if (state.state !== "ok" || provider !== "anthropic" || apiKey === undefined) return state;
  const { checkModel } = await import("../agent/model/check.ts");
  return checkModel({ apiKey, model: name, ...(baseUrl ? { baseUrl } : {}) }, signal);
}

export async function pingState(
  database: Database,
  signal: AbortSignal,
): Promise<{ state: "ok" | "failed"; message: string; fix?: string }> {
  try {
    await database.ping(signal);
    return { state: "ok", message: "reachable and up to date" };
  } catch (error) {
    if (error instanceof ConfigError) return { state: "failed", message: error.problems.join(" ") };
    return { state: "failed", message: "does not answer", fix: "Check DATABASE_URL and that the database runs." };
  }
}

export function modelState({ core }: Pick<Config, "core">): CheckResult {
  const named = readModel(core.MODEL);
  const problem = packageProblem(named);
  if (problem) return { name: "model", state: "failed", message: `${core.MODEL} cannot answer`, fix: problem };
  if (named.provider === "anthropic" && !core.ANTHROPIC_API_KEY)
    return {
      name: "model",
      state: "off",
      message: "The deterministic agent answers",
      fix: "Set ANTHROPIC_API_KEY to have a language model.",
    };
  if (core.DAILY_TOKENS === 0)
    return { name: "model", state: "off", message: "DAILY_TOKENS is 0, so the deterministic agent answers", fix: "Raise DAILY_TOKENS." };
  return { name: "model", state: "ok", message: `${core.MODEL} is set up to answer; its key shows with the first question` };
}

function switchedOff(config: Config): CheckResult[] {
  const kinds = [...integrations.map((i) => ({ ...i, any: undefined })), ...channelKinds];
  return kinds
    .filter((kind) => !config.groups.has(kind.name))
    .map(({ name, title, requires, any }) => ({
      name,
      state: "off",
      message: `${title} is not connected`,
      fix: `Set ${requires.filter((r) => r !== "TEAMS_ANONYMOUS").join(any ? ", " : " and ")} to turn it on.`,
    }));
}
