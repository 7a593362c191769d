import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What a start may cost: a library that is imported before the ready line is paid for by everyone, each time. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FIRST_USE = [
  "langchain",
  "@langchain/",
  "@anthropic-ai/sdk",
  "vega",
  "vega-lite",
  "sharp",
  "@duckdb/",
  "pg",
  "pg-boss",
  "jose",
  "@opentelemetry/",
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-startup-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Serves until it is ready, then stops it. Modules in the order of loading, each as its address or Node's own name. */
async function modulesOf(args: readonly string[], env: Record<string, string> = {}): Promise<{ before: string[]; all: string[] }> {
  const command = ["--import", join(ROOT, "test/kit/report-loads.ts"), join(ROOT, "bin/firstmate.mjs"), "serve", ...args];
  const child = spawn(join(ROOT, "node_modules/.bin/node"), command, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", DATA_DIR: folder, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const wasReady = out.includes('"msg":"ready"');
    out += chunk;
    if (!wasReady && out.includes('"msg":"ready"')) child.kill("SIGTERM");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0 || !out.includes('"msg":"ready"')) throw new Error(`serve ended with ${status}: ${err}`);
  const lines = out.split("\n");
  const loads = (some: readonly string[]) => some.flatMap((line) => (line.startsWith("loads ") ? [line.slice("loads ".length)] : []));
  return {
    before: loads(
      lines.slice(
        0,
        lines.findIndex((line) => line.includes('"msg":"ready"')),
      ),
    ),
    all: loads(lines),
  };
}

function ofPackages(modules: readonly string[], names: readonly string[]): string[] {
  return modules.filter((url) => names.some((name) => url.includes(`/node_modules/${name}${name.endsWith("/") ? "" : "/"}`)));
}

describe("before it is ready", () => {
  test("serve loads no library that waits for its first use, no chart and no HTTP client", async () => {
    const { before, all } = await modulesOf([]);

    expect(ofPackages(before, ["kysely"])).not.toEqual([]);
    expect(ofPackages(before, [...FIRST_USE, "yaml"])).toEqual([]);
    expect(before.filter((url) => url.includes("/src/charts/"))).toEqual([]);
    expect(all.filter((name) => name.endsWith("/undici"))).toEqual([]);
  });

  test("the demo loads none either, and reads its description", async () => {
    const { before } = await modulesOf(["--demo"]);

    expect(ofPackages(before, ["yaml"])).not.toEqual([]);
    expect(ofPackages(before, FIRST_USE)).toEqual([]);
  });

  test("a key for the model does not bring its libraries in yet", async () => {
    const { before } = await modulesOf([], { ANTHROPIC_API_KEY: "sk-ant-not-a-real-key" });

    expect(before.some((url) => url.endsWith("/src/agent/model/index.ts"))).toBe(true);
    expect(ofPackages(before, FIRST_USE)).toEqual([]);
  });
});
