import type { Turn } from "../../core/agent.ts";
import type { GroundingOptions } from "../grounding/index.ts";
import { houseContext, turnContext } from "../prompt.ts";
import type { ModelLimits } from "./limits.ts";
import { figuresIn, remember } from "./memory.ts";

/**
 * What an answer may rest on before any tool has run: the question, the conversation as far as the model sees it, and the names of what there
 * is. Earlier turns are taken whole, since a cut could part a figure from its mark, and without their calls: arguments are the model's own words.
 */
export function sourcesOf(turn: Turn, limits: ModelLimits, skills: readonly string[]): GroundingOptions {
  const { tools, context } = turn;
  const { folded } = remember(turn.history, limits.historyCharacters);
  const named = tools.flatMap(({ name, title, description, examples }) => [name, title, description, ...examples]);
  return {
    now: context.now,
    question: turn.message.text.slice(0, limits.questionCharacters),
    history: turn.history.flatMap(({ question, answer }, i) => [question, i < folded ? figuresIn(answer) : answer]),
    words: [turnContext(turn), houseContext(turn, skills), context.user.name, ...context.feeds.map(({ name }) => name), ...named],
  };
}
