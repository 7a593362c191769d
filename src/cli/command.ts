import type { App, OpenOptions } from "./app.ts";

/** One line of `firstmate --help`. */
export interface Command {
  name: string;
  /** Arguments as shown in the usage: `"QUESTION" [--json]`. */
  usage: string;
  summary: string;
  /** Lines under the usage in `firstmate NAME --help`. */
  details?: readonly string[];
  /** Gives the exit status: 0 good, 1 failed. Throws WrongUse for arguments that make no sense. */
  run(args: readonly string[], world: World): Promise<number>;
}

/** What a command may touch: the application, opened when needed, and the terminal. */
export interface World {
  open(options: OpenOptions): Promise<App>;
  out(text: string): void;
  err(text: string): void;
  /** Aborts on Ctrl-C and SIGTERM. */
  stop: AbortSignal;
}

/** The command line was wrong: exit status 2 and the usage. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}
