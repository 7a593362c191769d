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
export const CHUNK_SIZE = 1_400;
const OVERLAP = 120;

/** One passage per section; longer ones are cut at paragraphs, then sentences, with a little overlap. */
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
  if (text.length <= CHUNK_SIZE) return [text];
  const { RecursiveCharacterTextSplitter } = await import("@langchain/textsplitters");
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: CHUNK_SIZE,
    chunkOverlap: OVERLAP,
    separators: ["\n\n", "\n", ". ", " ", ""],
  });
  return splitter.splitText(text);
}
