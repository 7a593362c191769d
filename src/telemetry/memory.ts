import v8 from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives what starting up left behind back to the system: some 15 MB of modules' texts and half-empty pages that V8 would keep
 * until it needs room. Blocks for some 35 ms, so it is called once, when starting is over. Does nothing where V8 refuses.
 */
export function giveBackMemory(): void {
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("globalThis.gc");
  // Off again: the flag is part of what V8 compares before it takes code from the compile cache.
  v8.setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect({ type: "major", flavor: "last-resort" });
}
