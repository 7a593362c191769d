import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Fresh processes: starting and memory can only be measured there. Nothing of this environment reaches them. */

export interface Started {
  /** Milliseconds from spawning to the ready line. */
  readyMs: number;
  pid: number;
  /** Where it serves; empty for bare Node. */
  url: string;
  /** SIGTERM; resolves with the exit status when it has ended. */
  stop(): Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

/** Of the checkout. */
export const PROGRAM = fileURLToPath(new URL("../bin/firstmate.mjs", import.meta.url));
const BARE = 'console.log(JSON.stringify({ msg: "ready" })); setInterval(() => {}, 1_000_000)';

export function startBareNode(): Promise<Started> {
  return start(["-e", BARE], process.cwd(), {});
}

/** `firstmate serve` on a free port, as a person starts it. `folder` holds its data and its compile cache. */
export function startServer(args: readonly string[], folder: string, program = PROGRAM): Promise<Started> {
  openFolder(folder);
  return start([program, "serve", ...args], folder, { PORT: "0", DATA_DIR: folder, NODE_COMPILE_CACHE: `${folder}/compile-cache` });
}

/** Makes it where it is missing; gives it back. */
export function openFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** One of the scripts in children/ that serves until it is stopped. */
export function startChild(name: string): Promise<Started> {
  return start([fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))], process.cwd(), {});
}

async function start(args: readonly string[], cwd: string, env: Environment): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH ?? "", ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const line = await readyLine(child, ended);
  const readyMs = performance.now() - begun;
  return {
    readyMs,
    pid: child.pid ?? 0,
    url: line.url ?? "",
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function readyLine(child: ChildProcess, ended: Promise<number | null>): Promise<{ url?: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk;
      const line = said.split("\n").find((text) => text.includes('"msg":"ready"'));
      if (line?.endsWith("}")) resolve(JSON.parse(line));
    });
    ended.then((status) => reject(new Error(`ended with ${status} before it was ready: ${said}`)), reject);
  });
}

/** Memory of the process that is in RAM, in MB (MiB); as Linux counts it. NaN on other systems. */
export function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Runs one of the scripts in children/ to its end; gives the object it prints. */
export async function runChild<T>(name: string, args: readonly string[], folder: string): Promise<T> {
  const script = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url));
  const env = { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: `${folder}/compile-cache` };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: folder, env });
  return JSON.parse(stdout) as T;
}
