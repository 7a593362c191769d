import type { Agent, Turn } from "../core/agent.ts";
import type { Reply } from "../core/reply.ts";
import type { Allowance, Budgets } from "./budgets.ts";
import { ModelUnavailable } from "./model/unavailable.ts";

export interface AgentChoice {
  deterministic: Agent;
  /** Absent without a key. */
  model?: Agent;
  /** Answers when most of a budget is used. */
  smallModel?: Agent;
  budgets: Budgets;
  /** Told whenever the model was to answer and could not. */
  onFallback?: (reason: string, detail: string) => void;
}

export type Answer = (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;

/**
 * The model answers when there is one, it works and the budgets last; when most of a budget is used a smaller one does; else the
 * deterministic agent, and the reply says so. Commands never need the model. Same promises as `Agent.answer`, and never throws ModelUnavailable.
 */
export function chooseAgent(choice: AgentChoice): Answer {
  return async function* answer(turn, signal) {
    if (turn.message.text.trimStart().startsWith("/")) {
      yield* choice.deterministic.answer(turn, signal);
      return;
    }
    const allowance = await allowed(choice, turn);
    const model = allowance.level === "small" ? (choice.smallModel ?? choice.model) : choice.model;
    if (!model || allowance.level === "none") {
      yield* withNotice(choice.deterministic.answer(turn, signal), withoutModel(allowance.level === "none" ? allowance.reason : ""));
      return;
    }
    const isSmall = allowance.level === "small" && choice.smallModel !== undefined;
    const notice = isSmall ? `Answered by a smaller model: ${allowance.reason}.` : undefined;
    try {
      yield* withNotice(model.answer(turn, signal), notice);
    } catch (error) {
      if (!(error instanceof ModelUnavailable)) throw error;
      choice.onFallback?.(error.reason, error.detail);
      yield* withNotice(choice.deterministic.answer(turn, signal), withoutModel(error.reason));
    }
  };
}

/** Without a model nobody asks what it may cost. */
function allowed({ model, budgets }: AgentChoice, { message }: Turn): Promise<Allowance> {
  const { conversation, channel, user } = message;
  return model ? budgets.allowance({ user: user.id, conversation, channel }) : Promise.resolve({ level: "full" });
}

function withoutModel(reason: string): string {
  return reason === "" ? "Answered without a language model." : `Answered without a language model: ${reason}.`;
}

async function* withNotice(replies: AsyncIterable<Reply>, text: string | undefined): AsyncIterable<Reply> {
  for await (const reply of replies)
    yield reply.final && text !== undefined ? { ...reply, notice: reply.notice ? `${text} ${reply.notice}` : text } : reply;
}
