import type { Reply } from "../../core/reply.ts";

/** What a running turn shows: statuses, and a text that only grows. */
export interface Progress {
  /** All text shown so far. */
  readonly text: string;
  /** Shows what is being done now. */
  status(words: string): void;
  /** A new message of the model begins: its text starts a new paragraph. */
  paragraph(): void;
  /** True when text came since the last paragraph began. */
  readonly said: boolean;
  write(piece: string): void;
  /** No more will come. Safe to call twice; what is written afterwards is ignored. */
  end(): void;
  /** The replies, for one reader. A slow reader gets fewer and longer texts, never a missing status. */
  replies(): AsyncGenerator<Reply>;
}

export function createProgress(): Progress {
  const queue: Reply[] = [];
  let text = "";
  let said = false;
  let ended = false;
  let wake: () => void = () => {};

  function push(reply: Reply): void {
    const last = queue.at(-1);
    if (last && last.status === undefined && reply.status === undefined) queue[queue.length - 1] = reply;
    else queue.push(reply);
    wake();
  }

  return {
    get text() {
      return text;
    },
    get said() {
      return said;
    },
    status(words) {
      if (!ended) push({ status: words, text, final: false });
    },
    paragraph() {
      said = false;
    },
    write(piece) {
      // Blank text is no answer: a paragraph begins with its first word.
      const delta = said ? piece : piece.trimStart();
      if (ended || delta === "") return;
      if (!said && text !== "" && !text.endsWith("\n\n")) text += "\n\n";
      said = true;
      text += delta;
      push({ text, final: false });
    },
    end() {
      ended = true;
      wake();
    },
    async *replies() {
      for (;;) {
        const next = queue.shift();
        if (next) yield next;
        else if (ended) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}
