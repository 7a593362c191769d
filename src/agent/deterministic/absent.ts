import { listWords } from "../../core/text.ts";
import type { AbsentSource } from "../../core/tool.ts";
import { stem } from "./stem.ts";

/** What to set so that a question can be answered; undefined when no source that is off knows what it is about. */
export function whatWouldAnswer(question: string, absent: readonly AbsentSource[]): string | undefined {
  const asked = stems(question);
  const names = (topic: string) => [...stems(topic)].every((stem) => asked.has(stem));
  const found = absent.flatMap((source) => {
    const topic = source.topics.find(names) ?? (names(source.title) ? source.topics[0] : undefined);
    return topic === undefined ? [] : [{ ...source, topic }];
  });
  const [first] = found;
  if (!first) return undefined;
  const ways = found.map(({ title, requires }) => `${listWords(requires)} (${title})`);
  return `Nothing that is connected knows ${first.topic}. Set ${ways.join(", or ")} to ask about ${found.length > 1 ? "them" : "that"}.`;
}

function stems(text: string): Set<string> {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem));
}
