import type { FeedKind } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import type { AbsentSource } from "../../core/tool.ts";
import { stem } from "./stem.ts";

/** What to set so that a question can be answered; undefined when no source that is off knows what it is about, or one that is on does. */
export function whatWouldAnswer(question: string, absent: readonly AbsentSource[], connected: readonly FeedKind[]): string | undefined {
  const asked = stems(question);
  const known = stems(connected.join(" "));
  const names = (topic: string) => {
    const words = [...stems(topic)];
    return words.every((word) => asked.has(word)) && !words.every((word) => known.has(word));
  };
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
