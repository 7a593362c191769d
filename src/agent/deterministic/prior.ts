import { readsKind, type Tool } from "../../core/tool.ts";
import { conceptAt } from "./lexicon.ts";
import { knowsFeature, type ToolModel } from "./match-tool.ts";
import type { Reading } from "./read-question.ts";
import { stem } from "./stem.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What a tool's fields say about a question, before its examples are looked at. */

/** Log-odds that things are to be listed rather than counted when nothing says how to split them. */
const LISTED = 6;
/** The same where their number is asked for: the list says it too. */
const COUNTED = 4;
/** A figure over time or beside another was asked for, and the tool gives none. */
const PARTLESS = 4;
/** A figure by its parts was asked for, and the tool gives none: only what is nearly its own example makes up for that. */
const UNSPLIT = 9;
/** A period was said, and the tool knows only how things are now. */
const UNTIMELY = 2;
/** A number was asked for, and the tool gives none of that measure. */
const UNCOUNTED = 3;

const SPLITS = /\b(?:by|per|each|every)\b/;

/** "incidents last week" asks for the incidents, "incidents per week" for their number. */
export function priorOf(tool: Tool, { slots, features, words }: Reading, { sources }: Vocabulary): number {
  const has = (field: string) => field in tool.input.shape;
  const kind = sources.find(({ feed }) => feed.name === slots.measure?.feed)?.feed.kind;
  const isFigure = slots.measure !== undefined || features.includes("cost");
  const isWhole = slots.by.length === 0 && !slots.grain && !slots.order && !slots.compare && !features.includes("vital");
  const lists = kind !== undefined && has("status") && !has("measure") && tool.reads === kind;
  const counts = features.includes("orders");
  const missing = [
    slots.grain !== undefined && !has("grain") && (isFigure || has("measure")) ? PARTLESS : 0,
    slots.by.length > 0 && !has("by") ? unsplit(words, isFigure) : 0,
    slots.compare !== undefined && !has("compare") && isFigure ? PARTLESS : 0,
    slots.period && !has("period") ? UNTIMELY : 0,
    counts && kind !== undefined && !has("measure") && !lists ? UNCOUNTED : 0,
  ];
  return (lists && isWhole ? (counts ? COUNTED : LISTED) : 0) - missing.reduce((sum, odds) => sum + odds, 0);
}

function unsplit(words: readonly string[], isFigure: boolean): number {
  if (SPLITS.test(words.join(" "))) return UNSPLIT;
  return isFigure ? PARTLESS : 0;
}

/** A tool over one kind of feed cannot answer for a measure or a dataset of another. */
export function readsWhat(tool: Tool, { slots, features, words }: Reading, vocabulary: Vocabulary, model: ToolModel): boolean {
  // "What do logs cost?" is nothing for who finds errors in them.
  if (/\bcosts?\b/.test(words.join(" ")) && !knowsFeature(model, tool, "cost")) return false;
  if (tool.reads === undefined) return true;
  // "What did we spend?" means the bill; what AI costs is asked for by name.
  const isBill = features.includes("cost") && !features.includes("{measure}") && "measure" in tool.input.shape;
  if (isBill && !readsKind(tool, "costs"))
    return words.some((word, i) => conceptAt(words, i) === undefined && knowsFeature(model, tool, stem(word)));
  const owner = slots.dataset ?? slots.measure?.feed;
  const kind = vocabulary.sources.find((s) => s.feed.name === owner)?.feed.kind;
  if (kind === undefined) return !features.includes("{measure}");
  return readsKind(tool, kind);
}
