import type { Readable } from "node:stream";
import { UserError } from "../../errors.ts";
import type { Interviewee } from "./interview.ts";

/** A person at the terminal, or lines from `input`. What is asked goes to `write`; a secret is not shown as it is typed. */
export async function openTerminal(
  input: Readable & { isTTY?: boolean },
  write: (text: string) => void,
  stop: AbortSignal,
): Promise<Interviewee & { close(): void }> {
  const { createInterface } = await import("node:readline");
  const { Writable } = await import("node:stream");
  let isHidden = false;
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) write(chunk.toString());
      done();
    },
  });
  const terminal = input.isTTY === true;
  const lines = createInterface({ input, output: shown, terminal });
  // An iterator, since lines that come at once would be lost between two questions.
  const answers = lines[Symbol.asyncIterator]();
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const stopped = new Promise<never>((_, reject) => stop.addEventListener("abort", () => reject(nobody()), { once: true }));
  stopped.catch(() => {});
  return {
    async ask(question, secret = false) {
      write(`${question}: `);
      isHidden = secret;
      const { value, done } = await Promise.race([answers.next(), stopped]);
      isHidden = false;
      if (secret || !terminal) write("\n");
      if (done) throw nobody();
      return value.trim();
    },
    tell: (line) => write(`${line}\n`),
    close: () => lines.close(),
  };
}

function nobody(): UserError {
  return new UserError("The answers ended before the questions. Nothing was written.");
}
