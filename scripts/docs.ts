import { readFileSync, writeFileSync } from "node:fs";
import { documents } from "./documents.ts";

/** Writes the generated documents; with --check only says which are stale and exits 1 when any is. */
const check = process.argv.includes("--check");
const stale: string[] = [];
for (const { path, content } of documents()) {
  const url = new URL(`../${path}`, import.meta.url);
  const current = read(url);
  if (current === content) continue;
  if (check) stale.push(path);
  else {
    writeFileSync(url, content);
    console.log(`wrote ${path}`);
  }
}
if (stale.length > 0) {
  console.error(`Stale: ${stale.join(", ")}. Run “npm run docs”.`);
  process.exitCode = 1;
}

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return undefined;
  }
}
