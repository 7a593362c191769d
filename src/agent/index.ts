import type { Agent, Turn } from "../core/agent.ts";
import type { Reply, Usage } from "../core/reply.ts";
import type { Allowance, Budgets } from "./budgets.ts";
import { ModelUnavailable } from "./model/unavailable.ts";

export interface AgentChoice {
  deterministic: Agent;
  /** Absent without a key. */
  model?: Agent;
  /** Answers when most of a budget is used, or the other fails. */
  smallModel?: Agent;
  budgets: Budgets;
  /** Told whenever the model was to answer and could not. */
  onFallback?: (reason: string, detail: string) => void;
}

export type Answer = (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;

/**
 * The model answers when there is one, it works and the budgets last; when most of a budget is used, or it alone fails, a smaller one does;
 * else the deterministic agent, and the reply says so. What a failing one had begun to say stays, and the next goes on below it. Commands
 * never need the model. Same promises as `Agent.answer`, and never throws ModelUnavailable.
 */
export function chooseAgent(choice: AgentChoice): Answer {
  return async function* answer(turn, signal) {
    if (turn.message.text.trimStart().startsWith("/")) {
      yield* choice.deterministic.answer(turn, signal);
      return;
    }
    const allowance = await allowed(choice, turn);
    let reason = allowance.level === "full" ? "" : allowance.reason;
    let before = NOTHING;
    for (const model of modelsFor(choice, allowance)) {
      // What is true of this model alone is no reason to give up on the other.
      if (before.failure && !before.failure.isOfThisModel) break;
      const notice = model === choice.smallModel ? `Answered by a smaller model: ${reason}.` : undefined;
      try {
        yield* goingOn(model.answer(turn, signal), before, notice);
        return;
      } catch (error) {
        if (!(error instanceof ModelUnavailable)) throw error;
        choice.onFallback?.(error.reason, error.detail);
        reason = error.reason;
        const { said = "", notice: caution = "", usage } = error.begun ?? {};
        before = {
          said: joined(before.said, said),
          notice: joined(before.notice, caution, " "),
          usage: added(before.usage, usage),
          failure: error,
        };
      }
    }
    yield* goingOn(choice.deterministic.answer(turn, signal), before, withoutModel(reason, before.said !== ""));
  };
}

function modelsFor({ model, smallModel }: AgentChoice, { level }: Allowance): Agent[] {
  if (!model || level === "none") return [];
  const both = smallModel ? [model, smallModel] : [model];
  return level === "small" ? both.slice(-1) : both;
}

/** What there was before the agent that answers now. */
interface Before {
  said: string;
  notice: string;
  usage?: Usage | undefined;
  failure?: ModelUnavailable;
}

const NOTHING: Before = { said: "", notice: "" };

/** Without a model nobody asks what it may cost. */
function allowed({ model, budgets }: AgentChoice, { message }: Turn): Promise<Allowance> {
  const { conversation, channel, user } = message;
  return model ? budgets.allowance({ user: user.id, conversation, channel }) : Promise.resolve({ level: "full" });
}

function withoutModel(reason: string, hasBegun: boolean): string {
  if (hasBegun) return `The language model's answer broke off: ${reason}. What follows it was answered without one.`;
  return reason === "" ? "Answered without a language model." : `Answered without a language model: ${reason}.`;
}

async function* goingOn(replies: AsyncIterable<Reply>, before: Before, reason = ""): AsyncIterable<Reply> {
  for await (const reply of replies) {
    const whole = before.said === "" ? reply : { ...reply, text: joined(before.said, reply.text) };
    const notice = [reason, before.notice, reply.notice ?? ""].filter((words) => words !== "").join(" ");
    yield reply.final ? { ...whole, ...spent(reply, before.usage), ...(notice === "" ? {} : { notice }) } : whole;
  }
}

function spent({ turn }: Reply, before: Usage | undefined): Pick<Reply, "turn"> {
  const usage = added(before, turn?.usage);
  return turn && usage ? { turn: { ...turn, usage } } : {};
}

function joined(before: string, after: string, by = "\n\n"): string {
  return before === "" || after === "" ? before + after : `${before}${by}${after}`;
}

/** Of two attempts at one answer, under the later one's name; an attempt that took nothing leaves no trace. */
function added(before: Usage | undefined, after: Usage | undefined): Usage | undefined {
  const [a, b] = [before, after].map((usage) =>
    usage && usage.inputTokens + usage.outputTokens + usage.cachedTokens > 0 ? usage : undefined,
  );
  if (!a || !b) return a ?? b ?? after;
  const { costUsd: _, ...tokens } = b;
  return {
    ...tokens,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    modelCalls: a.modelCalls + b.modelCalls,
    // Where one has no price the sum has none.
    ...(a.costUsd === undefined || b.costUsd === undefined ? {} : { costUsd: a.costUsd + b.costUsd }),
  };
}
