import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KnownDocument, Passage } from "../core/knowledge.ts";
import type { Listed } from "./sources.ts";
import type { Vectors } from "./vectors.ts";

/**
 * The index on disk: a folder per generation, written whole, and a file that names the current one, replaced by rename.
 * A crash at any moment leaves the generation before. Whatever cannot be read is as if it were not there: it is made anew.
 */
export interface SavedIndex {
  format: number;
  /** Name of the embedder. */
  embedder: string;
  dimension: number;
  vectors: Vectors["kind"];
  /** Labels in the order the vectors were written. */
  labels: readonly number[];
  documents: readonly IndexedDocument[];
}

export interface IndexedDocument extends Listed, Pick<KnownDocument, "title" | "problem"> {
  passages: readonly IndexedPassage[];
}

export interface IndexedPassage extends Pick<Passage, "headings" | "page" | "text"> {
  hash: string;
  label: number;
  /** Its vector could not be made yet. */
  pending?: true;
}

export const FORMAT = 1;
const TRIES = 3;

/** The generation now current, or undefined. */
export async function currentGeneration(folder: string): Promise<string | undefined> {
  try {
    const name = (await readFile(join(folder, "current"), "utf8")).trim();
    return /^[\w-]{1,60}$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the current generation through `open`; another process may replace it meanwhile. */
export async function readCurrent<T>(
  folder: string,
  open: (saved: SavedIndex, at: string) => Promise<T>,
): Promise<{ generation: string; opened: T } | undefined> {
  for (let i = 0; i < TRIES; i++) {
    const generation = await currentGeneration(folder);
    if (generation === undefined) return undefined;
    try {
      const at = join(folder, generation);
      const saved = JSON.parse(await readFile(join(at, "index.json"), "utf8")) as SavedIndex;
      return saved.format === FORMAT ? { generation, opened: await open(saved, at) } : undefined;
    } catch {
      if ((await currentGeneration(folder)) === generation) return undefined;
    }
  }
  return undefined;
}

/** Writes a generation and makes it the current one. Gives its name. */
export async function writeGeneration(
  folder: string,
  vectors: Vectors,
  index: Omit<SavedIndex, "format" | "labels" | "vectors">,
): Promise<string> {
  const generation = randomUUID();
  const at = join(folder, generation);
  await mkdir(at, { recursive: true });
  const labels = await vectors.save(at);
  const saved: SavedIndex = { format: FORMAT, ...index, vectors: vectors.kind, labels };
  await writeFile(join(at, "index.json"), JSON.stringify(saved), { flush: true });
  const aside = join(folder, `current.${generation}`);
  await writeFile(aside, `${generation}\n`, { flush: true });
  await rename(aside, join(folder, "current"));
  await dropOlder(folder, generation);
  return generation;
}

/**
 * Removes older generations, and what a crash left: half written, or whole and with words that were deleted since. What is younger than
 * the current one may be another process at work.
 */
export async function dropOlder(folder: string, current: string): Promise<void> {
  const since = await begunAt(join(folder, current));
  for (const name of await readdir(folder)) {
    if (name === current || !/^(?:current\.)?[\da-f]{8}-[\da-f-]{27}$/.test(name)) continue;
    const at = join(folder, name);
    if ((await begunAt(at)) <= since) await rm(at, { recursive: true, force: true });
  }
}

/** Milliseconds; 0 for what is gone meanwhile. */
async function begunAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}
