import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * dist/: the same files as src/ as plain JavaScript, line for line, for the npm package: Node runs no TypeScript below node_modules.
 * npm-shrinkwrap.json gives whoever installs it the versions and overrides of this checkout. `--remove` takes both away again.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist");
const lock = join(root, "npm-shrinkwrap.json");

rmSync(target, { recursive: true, force: true });
rmSync(lock, { force: true });
if (!process.argv.includes("--remove")) build();

function build(): void {
  process.removeAllListeners("warning"); // That stripping types is young is known to whoever runs TypeScript this way.
  for (const entry of readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(target, from.slice(join(root, "src").length));
    mkdirSync(dirname(to), { recursive: true });
    if (entry.name.endsWith(".ts")) writeFileSync(to.replace(/\.ts$/, ".js"), toJavaScript(readFileSync(from, "utf8")));
    else copyFileSync(from, to);
  }
  copyFileSync(join(root, "package-lock.json"), lock);
}

/** Types become spaces, and our own addresses ("./a.ts") end in .js. */
function toJavaScript(text: string): string {
  return stripTypeScriptTypes(text).replaceAll(/"(\.{1,2}\/[^"\s]+)\.ts"/g, '"$1.js"');
}
