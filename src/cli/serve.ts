import { readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";

export const serve: Command = {
  name: "serve",
  usage: "[--demo] [--port PORT] [--host HOST]",
  summary: "Run the bot with its web console and API",
  details: ["--demo   serve the simulated company; needs no settings", "Stop it with Ctrl-C: turns under way are finished first."],
  run: (args, world) => runServe(args, world, false),
};

export const demo: Command = {
  name: "demo",
  usage: "[--port PORT]",
  summary: "The same with the simulated company; needs no settings",
  run: (args, world) => runServe(args, world, true),
};

async function runServe(args: readonly string[], world: World, alwaysDemo: boolean): Promise<number> {
  const { values } = readArguments(args, { demo: { type: "boolean" }, port: { type: "string" }, host: { type: "string" } });
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) throw new WrongUse("--port must be a number.");
  const overrides = { ...(values.port ? { PORT: values.port } : {}), ...(values.host ? { HOST: values.host } : {}) };
  const app = await world.open({ demo: alwaysDemo || (values.demo ?? false), overrides, logTo: "stdout", serving: true });
  // One forgotten promise must not end everyone's turns.
  process.on("unhandledRejection", (error) => app.log.error("fault", { error }));
  const door = await app.listen().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  app.log.info("ready", { url: door.url, ...(alwaysDemo || values.demo ? { demo: true } : {}) });
  if (process.stderr.isTTY) world.err(`Open ${door.url} in a browser and ask. Ctrl-C stops it.`);
  app.warm();
  await aborted(world.stop);
  app.log.info("stopping");
  await door.close();
  await app.close();
  app.log.info("stopped");
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true })));
}
