import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** One file of the page, in memory. */
export interface Asset {
  body: Buffer;
  /** Content type with its charset. */
  type: string;
  /** Strong validator, quoted, made from the content alone: the same on every replica. */
  etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

/**
 * Reads every file of a known type below `folder`, keyed by its path there with forward slashes.
 * Requests are looked up in this map and never turned into a path, so none can leave the folder.
 */
export async function readAssets(folder: URL): Promise<ReadonlyMap<string, Asset>> {
  const names = await readdir(fileURLToPath(folder), { recursive: true });
  const assets = new Map<string, Asset>();
  for (const name of names.map((path) => path.replaceAll("\\", "/")).sort()) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = await readFile(new URL(name, folder));
    assets.set(name, { body, type, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"` });
  }
  return assets;
}
