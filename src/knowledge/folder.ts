import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cleanText } from "./clean.ts";
import { type DocumentSource, type Listed, type LoadedDocument, Unreadable } from "./sources.ts";

const KINDS = /\.(?:md|markdown|txt|text|pdf|docx)$/i;
const MOST_BYTES = 50 * 1_048_576;
/** Of what is text through and through: a long book has 2 MB, and each megabyte makes 800 passages to keep in memory. */
const MOST_TEXT = 10 * 1_048_576;
const MOST_FILES = 5_000;
const DEEPEST = 8;

/**
 * The documents below a folder; its first-level folders are the parts. Hidden files and links are left out: a link could lead anywhere.
 * A folder that is not there is empty; one that may not be read throws Unreadable. `name` tells it from other folders.
 */
export function folderSource(folder: string, name = "documents"): DocumentSource {
  return {
    name,
    async list(signal) {
      const found: Listed[] = [];
      await collect(folder, "", found, signal);
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async read({ key, document }) {
      return loadFile(join(folder, key.slice(name.length + 1)), document);
    },
    remark(documents) {
      // Most often a name written wrongly.
      if (documents === 0) return `${name} holds no document (markdown, text, PDF or Word)`;
      return documents < MOST_FILES ? undefined : `${name} holds more than ${MOST_FILES} documents; the others are not searched`;
    },
  };

  async function collect(at: string, below: string, found: Listed[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const entry of await entriesOf(at)) {
      if (entry.name.startsWith(".") || found.length >= MOST_FILES) continue;
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory() && path.split("/").length < DEEPEST) await collect(join(at, entry.name), path, found, signal);
      else if (entry.isFile() && KINDS.test(entry.name) && !/^readme\.md$/i.test(path)) {
        const { size, mtimeMs } = await lstat(join(at, entry.name));
        const part = path.includes("/") ? (path.split("/")[0] ?? "general") : "general";
        found.push({ key: `${name}:${path}`, part: cleanText(part), document: cleanText(path), stamp: `${size}:${Math.round(mtimeMs)}` });
      }
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Unreadable("a folder cannot be opened: check who may read it");
  }
}

/** Throws Unreadable. */
export async function loadFile(path: string, name: string): Promise<LoadedDocument> {
  const kind = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  const bytes = await readLimited(path, kind === "pdf" || kind === "docx" ? MOST_BYTES : MOST_TEXT);
  if (kind === "pdf") return (await import("./load-pdf.ts")).loadPdf(bytes, name);
  if (kind === "docx") return (await import("./load-word.ts")).loadWord(bytes, name);
  const { loadMarkdown, loadText } = await import("./load-markdown.ts");
  const text = decode(bytes);
  return kind?.startsWith("t") ? loadText(text, name) : loadMarkdown(text, name);
}

async function readLimited(path: string, most: number): Promise<Buffer> {
  try {
    if ((await lstat(path)).size > most) throw new Unreadable(`it is larger than ${most / 1_048_576} MB: split it`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("it cannot be read: check who may read the file");
  }
}

function decode(bytes: Buffer): string {
  if (bytes.includes(0)) throw new Unreadable("it is not text: save it as UTF-8");
  const text = new TextDecoder("utf-8").decode(bytes);
  return text.includes("\ufffd") ? new TextDecoder("windows-1252").decode(bytes) : text;
}
