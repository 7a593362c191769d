import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reply } from "../core/reply.ts";
import type { App } from "./app.ts";

/** The charts of a reply as chart-1.png …, and the reply as answer.json, in the folder, which is made. */
export async function writeOut(app: App, reply: Reply, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let number = 0;
  for (const block of reply.blocks ?? []) {
    if (block.type !== "chart") continue;
    number += 1;
    await writeFile(join(folder, `chart-${number}.png`), await app.renderPng(block.spec));
  }
  await writeFile(join(folder, "answer.json"), `${JSON.stringify(app.toWire(reply), null, 2)}\n`);
}
