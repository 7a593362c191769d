import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { Channel, Delivery, Handler } from "../../core/channel.ts";
import type { User } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import { renderText } from "./render.ts";

export interface TerminalOptions {
  input: Readable;
  output: Writable;
  /** Where the live status goes; nowhere when it is no terminal. */
  status?: (text: string) => void;
  user: User;
  newId(): string;
  now(): Date;
}

export interface TerminalChannel extends Channel {
  /** Resolves when the input has ended and its last line is answered. */
  readonly ended: Promise<void>;
}

const GREETING = "Ask something, or “help”. “/maths” shows where figures come from, “/new” starts afresh, Ctrl-D ends.";
const NEW = "A new conversation: what was said before is not meant any more.";

/** One person at a keyboard, or lines through a pipe: each line is a message, answered before the next is read. */
export function createTerminalChannel(options: TerminalOptions): TerminalChannel {
  const { input, output, newId } = options;
  const stopping = new AbortController();
  const finished = Promise.withResolvers<void>();
  const sent = new Set<string>();
  let conversation = newId();
  let maths = "There is no answer yet.";
  let reading: Promise<void> | undefined;
  const print = (text: string) => void output.write(`${text}\n`);

  async function read(handle: Handler): Promise<void> {
    const terminal = createInterface({ input, output, prompt: "› " });
    let open = true;
    terminal.once("close", () => {
      open = false;
    });
    stopping.signal.addEventListener("abort", () => terminal.close(), { once: true });
    print(GREETING);
    terminal.prompt();
    for await (const line of terminal) {
      await take(line.trim(), handle);
      if (stopping.signal.aborted) break;
      // The input may have ended while the last line of it was answered.
      if (open) terminal.prompt();
    }
    terminal.close();
  }

  async function take(text: string, handle: Handler): Promise<void> {
    if (text === "") return;
    if (text === "/maths") return print(maths);
    if (text === "/new") {
      conversation = newId();
      return print(NEW);
    }
    const message = {
      id: newId(),
      channel: "terminal",
      conversation,
      audience: "direct" as const,
      user: options.user,
      text,
      at: options.now(),
    };
    for await (const reply of handle(message, stopping.signal)) {
      if (reply.final) show(reply);
      else if (reply.status) options.status?.(reply.status);
    }
  }

  function show(reply: Reply): void {
    print(`\n${renderText(reply, { receipts: false })}\n`);
    const { receipts = [], figures = [], turn } = reply;
    const behind: Reply = { text: "", receipts, figures, final: true, ...(turn ? { turn } : {}) };
    maths = renderText(behind, { receipts: true }) || "The last answer has no figures.";
  }

  return {
    name: "terminal",
    ended: finished.promise,
    async start(handle) {
      reading = read(handle).finally(() => finished.resolve());
      reading.catch(finished.reject);
    },
    async send(_conversation, reply, key): Promise<Delivery> {
      if (!sent.has(key)) show(reply);
      sent.add(key);
      return { state: "sent", id: key };
    },
    async stop() {
      stopping.abort();
      await reading?.catch(() => undefined);
    },
  };
}
