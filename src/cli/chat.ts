import { createTerminalChannel } from "../channels/terminal/index.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";

export const chat: Command = {
  name: "chat",
  usage: "[--demo]",
  summary: "Talk to the bot in this terminal",
  details: ["Follow-ups remember the conversation. “/maths” shows the receipts of the last answer, “/new” starts afresh, Ctrl-D ends."],
  async run(args, world) {
    const { values } = readArguments(args, { demo: { type: "boolean" } });
    const app = await world.open({ demo: values.demo ?? false });
    const channel = createTerminalChannel({
      input: process.stdin,
      output: process.stdout,
      ...(process.stderr.isTTY ? { status: (text: string) => world.err(`  ${text}`) } : {}),
      user: app.localUser,
      newId: () => app.newId(),
      now: () => app.now(),
    });
    world.stop.addEventListener("abort", () => void channel.stop(), { once: true });
    try {
      await channel.start(app.handle);
      await channel.ended;
      return 0;
    } finally {
      await channel.stop();
      await app.close();
    }
  },
};
