import { createDeterministicAgent } from "../agent/deterministic/index.ts";
import { chooseAgent } from "../agent/index.ts";
import type { ModelAgent } from "../agent/model/index.ts";
import { createTokenBudget } from "../agent/token-budget.ts";
import { withApprovals } from "../approvals/answer.ts";
import type { Handler } from "../core/channel.ts";
import { tokensSince } from "../records/usage.ts";
import { createRouter } from "../router/index.ts";
import { withCorrelation } from "../telemetry/log.ts";
import type { Running } from "./context.ts";
import { scopesOf } from "./scopes.ts";

export interface Answering {
  handle: Handler;
  /** Does ahead what the first question would wait for: the model's libraries, a look at the demo's sources. Absent when there is nothing. */
  warm?: () => Promise<void>;
}

/** From a message to its answer: the router, the agents behind it, and the day's budget. */
export async function createAnswering(running: Omit<Running, "handle" | "toolContext" | "proactive">): Promise<Answering> {
  const { config, log, store, connections, now, newId, onFault, tools, sources, turnMs } = running;
  const model = await createModel(running);
  const deterministic = createDeterministicAgent({ onFault });
  const agents = chooseAgent({
    deterministic,
    ...(model ? { model } : {}),
    budget: createTokenBudget(config.core.DAILY_TOKENS, now, (start) => tokensSince(store.database, start)),
    onFallback: (reason, detail) => log.warn("model unavailable", { reason, detail }),
  });
  const answer = withApprovals(agents, { desk: running.approvals, tools, hasModel: model !== undefined, onFault });
  const timeout = (ms: number) => AbortSignal.timeout(ms);
  const handle = createRouter({
    answer,
    conversations: store.conversations,
    tools,
    ...sources,
    scopeOf: scopesOf(store, sources, new Set(connections.flatMap(({ connection }) => connection.tools.map(({ name }) => name)))),
    now,
    newId,
    turnMs,
    timeout,
    correlate: withCorrelation,
    onFault,
  });
  const warm = async () => {
    // A live source is asked when a person asks: Cost Explorer bills each request.
    if (running.isDemo) await deterministic.warm(sources.feeds);
    await model?.warm();
  };
  return { handle, ...(model || running.isDemo ? { warm } : {}) };
}

async function createModel({ config, onFault }: Pick<Running, "config" | "onFault">): Promise<ModelAgent | undefined> {
  const { core } = config;
  if (!core.ANTHROPIC_API_KEY || core.DAILY_TOKENS === 0) return undefined;
  const { createModelAgent } = await import("../agent/model/index.ts");
  const limits = {
    modelCalls: core.MODEL_CALLS,
    toolCalls: core.TOOL_CALLS,
    turnTokens: core.ANSWER_TOKENS,
    turnMs: core.ANSWER_SECONDS * 1000,
  };
  const baseUrl = core.ANTHROPIC_BASE_URL ? { baseUrl: core.ANTHROPIC_BASE_URL } : {};
  return createModelAgent({ apiKey: core.ANTHROPIC_API_KEY, ...baseUrl, model: core.MODEL, limits, onFault });
}
