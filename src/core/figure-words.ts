import type { Reply } from "./reply.ts";

const AS_SAID = "as it stands";

/** Each figure of a model's words, how it comes about and from which sources, once each: "52%: sum of 31% and 21.4%, from AWS bill". */
export function figureLines({ figures = [], receipts = [] }: Pick<Reply, "figures" | "receipts">): string[] {
  const named = new Map(receipts.map(({ id, source }) => [id, source]));
  const lines = figures.map(({ text, how, receipts: ids }) => {
    const sources = [...new Set(ids.flatMap((id) => named.get(id) ?? []))];
    const from = sources.length > 0 ? `, from ${sources.join(" and ")}` : how === AS_SAID ? ", said in this conversation" : "";
    return `${text}: ${how}${from}`;
  });
  return [...new Set(lines)];
}
