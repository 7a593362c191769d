import { renderText } from "../channels/terminal/render.ts";
import type { Composed } from "../core/digest.ts";
import type { App } from "./app.ts";
import { instantOf, readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";
import { writeOut } from "./write-out.ts";

const COMPOSE_MS = 120_000;

export const digest: Command = {
  name: "digest",
  usage: "list | run NAME [--at ISO] [--dry-run] [--out DIR] [--json] [--demo]",
  summary: "Show the digests and what is subscribed, or compose one now",
  details: [
    "run NAME  a digest (cost) is composed and printed; a subscription, by its id, is also posted",
    "--at ISO  as if it were then, posted nowhere: 2026-11-20T09:00:00Z",
    "--dry-run print it and post it nowhere",
    "--out DIR write the charts as PNG and the digest as JSON into DIR",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      at: { type: "string" },
      "dry-run": { type: "boolean" },
      out: { type: "string" },
      json: { type: "boolean" },
      demo: { type: "boolean" },
    });
    const [action = "", name, ...rest] = positionals;
    if (!["list", "run"].includes(action) || rest.length > 0) throw new WrongUse("Say list, or run and a name.");
    if (action === "run" && name === undefined) throw new WrongUse("Which digest? `firstmate digest list` shows them.");
    const at = values.at === undefined ? undefined : instantOf(values.at);
    const app = await world.open({ demo: values.demo ?? false });
    try {
      if (action === "list") return await list(app, world, values.json ?? false);
      return await run(app, world, { name: name ?? "", at, dry: values["dry-run"] ?? false, json: values.json ?? false, out: values.out });
    } finally {
      await app.close();
    }
  },
};

async function list(app: App, world: World, json: boolean): Promise<number> {
  const desk = await app.digests();
  const kinds = await desk.kinds();
  const subscriptions = await desk.list();
  if (json) {
    world.out(JSON.stringify({ digests: kinds, subscriptions }, null, 2));
    return 0;
  }
  for (const { name, title, summary, schedule } of kinds) world.out(`${name.padEnd(10)} ${title}: ${summary} Usually ${schedule}.`);
  world.out(subscriptions.length === 0 ? "\nNothing is subscribed. In a chat: /digest add cost every weekday at 9:00" : "");
  for (const s of subscriptions) world.out(`${s.id}  ${s.words}`);
  return 0;
}

interface RunOptions {
  name: string;
  at: Date | undefined;
  dry: boolean;
  json: boolean;
  out: string | undefined;
}

async function run(app: App, world: World, { name, at, dry, json, out }: RunOptions): Promise<number> {
  const desk = await app.digests();
  const signal = AbortSignal.any([world.stop, AbortSignal.timeout(COMPOSE_MS)]);
  const composed = await desk.preview(name, at ?? app.now(), app.localUser.timeZone, signal);
  const subscribed = dry || at ? undefined : (await desk.list()).find(({ id }) => id === name);
  if (subscribed) await desk.run(subscribed.id);
  if (out) await writeOut(app, composed.reply, out);
  world.out(json ? JSON.stringify(app.toWire(composed.reply), null, 2) : textOf(composed));
  if (subscribed) world.err("Queued: the serving bot posts one to its place within half a minute.");
  return 0;
}

function textOf({ reply, details }: Composed): string {
  return [
    renderText(reply, { receipts: true }),
    ...(details ? [`— in the thread —\n\n${renderText(details, { receipts: false })}`] : []),
  ].join("\n\n");
}
