import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";

const MARKS = { ok: "ok     ", warning: "warning", failed: "failed ", off: "off    " } as const;
const CHECK_MS = 30_000;

export const doctor: Command = {
  name: "doctor",
  usage: "[--json] [--demo]",
  summary: "Check the settings and every connection, and say how to mend what is wrong",
  async run(args, world) {
    const { values } = readArguments(args, { json: { type: "boolean" }, demo: { type: "boolean" } });
    const app = await world.open({ demo: values.demo ?? false });
    try {
      const checks = await app.checks(AbortSignal.any([world.stop, AbortSignal.timeout(CHECK_MS)]));
      if (values.json) world.out(JSON.stringify({ ok: !checks.some((c) => c.state === "failed"), checks }, null, 2));
      else
        for (const check of checks)
          world.out(`${MARKS[check.state]}  ${check.name}: ${check.message}${check.fix ? `\n         ${check.fix}` : ""}`);
      return checks.some((check) => check.state === "failed") ? 1 : 0;
    } finally {
      await app.close();
    }
  },
};
