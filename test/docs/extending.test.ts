import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startVendorServer } from "../kit/vendor-server.ts";
import { blocksOf } from "./blocks.ts";

/** docs/extending.md, followed to the letter in a copy of the sources: its files, the line in each list, its commands. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const blocks = blocksOf(readFileSync(join(root, "docs/extending.md"), "utf8"));
const sources = blocks.flatMap(({ code }) => /^\/\/ ((?:src|test)\S+\.ts)$/m.exec(code)?.[1] ?? []);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-extending-"));
  const copied = ["package.json", "tsconfig.json", "vitest.config.ts", "bin", "src", "knowledge", "skills", "manifest", "scripts", "docs"];
  for (const name of [...copied, "README.md", "test/kit", "test/tools"]) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ["node_modules", "bench"]) symlinkSync(join(root, name), join(folder, name));
  for (const { code } of blocks) {
    const [, path, rest = ""] = /^(?:\/\/|<!--) (\S+\.(?:ts|md))(?: -->)?\n([\s\S]*)$/.exec(code) ?? [];
    if (!path) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${rest}\n`);
  }
  const entry =
    blocks
      .find(({ code }) => code.startsWith("// src/channels/index.ts"))
      ?.code.split("\n")
      .slice(1)
      .join("\n") ?? "";
  edit(
    "src/tools/index.ts",
    'import { averageDay } from "./average-day.ts";',
    /(export const tools\b[^=]*= \[)/,
    "$1 averageDay as unknown as Tool,",
  );
  edit("src/digests/index.ts", 'import { savingsDigest } from "./savings.ts";', /(export const digests\b[^=]*= \[)/, "$1 savingsDigest,");
  edit(
    "src/integrations/index.ts",
    'import { shipyard } from "./shipyard/index.ts";',
    /(export const integrations\b[^=]*= \[)/,
    "$1 shipyard,",
  );
  edit("src/channels/index.ts", "", /(export const channelKinds\b[^=]*= \[)/, `$1\n${entry}`);
  const channels = join(folder, "src/channels/index.ts");
  writeFileSync(channels, readFileSync(channels, "utf8").replace('import type { z } from "zod";', 'import { z } from "zod";'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function edit(path: string, line: string, place: RegExp, text: string): void {
  const before = readFileSync(join(folder, path), "utf8");
  const after = `${line}\n${before.replace(place, text)}`;
  expect(after, path).toContain(text.replace("$1", "").trim());
  writeFileSync(join(folder, path), after);
}

/** The commands below a heading, as they stand. */
async function follow(heading: string): Promise<string> {
  const code = blocks.filter((block) => block.language === "sh" && block.heading === heading).map((block) => block.code);
  const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder, DATA_DIR: join(folder, "data") };
  const { stdout } = await run("sh", ["-euc", code.join("\n")], { cwd: folder, env });
  return stdout;
}

describe("docs/extending.md", () => {
  it("compiles", async () => {
    const config = { extends: "./tsconfig.json", include: sources };
    writeFileSync(join(folder, "tsconfig.docs.json"), JSON.stringify(config));

    await expect(
      run(join(root, "node_modules/.bin/tsc"), ["--noEmit", "-p", "tsconfig.docs.json"], { cwd: folder }),
    ).resolves.toBeDefined();
  }, 120_000);

  it("passes the lint of the gate as it stands", async () => {
    const lint = ["check", "--error-on-warnings", `--config-path=${root}`, ...sources];

    await expect(run(join(root, "node_modules/.bin/biome"), lint, { cwd: folder })).resolves.toBeDefined();
  });

  it("makes a tool that answers by its name and by a question", async () => {
    const out = await follow("Write a tool");

    expect(out).toMatch(/An average day of the last 7 cost \$[\d,.]+/);
    expect(out).toMatch(/An average day of the last 30 cost \$[\d,.]+/);
  }, 240_000);

  it("makes a digest that can be composed", async () => {
    expect(await follow("Write a digest")).toMatch(/Savings[\s\S]+\$/);
  }, 120_000);

  it("makes a coach that answers from its page and cites it", async () => {
    expect(await follow("Write a coach, a page or a skill")).toMatch(/On-call coach[\s\S]+09:00[\s\S]+Handover/i);
  }, 120_000);

  it("has the ten lines of the README", () => {
    const page = blocks.find(({ code }) => code.startsWith("// src/integrations/shipyard/index.ts"))?.code ?? "";
    const shown = blocksOf(readFileSync(join(root, "README.md"), "utf8")).filter(({ language }) => language === "ts");

    expect(shown.map(({ code }) => code)).toEqual([page.split("\n").slice(1).join("\n")]);
  });

  it("makes an integration whose deployments the tools know", async () => {
    const at = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const ships = [1, 2, 3].map((n) => ({ id: `s${n}`, service: "checkout", ok: n > 1, at }));
    const vendor = await startVendorServer({ "GET /ships": { json: { ships } } });
    onTestFinished(() => vendor.close());
    const env = {
      PATH: process.env.PATH ?? "",
      DATA_DIR: join(folder, "data"),
      SHIPYARD_URL: vendor.url,
      SHIPYARD_TOKEN: "token-for-a-test",
    };
    const program = (...args: string[]) => run(join(root, "node_modules/.bin/node"), ["bin/firstmate.mjs", ...args], { cwd: folder, env });

    expect((await program("doctor")).stdout).toMatch(/ok +Shipyard: ships can be read/);
    expect((await program("list-deployments", "--period", "last 7 days")).stdout).toMatch(/checkout/);
  }, 120_000);

  it("makes a channel that answers who knows the secret", async () => {
    const env = { PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data"), PORT: "0", PAGER_SECRET: "for-this-test" };
    const child = spawn(join(root, "node_modules/.bin/node"), ["bin/firstmate.mjs", "serve"], { cwd: folder, env });
    onTestFinished(() => void child.kill());
    const url = await new Promise<string>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        const [, found] = /"url":"([^"]+)"/.exec(chunk.toString()) ?? [];
        if (found) resolve(found);
      });
    });
    const send = (secret: string) =>
      fetch(`${url}/pager/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ id: "1", from: "ada", text: "help" }),
      });

    expect((await send("another")).status).toBe(401);
    const answer = await send("for-this-test");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/\w{20,}|cost|ask/i);
  }, 120_000);
});
