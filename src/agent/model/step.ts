import type { AIMessage as AIMessageType } from "@langchain/core/messages";
import { inSpan } from "../../telemetry/trace.ts";
import { correctionOf } from "../grounding/index.ts";
import { textOf } from "./chat.ts";
import type { Libraries } from "./libraries.ts";
import type { MetLimit, ModelLimits } from "./limits.ts";
import { meet, type TurnLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { ModelName } from "./providers.ts";
import type { Release } from "./release.ts";
import { stopReasonOf } from "./stop-reason.ts";
import { ModelUnavailable, REASONS } from "./unavailable.ts";

export interface StepOptions {
  model: ModelName;
  limits: ModelLimits;
  log: TurnLog;
  meter: Meter;
  release: Release;
  signal: AbortSignal;
  /** Milliseconds since the turn began. */
  elapsedMs(): number;
  hasTools: boolean;
}

/** One call of the model. `mayUseTools` is false when it must answer from what it has; `more` follows the conversation. */
export type CallModel = (mayUseTools: boolean, more?: Correction) => Promise<AIMessageType>;

/** What the model said, and what is to be mended in it. */
export interface Correction {
  said: string;
  ask: string;
}

/**
 * One step of the loop: asks the model within the limits and gives the message the loop goes on with.
 * A message without tool calls ends the loop. Throws ModelUnavailable when the message is of no use.
 */
export async function step({ AIMessage }: Libraries, options: StepOptions, callModel: CallModel): Promise<AIMessageType> {
  const { limits, log, meter, release } = options;
  const used = exhausted(options);
  if (used) {
    meet(log, used);
    return new AIMessage("");
  }

  const last = nearlyExhausted(options);
  meter.begin();
  release.begin();
  const message = await inSpan(spanOf(options.model), async (span) => {
    const said = await callModel(!last && options.hasTools);
    const usage = (said as unknown as { usage_metadata?: { input_tokens: number; output_tokens: number } }).usage_metadata;
    // Some providers tell it at the end only, beside the stream.
    if (usage && meter.latest === 0) meter.see({ input: usage.input_tokens, output: usage.output_tokens, cacheRead: 0 });
    if (usage) span.set({ "gen_ai.usage.input_tokens": usage.input_tokens, "gen_ai.usage.output_tokens": usage.output_tokens });
    return said;
  });
  const calls = askedCalls(message, log);
  checkEnd(message, calls.length > 0);
  release.finish();
  const isAnswer = last !== undefined || calls.length === 0 || stopReasonOf(message) === "max_tokens";
  if (!isAnswer) release.drop();
  else if (release.strays.length > 0) await mend(options, message, callModel);

  if (stopReasonOf(message) === "max_tokens") {
    // Arguments that broke off may still be valid JSON, and mean something else.
    meet(log, "outputTokens");
    return new AIMessage(textOf(message.content));
  }
  if (last) {
    meet(log, last);
    return new AIMessage(textOf(message.content));
  }
  const taken = calls.slice(0, limits.toolCalls - log.toolCalls);
  if (taken.length < calls.length) meet(log, "toolCalls");
  log.toolCalls += taken.length;
  return rebuild(AIMessage, message, taken);
}

function spanOf({ provider, name }: ModelName) {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": PROVIDER_NAMES[provider] ?? provider,
    "gen_ai.request.model": name,
  };
  return { name: `chat ${name}`, kind: "client" as const, attributes };
}

/** As OpenTelemetry's conventions call them, where that differs. */
const PROVIDER_NAMES: Readonly<Partial<Record<ModelName["provider"], string>>> = {
  azure: "azure.ai.openai",
  bedrock: "aws.bedrock",
  google: "gcp.gemini",
  mistral: "mistral_ai",
};

/** Asks once for the rest of the answer without what could not be traced; what then still cannot is marked. Throws only when the turn is over. */
async function mend(options: StepOptions, message: AIMessageType, callModel: CallModel): Promise<void> {
  const { meter, release, signal } = options;
  const mayAsk = stopReasonOf(message) !== "max_tokens" && !exhausted(options) && !lacksTimeOrTokens(options);
  if (mayAsk) {
    const ask = correctionOf(release.strays, release.released);
    meter.begin();
    release.mend();
    try {
      const mended = await callModel(false, { said: textOf(message.content), ask });
      release.finish();
      const isWhole = stopReasonOf(mended) === "end_turn" && textOf(mended.content).trim() !== "";
      if (!isWhole) release.restore();
    } catch (error) {
      release.restore();
      if (signal.aborted) throw error;
    }
  }
  release.giveUp();
}

function lacksTimeOrTokens({ limits, meter, elapsedMs }: StepOptions): boolean {
  return meter.total + meter.latest >= limits.turnTokens || elapsedMs() >= limits.turnMs * TIME_TO_END;
}

function exhausted({ limits, meter }: StepOptions): MetLimit | undefined {
  if (meter.calls >= limits.modelCalls) return "modelCalls";
  if (meter.total >= limits.turnTokens) return "turnTokens";
  if ((meter.costUsd ?? 0) >= limits.turnUsd) return "turnUsd";
  return undefined;
}

/** The share of a turn's time after which the model is asked to come to an end. */
const TIME_TO_END = 0.75;

/** The limit that makes this call the last one, if any. The first call is never the last for want of tools or tokens. */
function nearlyExhausted({ limits, log, meter, elapsedMs }: StepOptions): MetLimit | undefined {
  if (meter.calls + 1 >= limits.modelCalls && meter.calls > 0) return "modelCalls";
  if (log.toolCalls >= limits.toolCalls) return "toolCalls";
  if (meter.total + meter.latest >= limits.turnTokens) return "turnTokens";
  // What the calls so far cost on average the next one will cost too.
  if (meter.calls > 0 && (meter.costUsd ?? 0) * (1 + 1 / meter.calls) >= limits.turnUsd) return "turnUsd";
  if (elapsedMs() >= limits.turnMs * TIME_TO_END) return "turnMs";
  return undefined;
}

function checkEnd(message: AIMessageType, hasCalls: boolean): void {
  const reason = stopReasonOf(message);
  if (reason === undefined) throw new ModelUnavailable(REASONS.cut);
  if (reason === "refusal") throw new ModelUnavailable(REASONS.refused);
  if (reason === "model_context_window_exceeded") throw new ModelUnavailable(REASONS.tooLong);
  if (!hasCalls && textOf(message.content).trim() === "") throw new ModelUnavailable(REASONS.empty);
}

interface Call {
  id: string;
  name: string;
  args: Record<string, unknown>;
}

function askedCalls(message: AIMessageType, log: TurnLog): Call[] {
  const readable = (message.tool_calls ?? []).map(({ id, name, args }) => ({ id: id ?? "", name, args }));
  // Kept, so that the model hears of it and mends it.
  const unreadable = (message.invalid_tool_calls ?? []).map(({ id, name }) => ({ id: id ?? "", name: name ?? "", args: {} }));
  for (const { id } of unreadable) log.unreadable.add(id);
  return [...readable, ...unreadable];
}

/** The message with just these calls. What it said and thought stays: thoughts must go back to the service as they came. */
function rebuild(AIMessage: Libraries["AIMessage"], message: AIMessageType, calls: Call[]): AIMessageType {
  const content = Array.isArray(message.content) ? message.content.filter(({ type }) => KEPT.has(String(type))) : message.content;
  return new AIMessage({ content, tool_calls: calls.map((call) => ({ ...call, type: "tool_call" as const })) });
}

const KEPT = new Set(["text", "thinking", "redacted_thinking"]);
