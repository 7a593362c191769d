import type { CheckResult } from "../core/integration.ts";
import { ConfigError } from "../errors.ts";
import type { App } from "./app.ts";
import { readArguments } from "./arguments.ts";
import type { Command, World } from "./command.ts";

const MARKS = { ok: "ok     ", warning: "warning", failed: "failed ", off: "off    " } as const;
const CHECK_MS = 30_000;

export const doctor: Command = {
  name: "doctor",
  usage: "[--json] [--demo]",
  summary: "Check the settings and every connection, and say how to mend what is wrong",
  async run(args, world) {
    const { values } = readArguments(args, { json: { type: "boolean" }, demo: { type: "boolean" } });
    const checks = await examine(world, values.demo ?? false);
    const failed = checks.some((check) => check.state === "failed");
    if (values.json) world.out(JSON.stringify({ ok: !failed, checks }, null, 2));
    else for (const check of checks) world.out(markOf(check));
    return failed ? 1 : 0;
  },
};

/** One check for people to read, with what to do on a line of its own. */
export function markOf({ state, name, message, fix }: CheckResult): string {
  return `${MARKS[state]}  ${name}: ${message}${fix ? `\n         ${fix}` : ""}`;
}

/** What keeps the application from opening is a finding like any other. */
async function examine(world: World, demo: boolean): Promise<readonly CheckResult[]> {
  let app: App;
  try {
    app = await world.open({ demo });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => ({ name: "settings", state: "failed", ...splitFix(problem) }));
  }
  try {
    return await app.checks(AbortSignal.any([world.stop, AbortSignal.timeout(CHECK_MS)]));
  } finally {
    await app.close();
  }
}

/** A problem's first sentence says what is wrong, the rest what to do. */
function splitFix(problem: string): { message: string; fix: string } {
  const [, message = problem, fix = "Correct it and run doctor again."] = /^(.+?[.)”]) +([A-Z].+)$/s.exec(problem) ?? [];
  return { message, fix };
}
