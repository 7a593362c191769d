import type { Turn } from "../../core/agent.ts";
import type { Tool } from "../../core/tool.ts";
import { type GroundingOptions, learnNames, type Names } from "../grounding/index.ts";
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
  return {
    now: context.now,
    question: turn.message.text.slice(0, limits.questionCharacters),
    history: turn.history.flatMap(({ question, answer }, i) => [question, i < folded ? figuresIn(answer) : answer]),
    words: [turnContext(turn), houseContext(turn, skills), context.user.name, ...context.feeds.map(({ name }) => name)],
    known: namesOf(tools),
  };
}

const named = new WeakMap<readonly Tool[], { count: number; names: Names }>();

/** The words of the tools take longer to read than all of a turn's own: they are read once. Tools that become known late join the list itself. */
function namesOf(tools: readonly Tool[]): Names {
  const before = named.get(tools);
  if (before?.count === tools.length) return before.names;
  const names = learnNames(tools.flatMap(({ name, title, description, examples }) => [name, title, description, ...examples]));
  named.set(tools, { count: tools.length, names });
  return names;
}
