import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A second process on the same database. */
export interface Child {
  /** Resolves with the next line that begins so; rejects when the process ends before. */
  line(beginning: string): Promise<string>;
  say(line: string): void;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): void;
  /** The exit status; null after a kill. */
  ended: Promise<number | null>;
}

const SCRIPT = fileURLToPath(new URL("./store-process.ts", import.meta.url));

/** Runs one of the jobs in store-process.ts in a real process. */
export function startChild(job: string, ...parameters: string[]): Child {
  const child = spawn(process.execPath, [SCRIPT, job, ...parameters], { stdio: ["pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  const waiting: { beginning: string; resolve(line: string): void; reject(error: Error): void }[] = [];
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (status) => {
      for (const { beginning, reject } of waiting)
        reject(new Error(`the process ended (${status}) before it said “${beginning}”: ${errors}`));
      resolve(status);
    });
  });
  const settle = () => {
    for (const waiter of [...waiting]) {
      const found = lines.findIndex((line) => line.startsWith(waiter.beginning));
      if (found < 0) continue;
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve(lines.splice(found, 1)[0] ?? "");
    }
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    settle();
  });
  return {
    line: (beginning) =>
      new Promise((resolve, reject) => {
        waiting.push({ beginning, resolve, reject });
        settle();
      }),
    say: (line) => child.stdin.write(`${line}\n`),
    kill: () => child.kill("SIGKILL"),
    ended,
  };
}
