import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

export const audit: Command = {
  name: "audit",
  usage: "verify [--known HASH] [--demo]",
  summary: "Look whether the audit log is whole",
  details: [
    "Every line holds the hash of the one before: a line that was changed, added or taken away is found and named.",
    "--known HASH  a hash that an earlier run printed, kept elsewhere; its line must still be there",
    "--demo        the log of the demo, whose database is its own",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, { known: { type: "string" }, demo: { type: "boolean" } });
    if (positionals.length !== 1 || positionals[0] !== "verify") throw new WrongUse("Say verify.");
    const app = await world.open({ demo: values.demo ?? false });
    try {
      const verdict = await app.audit.verify(values.known);
      if (verdict.ok) world.out(`The audit log is whole: ${verdict.lines} lines. Note this hash elsewhere:\n${verdict.head || "none yet"}`);
      else world.err(`The audit log is not whole. Line ${verdict.seq}: ${verdict.problem}.`);
      return verdict.ok ? 0 : 1;
    } finally {
      await app.close();
    }
  },
};
