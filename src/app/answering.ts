import { type BudgetLimits, createBudgets } from "../agent/budgets.ts";
import { createDeterministicAgent } from "../agent/deterministic/index.ts";
import { chooseAgent } from "../agent/index.ts";
import type { Guard, ModelAgent } from "../agent/model/index.ts";
import { readModel } from "../agent/model/providers.ts";
import { withApprovals } from "../approvals/answer.ts";
import type { CoreSettings } from "../config/settings.ts";
import type { Turn } from "../core/agent.ts";
import type { Handler } from "../core/channel.ts";
import { spentSince } from "../records/usage.ts";
import { createRouter, type RouterOptions } from "../router/index.ts";
import { withCorrelation } from "../telemetry/log.ts";
import { throughSpan } from "../telemetry/trace.ts";
import { chatLimits } from "./chat-limits.ts";
import type { Running } from "./context.ts";
import { withinReach } from "./project-keys.ts";
import { scopesOf } from "./scopes.ts";

export interface Answering {
  handle: Handler;
  /** Does ahead what the first question would wait for: the model's libraries, a look at the demo's sources. Absent when there is nothing. */
  warm?: () => Promise<void>;
}

/** From a message to its answer: the router, the agents behind it, and the day's budget. */
export async function createAnswering(running: Omit<Running, "handle" | "toolContext" | "proactive" | "alerting">): Promise<Answering> {
  const { config, log, store, connections, now, newId, onFault, tools, sources, turnMs } = running;
  const model = await createModel(running, config.core.MODEL);
  const small = config.core.MODEL_SMALL ? await createModel(running, config.core.MODEL_SMALL) : undefined;
  const deterministic = createDeterministicAgent({ onFault });
  const agents = chooseAgent({
    deterministic,
    ...(model ? { model } : {}),
    ...(small ? { smallModel: small } : {}),
    budgets: createBudgets({
      limits: budgetLimits(config.core),
      now,
      spentSince: (start, payer) => spentSince(store.database, start, payer),
    }),
    onFallback: (reason, detail) => {
      log.warn("model unavailable", { reason, detail });
      running.telemetry.modelAway(reason);
    },
  });
  const answered = withApprovals(agents, { desk: running.approvals, tools, hasModel: model !== undefined, onFault });
  const answer = traced(withinReach(answered, running.reachOf));
  const handle = createRouter({
    answer,
    conversations: store.conversations,
    tools,
    ...sources,
    scopeOf: scopesOf(store, sources, new Set(connections.flatMap(({ connection }) => connection.tools.map(({ name }) => name)))),
    refuse: chatLimits(running.limits, config.core, running.telemetry.limited),
    now,
    newId,
    turnMs,
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

/** The agent's part of a turn as a span, with the names of OpenTelemetry's conventions for generative AI. */
function traced(answer: RouterOptions["answer"]): RouterOptions["answer"] {
  const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "firstmate" };
  return (turn, signal) =>
    throughSpan(
      { name: "invoke_agent firstmate", attributes },
      () => answer(turn, signal),
      (reply, span) => {
        const { usage, agent } = reply.turn ?? {};
        if (agent) span.set({ "firstmate.agent": agent });
        if (!usage) return;
        span.set({
          "gen_ai.request.model": usage.model,
          "gen_ai.usage.input_tokens": usage.inputTokens + usage.cachedTokens,
          "gen_ai.usage.output_tokens": usage.outputTokens,
        });
      },
    );
}

export function budgetLimits({ DAILY_TOKENS, DAILY_USD, ...core }: CoreSettings): BudgetLimits {
  const limit = (tokens: number | undefined, usd: number | undefined) => ({
    ...(tokens === undefined ? {} : { tokens }),
    ...(usd === undefined ? {} : { usd }),
  });
  return {
    day: limit(DAILY_TOKENS, DAILY_USD),
    user: limit(core.USER_DAILY_TOKENS, core.USER_DAILY_USD),
    channel: limit(core.CHANNEL_DAILY_TOKENS, core.CHANNEL_DAILY_USD),
  };
}

async function createModel(
  { config, log, telemetry, onFault }: Pick<Running, "config" | "log" | "telemetry" | "onFault">,
  model: string,
): Promise<ModelAgent | undefined> {
  const { core } = config;
  const { provider } = readModel(model);
  if (core.DAILY_TOKENS === 0 || (provider === "anthropic" && !core.ANTHROPIC_API_KEY)) return undefined;
  const { createModelAgent } = await import("../agent/model/index.ts");
  const limits = {
    modelCalls: core.MODEL_CALLS,
    toolCalls: core.TOOL_CALLS,
    turnTokens: core.ANSWER_TOKENS,
    ...(core.ANSWER_USD === undefined ? {} : { turnUsd: core.ANSWER_USD }),
    turnMs: core.ANSWER_SECONDS * 1000,
  };
  const baseUrl = core.ANTHROPIC_BASE_URL ? { baseUrl: core.ANTHROPIC_BASE_URL } : {};
  const key = core.ANTHROPIC_API_KEY ? { apiKey: core.ANTHROPIC_API_KEY } : {};
  const onDenied = (guard: Guard, { message: { user, channel } }: Turn) => {
    log.warn("guard denied", { guard, user: user.id, channel });
    telemetry.guardDenied(guard);
  };
  return createModelAgent({ ...key, ...baseUrl, model, limits, onFault, onDenied });
}
