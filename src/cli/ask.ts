import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderText } from "../channels/terminal/render.ts";
import type { Reply } from "../core/reply.ts";
import type { App } from "./app.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

export const ask: Command = {
  name: "ask",
  usage: '"QUESTION" [--json] [--out DIR] [--maths] [--demo]',
  summary: "Ask one question and print the answer",
  details: [
    "--json    print the answer object of the REST API",
    "--out DIR write the charts as PNG and the answer as JSON into DIR",
    "--maths   show where each figure comes from",
    "--demo    ask the simulated company",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      json: { type: "boolean" },
      out: { type: "string" },
      maths: { type: "boolean" },
      demo: { type: "boolean" },
    });
    const question = positionals.join(" ");
    if (question.trim() === "") throw new WrongUse("There is no question.");
    const app = await world.open({ demo: values.demo ?? false });
    try {
      const reply = await askOnce(app, question, world.stop);
      if (values.out) await writeOut(app, reply, values.out);
      world.out(values.json ? JSON.stringify(app.toWire(reply), null, 2) : renderText(reply, { receipts: values.maths ?? false }));
      return world.stop.aborted || reply.failed ? 1 : 0;
    } finally {
      await app.close();
    }
  },
};

export async function askOnce(
  app: App,
  question: string,
  signal: AbortSignal,
  conversation = app.newId(),
  onReply: (reply: Reply) => void = () => {},
): Promise<Reply> {
  let last: Reply | undefined;
  const message = {
    id: app.newId(),
    channel: "terminal",
    conversation,
    audience: "direct" as const,
    user: app.localUser,
    text: question,
    at: app.now(),
  };
  for await (const reply of app.handle(message, signal)) {
    last = reply;
    onReply(reply);
  }
  return last ?? { text: "", final: true };
}

async function writeOut(app: App, reply: Reply, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let number = 0;
  for (const block of reply.blocks ?? []) {
    if (block.type !== "chart") continue;
    number += 1;
    await writeFile(join(folder, `chart-${number}.png`), await app.renderPng(block.spec));
  }
  await writeFile(join(folder, "answer.json"), `${JSON.stringify(app.toWire(reply), null, 2)}\n`);
}
