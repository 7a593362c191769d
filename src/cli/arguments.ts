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

/** The instant of `--at`. Throws WrongUse for one without a zone: it would mean another time elsewhere. */
export function instantOf(text: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || Number.isNaN(at.getTime()))
    throw new WrongUse("--at must be an instant with its zone, like 2026-11-20T09:00:00Z or 2026-11-20T09:00+01:00.");
  return at;
}
