import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "rolldown";

/**
 * The sources and the libraries they use as a few hundred files of plain JavaScript, split where they are imported on first use:
 * Node reads one file where a checkout reads hundreds, so it starts sooner and holds less.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = join(ROOT, "src");

/** What stays a package: native code, and what reads files that lie beside it. These are the `dependencies` of package.json. */
export const EXTERNAL = ["sharp", "@duckdb/node-api", "hnswlib-node", "pdf-parse", "@bsull/augurs", "@expo-google-fonts/inter"];

const NAMES = { class: true, function: false };

/** Writes the bundle and the files the sources read to `folder`; gives the packages in it, each as its path in package-lock.json, sorted. */
export async function bundle(folder: string): Promise<string[]> {
  const { output } = await build({
    cwd: ROOT,
    input: { main: "src/main.ts" },
    platform: "node",
    external: EXTERNAL.map((name) => new RegExp(`^${name}(?:/|$)`)),
    plugins: [addresses],
    // Names of classes stay, in both steps: Slack's errors are known by theirs.
    output: {
      dir: folder,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
      minify: { compress: { keepNames: NAMES }, mangle: { keepNames: NAMES }, codegen: true },
    },
    checks: { eval: false },
    logLevel: "warn",
  });
  copyAssets(folder);
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  return [...new Set(modules.flatMap((id) => packageFolder(id) ?? []))].sort();
}

/** A source asks for files beside itself. The assets lie below the bundle as they lay below src/; a worker becomes a file of its own. */
const addresses: Plugin = {
  name: "addresses",
  transform(code, id) {
    if (!id.startsWith(SOURCES) || !code.includes("import.meta.url")) return;
    const withWorkers = code.replaceAll(/new URL\("([^"]+\.ts)", import\.meta\.url\)/g, (_, to: string) => {
      const worker = join(dirname(id), to);
      const fileName = relative(SOURCES, worker).replaceAll("/", "-").replace(/\.ts$/, ".js");
      this.emitFile({ type: "chunk", id: worker, fileName });
      return `new URL("./${fileName}", import.meta.url)`;
    });
    if (withWorkers !== code) return withWorkers;
    return code.replaceAll("import.meta.url", `new URL(${JSON.stringify(`./${relative(SOURCES, id)}`)}, import.meta.url).href`);
  },
};

function copyAssets(folder: string): void {
  for (const entry of readdirSync(SOURCES, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".ts")) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(folder, relative(SOURCES, from));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

/** `node_modules/a/node_modules/b`, wherever the first of them really is. */
function packageFolder(id: string): string | undefined {
  return /node_modules\/.*/.exec(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? "")?.[0];
}
