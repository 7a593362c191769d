import type { Receipt } from "../core/fact.ts";
import type { KnowledgeAnswer, Passage } from "../core/knowledge.ts";
import { listWords, plainWords } from "../core/text.ts";

/** Passages as an answer shows them: numbered, quoted line by line so that nothing inside can pass for our own words, and cited. */

/** "EWM inbound › Post goods receipt, page 3 (ewm/inbound.md)" */
export function citationOf({ title, headings, page, document }: Passage): string {
  const path = [title, ...headings].map(plainWords).join(" › ");
  const where = document === title ? "" : ` (${plainWords(document)})`;
  return `${path}${page === undefined ? "" : `, page ${page}`}${where}`;
}

/** The passages in full, within `limit` characters. Each line is marked: a quotation cannot be ended from inside. */
function quotePassages(passages: readonly Passage[], limit: number): string {
  const share = Math.floor(limit / Math.max(1, passages.length));
  return passages.map((passage, i) => `**[${i + 1}]** ${linked(passage)}\n${quoteLines(passage.text, share - 200)}`).join("\n\n");
}

function linked(passage: Passage): string {
  const citation = citationOf(passage);
  return passage.url ? `[${citation.replace(/[[\]]/g, "")}](${passage.url})` : citation;
}

function quoteLines(text: string, limit: number): string {
  const lines: string[] = [];
  let left = limit;
  for (const line of text.split("\n")) {
    const safe = safeLine(line);
    left -= safe.length + 3;
    if (left < 0) return [...lines, "> …"].join("\n");
    lines.push(`> ${safe}`.trimEnd());
  }
  return lines.join("\n");
}

/** Markdown of a document without what acts: no links, pictures or raw HTML. Emphasis, lists, code and tables stay. */
function safeLine(line: string): string {
  return plainWords(line)
    .replace(/!\[/g, "! [")
    .replace(/<(?=[a-z/!?])/gi, "‹")
    .replace(/@(?=channel|here|everyone)/gi, "@ ");
}

/** One receipt for a search: which documents were cited, and what a reader must know. */
export function receiptOf(answer: KnowledgeAnswer, query: string, part: string | undefined, now: Date): Receipt {
  const cited = [...new Set(answer.passages.map(citationOf))];
  const notes = [
    ...answer.mended.map(({ from, to }) => `read “${plainWords(from)}” as “${to}”`),
    ...answer.notes.map((note) => plainWords(note)),
  ];
  return {
    id: "knowledge",
    source: "knowledge",
    query: `passages about “${plainWords(query)}”${part ? ` in ${part}` : ""}: ${listWords(cited, 5) || "none"}`,
    fetchedAt: now,
    status: answer.passages.some((p) => p.demo) ? "demo" : "live",
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The passages, after what the question has and they have not. */
export function answerFrom(answer: KnowledgeAnswer, part: string | undefined, limit: number): string {
  if (!answer.covered) return notCovered(answer, part);
  const { unknown } = answer;
  const lacking =
    unknown.length > 0
      ? `_No document has ${listWords(
          unknown.map((w) => `“${plainWords(w)}”`),
          4,
        )}; these are the nearest passages._\n\n`
      : "";
  return `${lacking}${quotePassages(answer.passages, limit)}`;
}

/** "The knowledge does not say." With what it lacks and what is nearest, never an answer. */
function notCovered({ unknown, passages }: KnowledgeAnswer, part: string | undefined): string {
  const where = part ? ` The ${part} part` : " It";
  const lacking =
    unknown.length > 0
      ? `${where} has nothing with ${listWords(
          unknown.map((w) => `“${plainWords(w)}”`),
          4,
        )}.`
      : "";
  const near = [...new Set(passages.map(citationOf))];
  return `**The knowledge does not say.**${lacking}${near.length > 0 ? ` Nearest, though it may be about something else: ${listWords(near, 3)}.` : ""}`;
}
