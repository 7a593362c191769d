import { readsKind, type Tool } from "../../core/tool.ts";
import { wordsOf } from "../../core/value-names.ts";
import type { Ambiguous, Slots } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Puts values that several dimensions have under the one the tool means: a field of its own, else a dimension of the sources it reads.
 * Gives the first that stays open: two dimensions of one source.
 */
export function settleValues(slots: Slots, tool: Tool, vocabulary: Vocabulary): { slots: Slots; open?: Ambiguous } {
  const filter: Record<string, string[]> = { ...slots.filter };
  let open: Ambiguous | undefined;
  for (const ambiguous of slots.ambiguous) {
    const meant = meantBy(ambiguous, slots, tool, vocabulary);
    if (meant.length > 1) open ??= { ...ambiguous, of: new Map([...ambiguous.of].filter(([dimension]) => meant.includes(dimension))) };
    const [chosen] = meant;
    for (const [dimension, values] of ambiguous.of) filter[dimension] = (filter[dimension] ?? []).filter((v) => !values.includes(v));
    if (chosen !== undefined) filter[chosen] = [...(filter[chosen] ?? []), ...(ambiguous.of.get(chosen) ?? [])];
  }
  const kept = Object.fromEntries(Object.entries(filter).filter(([, values]) => values.length > 0));
  return { slots: { ...slots, filter: kept, ambiguous: [] }, ...(open ? { open } : {}) };
}

function meantBy({ value, of }: Ambiguous, slots: Slots, tool: Tool, { sources }: Vocabulary): string[] {
  const dimensions = [...of.keys()];
  const own = dimensions.filter((dimension) => dimension in tool.input.shape);
  if (own[0] !== undefined) return own.slice(0, 1);
  if (!("filter" in tool.input.shape)) return [];
  const owner = slots.dataset ?? slots.measure?.feed;
  const read = sources.filter(({ feed }) =>
    tool.reads !== undefined ? readsKind(tool, feed.kind) : owner === undefined ? feed.kind === "costs" : feed.name === owner,
  );
  // In one source both may be meant; over several sources the one most of them know is.
  const known = dimensions.filter((dimension) => read.some(({ about }) => about.dimensions.some((d) => d.name === dimension)));
  const narrow = known.filter((dimension) => !known.some((other) => other !== dimension && dimension.startsWith(`${other}_`)));
  // A service "web" goes before a repository "acme/web".
  const key = wordsOf(value).join("");
  const exact = narrow.filter((dimension) => of.get(dimension)?.some((name) => wordsOf(name).join("") === key));
  const narrower = exact.length > 0 ? exact : narrow;
  const together = narrower.filter((a) =>
    narrower.some((b) => a !== b && read.some((s) => [a, b].every((n) => s.about.dimensions.some((d) => d.name === n)))),
  );
  if (together.length > 1) return together;
  const count = (dimension: string) => read.filter(({ about }) => about.dimensions.some((d) => d.name === dimension)).length;
  return narrower.toSorted((a, b) => count(b) - count(a)).slice(0, 1);
}
