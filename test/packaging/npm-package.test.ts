import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The npm package as a stranger has it: below node_modules, where Node runs no TypeScript. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const node = join(root, "node_modules/.bin/node");

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-package-"));
  // Packing makes dist/ beside the sources: from a copy, so that nothing in the checkout moves.
  const copy = join(folder, "copy");
  mkdirSync(copy);
  await run(
    "sh",
    ["-c", `git ls-files -co --exclude-standard -z | xargs -0 sh -c 'cp --parents -f "$@" "${copy}" 2>/dev/null || true' sh`],
    {
      cwd: root,
    },
  );
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder, npm_config_update_notifier: "false" };
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy, env });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const home = join(folder, "elsewhere/node_modules/firstmate");
  mkdirSync(home, { recursive: true });
  await run("tar", ["xzf", join(folder, `firstmate-${version}.tgz`), "--strip-components=1", "-C", home]);
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  program = join(home, "bin/firstmate.mjs");
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the npm package", () => {
  it("holds the versions and overrides it was tested with, and no sources", async () => {
    const { stdout } = await run("find", [join(folder, "elsewhere/node_modules/firstmate"), "-maxdepth", "1"]);

    expect(stdout).toMatch(/npm-shrinkwrap\.json$/m);
    expect(stdout).not.toMatch(/\/src$|\/test$|\.env/m);
  });

  it("answers, draws and serves the demo's vendors from below node_modules", async () => {
    const env = { PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data") };
    const question = "Which services make up 80% of our cloud cost?";
    const { stdout } = await run(node, [program, "ask", question, "--demo", "--out", "out"], { cwd: folder, env });

    expect(stdout).toMatch(/make up 80% of cost/);
    expect(readFileSync(join(folder, "out/chart-1.png")).subarray(1, 4).toString()).toBe("PNG");
  }, 120_000);

  it("reads a bill of one's own", async () => {
    writeFileSync(join(folder, "sales.csv"), "region,amount\nnorth,80\nsouth,20\n");
    const env = { PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data") };
    const args = ["analyze", "pareto", "--in", "sales.csv", "--by", "region", "--measure", "amount"];
    const { stdout } = await run(node, [program, ...args], { cwd: folder, env });

    expect(stdout).toMatch(/north/);
  });
});
