import { createHash } from "node:crypto";
import type { LoadedDocument, Section } from "./sources.ts";

/** A passage before it belongs to a document. */
export interface Chunk {
  headings: readonly string[];
  page?: number;
  text: string;
  /** Of what is searched: equal hashes have equal vectors. */
  hash: string;
}

/** Characters of one passage: a screenful, and little enough that three of them leave room for an answer. */
const CHUNK_SIZE = 1_400;
const OVERLAP = 120;
/** A section that is only a little longer stays whole: its end alone would be a passage that says nothing. */
const STILL_WHOLE = 1_600;

/** One passage per section; longer ones are cut at paragraphs, then sentences, into pieces of about one size with a little overlap. */
export async function chunkDocument({ title, sections }: LoadedDocument): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (const section of sections) {
    for (const text of await split(section.text)) {
      const { headings, page } = section;
      const chunk = { headings, text, ...(page === undefined ? {} : { page }) };
      chunks.push({ ...chunk, hash: createHash("sha256").update(searchText(title, chunk)).digest("base64url") });
    }
  }
  return chunks;
}

/** What is searched: the headings count twice, since they say what the passage is about. */
export function searchText(title: string, { headings, text }: Pick<Section, "headings" | "text">): string {
  const path = headings.at(-1) ?? title;
  return `${title}\n${headings.join("\n")}\n${path}\n${text}`;
}

async function split(text: string): Promise<string[]> {
  if (text.length <= STILL_WHOLE) return [text];
  const { RecursiveCharacterTextSplitter } = await import("@langchain/textsplitters");
  const even = Math.ceil(text.length / Math.ceil(text.length / CHUNK_SIZE)) + OVERLAP;
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: Math.min(CHUNK_SIZE, even),
    chunkOverlap: OVERLAP,
    separators: ["\n\n", "\n", ". ", " ", ""],
  });
  return (await splitter.splitText(text)).map((piece) => withTableHead(piece, text));
}

const MOST_HEAD = 300;
const TABLE_LINE = /^\s*\|.*\|\s*$/;

/** A piece that begins inside a table begins with the head of that table: rows without it are riddles. */
function withTableHead(piece: string, text: string): string {
  if (!TABLE_LINE.test(piece.split("\n")[0] ?? "")) return piece;
  const before = text
    .slice(0, Math.max(0, text.indexOf(piece)))
    .split("\n")
    .slice(0, -1);
  const first = before.findLastIndex((line) => !TABLE_LINE.test(line)) + 1;
  const head = before.slice(first, first + 2);
  const words = head.join("\n");
  return head.length === 2 && words.length <= MOST_HEAD ? `${words}\n${piece}` : piece;
}
