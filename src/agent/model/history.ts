import type { PastTurn, Turn } from "../../core/agent.ts";
import { turnContext } from "../prompt.ts";
import { cut, type ModelLimits } from "./limits.ts";
import { remember } from "./memory.ts";

type TextBlock = { type: "text"; text: string; cache_control?: { type: "ephemeral" } };

export type ChatMessage = { role: "user" | "assistant"; content: string | TextBlock[] };

/**
 * The messages of a turn: earlier turns as far as they fit, then the turn's own context and question. What was said before is marked for
 * the vendor's cache; what is true of this turn alone comes after it. `hint` joins the context.
 */
export function conversation(turn: Turn, limits: ModelLimits, hint = ""): ChatMessage[] {
  const question = cut(orNothing(turn.message.text), limits.questionCharacters, (n) => ` …(${n} more characters were cut off)`);
  return [
    ...markLast(earlier(turn, limits)),
    {
      role: "user",
      content: [
        { type: "text", text: hint ? `${turnContext(turn)}\n${hint}` : turnContext(turn) },
        { type: "text", text: question },
      ],
    },
  ];
}

function earlier({ history }: Turn, limits: ModelLimits): ChatMessage[] {
  const { summary, turns } = remember(history, limits.historyCharacters);
  const [first, ...rest] = turns.flatMap(toMessages);
  if (!first || summary === "") return first ? [first, ...rest] : [];
  const texts = [summary, String(first.content)].map((text) => ({ type: "text" as const, text }));
  return [{ ...first, content: texts }, ...rest];
}

function toMessages(past: PastTurn): ChatMessage[] {
  return [
    { role: "user", content: orNothing(past.question) },
    { role: "assistant", content: orNothing(past.answer) },
  ];
}

function markLast(messages: ChatMessage[]): ChatMessage[] {
  const last = messages.at(-1);
  if (typeof last?.content !== "string") return messages;
  return [...messages.slice(0, -1), { ...last, content: [{ type: "text", text: last.content, cache_control: { type: "ephemeral" } }] }];
}

/** The API refuses empty texts. */
function orNothing(text: string): string {
  return text.trim() === "" ? "(nothing)" : text;
}
