import type { KnownBlock, ModalView } from "@slack/types";
import type { Receipt } from "../../core/fact.ts";
import { figureLines } from "../../core/figure-words.ts";
import type { Reply } from "../../core/reply.ts";
import { callsOf, receiptLines, withAddress } from "./render-foot.ts";
import { section } from "./render-text.ts";
import { cutPoint, escapeText } from "./text.ts";

/** "Show the maths" in a window of its own: every receipt whole. */

/** A modal takes 100 blocks; room is kept for what stands around the receipts. */
const MOST = { blocks: 95, piece: 2_900, calls: 4, figures: 4 } as const;

export function renderMaths(reply: Reply): ModalView {
  const { receipts = [], turn } = reply;
  const blocks: KnownBlock[] = [];
  let told = 0;
  for (const [index, receipt] of receipts.entries()) {
    const parts = receiptParts(receipt, index);
    if (blocks.length + parts.length > MOST.blocks - MOST.calls - MOST.figures) break;
    blocks.push(...parts);
    told += 1;
  }
  const left = receipts.length - told;
  const calls = pieces(escapeText(callsOf(turn) && `Asked with: ${callsOf(turn)}`)).slice(0, MOST.calls);
  return {
    type: "modal",
    title: { type: "plain_text", text: "The maths" },
    close: { type: "plain_text", text: "Close" },
    blocks: [
      ...pieces(escapeText(figureLines(reply).join("\n")))
        .slice(0, MOST.figures)
        .map(section),
      ...blocks,
      ...(left > 0 ? [section(`${left} more ${left === 1 ? "receipt is" : "receipts are"} in the console.`)] : []),
      ...calls.map(section),
      ...(receipts.length === 0 ? [section("This answer has no receipts: no source was read for it.")] : []),
    ],
  };
}

/** What does not fit one block goes on in the next, broken between words. The button stands at the first. */
function receiptParts(receipt: Receipt, index: number): KnownBlock[] {
  const { source, state, query, read } = receiptLines(receipt);
  const [first = "", ...rest] = pieces(`${escapeText(`${source} · ${state}`)}\n${escapeText(query)}\n${escapeText(read)}`);
  return [withAddress(section(boldFirst(first, escapeText(source))), receipt, index), ...rest.map(section)];
}

function boldFirst(text: string, source: string): string {
  return source.trim() && text.startsWith(`${source} ·`) ? `*${source.trim()}*${text.slice(source.length)}` : text;
}

function pieces(text: string): string[] {
  const parts: string[] = [];
  for (let rest = text.trim(); rest; ) {
    const at = cutPoint(rest, MOST.piece);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return parts;
}
