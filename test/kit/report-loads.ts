import { writeSync } from "node:fs";
import { registerHooks } from "node:module";

/**
 * Preloaded with --import: says on standard output which module is loaded, before anything the module itself says. At the end
 * it says whether Node's own HTTP client came in, which no hook sees. Node has no types for the list it keeps of its own modules.
 */
registerHooks({
  load(url, context, next) {
    say(`loads ${url}\n`);
    return next(url, context);
  },
});
process.once("exit", () => {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
  for (const name of moduleLoadList.filter((entry) => entry.endsWith("/undici"))) say(`loads ${name}\n`);
});

/** Until the other end has room: standard output is a pipe that refuses to wait once Node has opened it. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
