import type { Receipt } from "../../core/fact.ts";
import { figureLines } from "../../core/figure-words.ts";
import { formatInstant, formatNumber } from "../../core/format.ts";
import type { Reply } from "../../core/reply.ts";
import { usageWords } from "../../core/usage-words.ts";
import { type Element, note, paragraph } from "./elements.ts";
import { bytesOf, escapeText, within } from "./text.ts";

const CALL_LENGTH = 400;
const LENGTHS = { source: 80, query: 160, state: 140 } as const;
/** Beside the answer's own blocks, and in a card of its own. */
const FIRST_BYTES = 7_000;
const NEXT_BYTES = 20_000;
const MOST_PARTS = 4;

/** "Show the maths", hidden until asked for: the first part for the answer's card, each further one for a card of its own. */
export function renderMaths(reply: Reply): readonly Element[][] {
  const receipts = reply.receipts ?? [];
  if (receipts.length === 0) return [];
  const sources = receipts.map(sourceLine);
  const calls = (reply.turn?.tools ?? []).map((call) =>
    paragraph(escapeText(within(`${call.name} ${JSON.stringify(call.input)}`, CALL_LENGTH))),
  );
  const figures = figureLines(reply).map((line) => paragraph(escapeText(within(line, LENGTHS.query))));
  const usage = reply.turn?.usage ? [note(`Worded by ${escapeText(usageWords(reply.turn.usage))}.`)] : [];
  const parts = divided([...sources, ...figures, ...calls, ...usage]);
  const shown = parts.slice(0, MOST_PARTS);
  const missing = sources.length - Math.min(sources.length, shown.flat().length);
  if (missing > 0) shown.at(-1)?.push(note(`${formatNumber(missing)} more sources in the console.`));
  return shown.map((items, i) => toggled(items, shown.length > 1 ? `Show the maths (${i + 1} of ${shown.length})` : "Show the maths"));
}

function divided(lines: readonly Element[]): Element[][] {
  const parts: Element[][] = [[]];
  let room = FIRST_BYTES;
  for (const line of lines) {
    const bytes = bytesOf(line) + 1;
    if (bytes > room) {
      parts.push([]);
      room = NEXT_BYTES;
    }
    room -= bytes;
    parts.at(-1)?.push(line);
  }
  return parts;
}

function toggled(items: readonly Element[], title: string): Element[] {
  return [
    { type: "Container", id: "maths", isVisible: false, items },
    { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title, targetElements: ["maths"] }] },
  ];
}

/** Source and query may be cut; how far they can be trusted never is. */
function sourceLine(r: Receipt, index: number): Element {
  const state = [r.status, r.provisional ? `provisional ${r.provisional}` : "", r.truncated ?? "", ...(r.notes ?? [])].filter(Boolean);
  const words = `${within(r.source, LENGTHS.source)}: ${within(r.query, LENGTHS.query)}`;
  const trust = `${within(state.join(", "), LENGTHS.state)}; read ${formatInstant(r.fetchedAt)}`;
  return paragraph(escapeText(`[${index + 1}] ${words} (${trust})`));
}
