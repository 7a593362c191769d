import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The real program in its own process, as a person starts it, with a data folder of its own and nothing of this environment.
 * FIRSTMATE_PROGRAM names another than the checkout's: the tests then judge an installed package.
 */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NODE = join(ROOT, "node_modules/.bin/node");
const PROGRAM = process.env.FIRSTMATE_PROGRAM ?? join(ROOT, "bin/firstmate.mjs");

export type Environment = Readonly<Record<string, string>>;

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export interface Served {
  /** "http://127.0.0.1:PORT" */
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  /** Every line logged so far. */
  log(): LogLine[];
  /** Resolves with the first line, past or to come, with this message; rejects when the process ends before. */
  logged(message: string): Promise<LogLine>;
  get(path: string, headers?: Environment): Promise<Answered>;
  post(path: string, body?: unknown, headers?: Environment): Promise<Answered>;
  /** Makes a key with the command line, in the same database. */
  key(role: string, ...options: string[]): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** How the process ended. */
  ended: Promise<Outcome>;
  /** SIGTERM, unless it has ended; resolves when it has, and removes a data folder that was made for it. */
  stop(): Promise<Outcome>;
}

export interface LogLine {
  msg: string;
  level: string;
  correlation?: string;
  [field: string]: unknown;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or undefined. Loosely typed: a test says what it expects. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are read by tests that check their shape
  json: any;
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "firstmate-test-"));
}

export function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Runs a command to its end. `input` is what is typed. */
export async function firstmate(
  args: readonly string[],
  options: { env?: Environment; input?: string; dataDir?: string } = {},
): Promise<Outcome> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  try {
    const child = start(args, dataDir, options.env ?? {});
    child.stdin.on("error", () => {
      // It ended without reading all of it.
    });
    child.stdin.end(options.input ?? "");
    return await outcomeOf(child);
  } finally {
    if (options.dataDir === undefined) await remove(dataDir);
  }
}

/** Serves; resolves when it says that it is ready. Rejects with what it said when it ends instead. */
export async function serve(options: { args?: readonly string[]; env?: Environment; dataDir?: string } = {}): Promise<Served> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const child = start(["serve", ...(options.args ?? ["--demo"])], dataDir, { PORT: "0", ...options.env });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => JSON.parse(line) as LogLine));
    for (const look of waiting) look();
  });
  const ended = outcomeOf(child);
  const logged = (message: string) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = () => {
        const found = lines.find((line) => line.msg === message);
        if (found) resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(({ code, err }) => reject(new Error(`ended with ${code} before “${message}”: ${err}${JSON.stringify(lines)}`)));
    });
  const url = String((await logged("ready")).url);
  const call = async (path: string, init: RequestInit) => readAnswer(await fetch(`${url}${path}`, init));
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    dataDir,
    log: () => [...lines],
    logged,
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) =>
      call(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    async key(role, ...more) {
      const demo = options.args === undefined || options.args.includes("--demo") ? ["--demo"] : [];
      const { out, err } = await firstmate(["key", "create", "--role", role, ...demo, ...more], {
        dataDir,
        ...(options.env ? { env: options.env } : {}),
      });
      const secret = out.trim().split(/\s+/).at(-1);
      if (!secret?.startsWith("fm_")) throw new Error(`no key: ${out}${err}`);
      return secret;
    },
    signal: (name) => void child.kill(name),
    ended,
    async stop() {
      child.kill("SIGTERM");
      const outcome = await ended;
      if (options.dataDir === undefined) await remove(dataDir);
      return outcome;
    },
  };
}

function start(args: readonly string[], dataDir: string, env: Environment): ChildProcessWithoutNullStreams {
  const { PATH = "", HOME = "" } = process.env;
  // Started in its data folder, where there is no firstmate.yaml.
  return spawn(NODE, [PROGRAM, ...args], { cwd: dataDir, env: { PATH, HOME, DATA_DIR: dataDir, ...env } });
}

function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}

async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
