import type { PastTurn, Turn } from "../../core/agent.ts";
import { turnContext } from "../prompt.ts";
import { cut, type ModelLimits } from "./limits.ts";

export type ChatMessage = { role: "user" | "assistant"; content: string } | { role: "user"; content: { type: "text"; text: string }[] };

/** The messages of a turn: earlier turns as far as they fit, then the turn's own context and question. */
export function conversation(turn: Turn, limits: ModelLimits): ChatMessage[] {
  const question = cut(orNothing(turn.message.text), limits.questionCharacters, (n) => ` …(${n} more characters were cut off)`);
  return [
    ...recent(turn.history, limits.historyCharacters).flatMap(toMessages),
    {
      role: "user",
      content: [
        { type: "text", text: turnContext(turn) },
        { type: "text", text: question },
      ],
    },
  ];
}

/** The newest turns whose texts fit into `budget` characters, oldest first. The newest one is cut rather than left out. */
export function recent(history: readonly PastTurn[], budget: number): PastTurn[] {
  const kept: PastTurn[] = [];
  let left = budget;
  for (const past of history.toReversed()) {
    const size = past.question.length + past.answer.length;
    if (size > left) {
      if (kept.length === 0) kept.push(shorten(past, budget));
      break;
    }
    kept.push(past);
    left -= size;
  }
  return kept.toReversed();
}

function shorten(past: PastTurn, budget: number): PastTurn {
  const note = () => " …(cut)";
  const question = cut(past.question, Math.floor(budget / 4), note);
  return { ...past, question, answer: cut(past.answer, Math.max(0, budget - question.length), note) };
}

function toMessages(past: PastTurn): ChatMessage[] {
  return [
    { role: "user", content: orNothing(past.question) },
    { role: "assistant", content: orNothing(past.answer) },
  ];
}

/** The API refuses empty texts. */
function orNothing(text: string): string {
  return text.trim() === "" ? "(nothing)" : text;
}
