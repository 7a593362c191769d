import { processSources } from "../config/index.ts";
import { closest } from "../core/text.ts";
import { explainError, isForeseen } from "../errors.ts";
import type { App, OpenOptions } from "./app.ts";
import { type Command, WrongUse } from "./command.ts";

/** Finds and runs a command; gives the exit status: 0 good, 1 failed, 2 wrong use. */
export async function runCommand(
  commands: readonly Command[],
  args: readonly string[],
  open: (options: OpenOptions) => Promise<App>,
): Promise<number> {
  // Whoever reads us may stop reading: “firstmate … | head”.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const out = (text: string) => void process.stdout.write(`${text}\n`);
  const err = (text: string) => void process.stderr.write(`${text}\n`);
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    out(overview(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((c) => c.name === name || c.name === name.replaceAll("_", "-"));
  if (!command) {
    const near = closest(
      name,
      commands.map((c) => c.name),
    );
    err(`There is no command “${name}”.${near ? ` Did you mean “${near}”?` : ""} See firstmate --help.`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    out(
      [
        `firstmate ${command.name} ${command.usage}`.trim(),
        "",
        command.summary,
        ...(command.details ?? []).map((line) => `  ${line}`),
      ].join("\n"),
    );
    return 0;
  }
  try {
    return await command.run(rest, { open, out, err, stop: stopSignal() });
  } catch (error) {
    return explain(command, error, err);
  }
}

/** npm hands a Ctrl-C on that the terminal has sent already: within this time it is the same one. */
const SAME_KEY_PRESS_MS = 250;

/** Aborts at the first Ctrl-C or SIGTERM; one more ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let stoppedAt = 0;
  const end = (signal: "SIGINT" | "SIGTERM") => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      stop.abort();
    } else if (performance.now() - stoppedAt > SAME_KEY_PRESS_MS) process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  return stop.signal;
}

function explain(command: Command, error: unknown, err: (text: string) => void): number {
  if (error instanceof WrongUse) {
    err(`${error.message}\nUsage: firstmate ${command.name} ${command.usage}`);
    return 2;
  }
  if (isForeseen(error)) err(explainError(error));
  else if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
    err("The port is in use. Stop the other program, or set PORT to another number (0 picks a free one).");
  else if (["EACCES", "EADDRNOTAVAIL", "ENOTFOUND"].includes(String((error as NodeJS.ErrnoException).code)))
    err(`Cannot open the port or file (${(error as NodeJS.ErrnoException).code}). Check HOST, PORT and the path.`);
  else if (typeof (error as NodeJS.ErrnoException).path === "string" && (error as NodeJS.ErrnoException).code)
    err(`Cannot open or write ${(error as NodeJS.ErrnoException).path} (${(error as NodeJS.ErrnoException).code}). Check the path.`);
  else {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    err(`Something went wrong on our side: ${message}`);
    err(
      processSources().environment.LOG_LEVEL === "debug"
        ? (stack ?? "")
        : "With LOG_LEVEL=debug it says where; that is what a report of it needs.",
    );
  }
  return 1;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  return [
    "Usage: firstmate COMMAND [OPTIONS]",
    "",
    ...commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`),
    "",
    "firstmate COMMAND --help says more. The settings are listed in .env.example.",
  ].join("\n");
}
