import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { remove, temporaryFolder } from "../kit/app.ts";

/** Supervisors signal npm, and npm the shell between: it must have given way to the program, or the port stays taken and turns are cut off. */

const root = fileURLToPath(new URL("../..", import.meta.url));

it("npm start ends with what it starts, once that has finished", async () => {
  const dataDir = await temporaryFolder();
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("npm", ["start"], { cwd: root, env: { PATH, HOME, DATA_DIR: dataDir, PORT: "0" } });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await expect.poll(() => said, { timeout: 30_000 }).toContain('"msg":"ready"');

  child.kill("SIGTERM");

  expect(await ended).toBe(0);
  expect(said).toContain('"msg":"stopped"');
  await remove(dataDir);
}, 60_000);
