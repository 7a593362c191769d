import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";

export const mcp: Command = {
  name: "mcp",
  usage: "[--demo]",
  summary: "Speak MCP on standard input and output, for programs that start their tools themselves",
  details: [
    "--demo   the tools of the simulated company",
    "Reads only. Ends when its input is closed. A running server speaks MCP over HTTP at /mcp.",
  ],
  async run(args, world) {
    const { values } = readArguments(args, { demo: { type: "boolean" } });
    const app = await world.open({ demo: values.demo ?? false });
    try {
      await app.serveMcp({ in: process.stdin, out: process.stdout }, world.stop);
      return 0;
    } finally {
      await app.close();
    }
  },
};
