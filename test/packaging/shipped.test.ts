import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXTERNAL } from "../../scripts/bundle.ts";
import { copiedInLastStage } from "./dockerfile.ts";
import { installProduction } from "./production-packages.ts";

/** What is shipped, as a stranger has it: the bundle among the packages of a production install, and no source. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const node = join(root, "node_modules/.bin/node");

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-shipped-"));
  await pack();
  installAsPackage();
  layOutAsImage();
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packing makes dist/ beside the sources: from a copy, so that nothing in the checkout moves. */
async function pack(): Promise<void> {
  const copy = join(folder, "copy");
  mkdirSync(copy);
  const copyAll = `git ls-files -co --exclude-standard -z | xargs -0 sh -c 'cp --parents -f "$@" "${copy}" 2>/dev/null || true' sh`;
  await run("sh", ["-c", copyAll], { cwd: root });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder, npm_config_update_notifier: "false" };
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy, env });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  mkdirSync(join(folder, "package"));
  await run("tar", ["xzf", join(folder, `firstmate-${version}.tgz`), "-C", folder]);
}

/** Below node_modules, where Node runs no TypeScript. */
function installAsPackage(): void {
  installProduction(join(folder, "elsewhere"));
  cpSync(join(folder, "package"), join(folder, "elsewhere/node_modules/firstmate"), { recursive: true });
}

function layOutAsImage(): void {
  const app = join(folder, "app");
  for (const name of copiedInLastStage()) cpSync(join(root, name), join(app, name), { recursive: true });
  cpSync(join(folder, "package/dist"), join(app, "dist"), { recursive: true });
  installProduction(app);
}

function firstmate(program: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production", DATA_DIR: join(folder, "data") };
  return run(node, [join(folder, program), ...args], { cwd: folder, env }).then(({ stdout }) => stdout);
}

describe.each([
  { what: "the npm package", program: "elsewhere/node_modules/firstmate/bin/firstmate.mjs" },
  { what: "the image", program: "app/bin/firstmate.mjs" },
])("$what", ({ program }) => {
  it("answers, draws and serves the demo's vendors", async () => {
    const stdout = await firstmate(program, "ask", "Which services make up 80% of our cloud cost?", "--demo", "--out", join(folder, "out"));

    expect(stdout).toMatch(/make up 80% of cost/);
    expect(readFileSync(join(folder, "out/chart-1.png")).subarray(1, 4).toString()).toBe("PNG");
    rmSync(join(folder, "out"), { recursive: true });
  }, 120_000);

  it("finds its pages, its manifests and its version", async () => {
    expect(await firstmate(program, "knowledge", "search", "goods receipt")).toMatch(/inbound/i);
    expect(await firstmate(program, "manifest", "slack", "--socket")).toContain('"socket_mode_enabled": true');
    expect(await firstmate(program, "--version")).toMatch(/^\d+\.\d+\.\d+/);
  }, 60_000);

  it("reads a bill of one's own", async () => {
    writeFileSync(join(folder, "sales.csv"), "region,amount\nnorth,80\nsouth,20\n");

    expect(
      await firstmate(program, "analyze", "pareto", "--in", join(folder, "sales.csv"), "--by", "region", "--measure", "amount"),
    ).toMatch(/north/);
  }, 60_000);
});

describe("the package", () => {
  it("holds the versions it was tested with, the licences and a list of its parts, and no sources", () => {
    const names = readdirSync(join(folder, "package"));
    const read = (path: string) => readFileSync(join(folder, "package", path), "utf8");
    const parts = (JSON.parse(read("dist/sbom.cdx.json")) as { components: { name: string; purl: string }[] }).components;

    expect(names).toContain("npm-shrinkwrap.json");
    expect(names.filter((name) => /^(src|test|scripts|\.env.*)$/.test(name))).toEqual([]);
    expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(["zod", "vega", "botbuilder", "sharp", "@aws-sdk/client-ec2"]));
    expect(parts.map(({ name }) => name)).not.toContain("vitest");
    expect(read("dist/LICENSES.txt")).toMatch(/Permission is hereby granted/);
  });

  it("keeps the names of errors, by which Slack's are told apart", () => {
    const dist = join(folder, "package/dist");
    const code = readdirSync(dist).flatMap((name) => (name.endsWith(".js") ? [readFileSync(join(dist, name), "utf8")] : []));

    expect(code.join("\n")).toMatch(/\bWebAPIPlatformError=class\b/);
    expect(code.flatMap((text) => text.match(/\.\w+Error=class extends [\w$.]+\{/g) ?? [])).toEqual([]);
  });

  it("asks for those packages alone that cannot be in the bundle", () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, object>;

    expect(Object.keys({ ...dependencies, ...optionalDependencies }).sort()).toEqual([...EXTERNAL].sort());
    expect(existsSync(join(folder, "elsewhere/node_modules/zod"))).toBe(false);
  });
});
