import type { Agent, Turn } from "../core/agent.ts";
import type { Reply } from "../core/reply.ts";
import { ModelUnavailable } from "./model/unavailable.ts";
import type { TokenBudget } from "./token-budget.ts";

export interface AgentChoice {
  deterministic: Agent;
  /** Absent without a key. */
  model?: Agent;
  budget: TokenBudget;
  /** Told whenever the model was to answer and could not. */
  onFallback?: (reason: string, detail: string) => void;
}

export type Answer = (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;

/**
 * The model answers when there is one, it works and the day's tokens last; else the deterministic agent does, and the reply says
 * so. Commands never need the model. Same promises as `Agent.answer`, and never throws ModelUnavailable.
 */
export function chooseAgent(choice: AgentChoice): Answer {
  return async function* answer(turn, signal) {
    if (turn.message.text.trimStart().startsWith("/")) {
      yield* choice.deterministic.answer(turn, signal);
      return;
    }
    const reason = await whyNoModel(choice);
    if (reason !== undefined || !choice.model) {
      yield* withNotice(choice.deterministic.answer(turn, signal), notice(reason ?? ""));
      return;
    }
    try {
      for await (const reply of choice.model.answer(turn, signal)) {
        if (reply.turn?.usage) choice.budget.add(reply.turn.usage);
        yield reply;
      }
    } catch (error) {
      if (!(error instanceof ModelUnavailable)) throw error;
      choice.onFallback?.(error.reason, error.detail);
      yield* withNotice(choice.deterministic.answer(turn, signal), notice(error.reason));
    }
  };
}

async function whyNoModel({ model, budget }: AgentChoice): Promise<string | undefined> {
  if (!model) return "";
  return (await budget.exhausted()) ? "today's token budget is used up" : undefined;
}

function notice(reason: string): string {
  return reason === "" ? "Answered without a language model." : `Answered without a language model: ${reason}.`;
}

async function* withNotice(replies: AsyncIterable<Reply>, text: string): AsyncIterable<Reply> {
  for await (const reply of replies) yield reply.final ? { ...reply, notice: text } : reply;
}
