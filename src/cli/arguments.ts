import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { WrongUse } from "./command.ts";

/** Arguments by node's own parser; what it refuses is a wrong use, in words. */
export function readArguments<O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message.split(". To specify")[0] : "The arguments cannot be read.");
  }
}
