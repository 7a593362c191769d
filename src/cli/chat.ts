import { readArguments } from "./arguments.ts";
import { askOnce } from "./ask.ts";
import type { Command } from "./command.ts";
import { renderText } from "./render-text.ts";

export const chat: Command = {
  name: "chat",
  usage: "[--demo]",
  summary: "Talk to the bot in this terminal",
  details: ["Follow-ups remember the conversation. “/maths” shows the receipts of the last answer, “/new” starts afresh, Ctrl-D ends."],
  async run(args, world) {
    const { values } = readArguments(args, { demo: { type: "boolean" } });
    const app = await world.open({ demo: values.demo ?? false });
    const { createInterface } = await import("node:readline/promises");
    const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: "› " });
    let open = true;
    terminal.once("close", () => {
      open = false;
    });
    world.stop.addEventListener("abort", () => terminal.close(), { once: true });
    let conversation = app.newId();
    let maths = "There is no answer yet.";
    world.out("Ask something, or “help”. Ctrl-D ends.");
    terminal.prompt();
    try {
      for await (const line of terminal) {
        const text = line.trim();
        if (text === "/maths") world.out(maths);
        else if (text === "/new") {
          conversation = app.newId();
          world.out("A new conversation: what was said before is not meant any more.");
        } else if (text !== "") {
          const reply = await askOnce(
            app,
            text,
            world.stop,
            conversation,
            (r) => r.status && process.stderr.isTTY && world.err(`  ${r.status}`),
          );
          world.out(`\n${renderText(reply, { receipts: false })}\n`);
          maths = renderText(
            { text: "", receipts: reply.receipts ?? [], final: true, ...(reply.turn ? { turn: reply.turn } : {}) },
            { receipts: true },
          );
        }
        // The input may have ended while the last line of it was answered.
        if (open) terminal.prompt();
      }
      return 0;
    } finally {
      terminal.close();
      await app.close();
    }
  },
};
