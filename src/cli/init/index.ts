import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describeSettings } from "../../config/index.ts";
import { coreSettings } from "../../config/settings.ts";
import type { CheckResult } from "../../core/integration.ts";
import { readArguments } from "../arguments.ts";
import { type Command, type World, WrongUse } from "../command.ts";
import { markOf } from "../doctor.ts";
import { type Connectable, interview, type Try, type Values } from "./interview.ts";
import { settingsFile } from "./settings-file.ts";
import { openTerminal } from "./terminal.ts";

const GENERAL = { TIME_ZONE: true, PUBLIC_URL: true, ANTHROPIC_API_KEY: true } as const;
const CHECK_MS = 30_000;

/** Asks for the settings, tries each connection as it is given, and writes them down. */
export function init(connectables: () => readonly Connectable[]): Command {
  return {
    name: "init",
    usage: "[--out FILE] [--stdin]",
    summary: "Ask for the settings, try each connection at once, and write them down",
    details: [
      "--out FILE  firstmate.yaml, which every command reads in its folder, unless given; a name like .env gets NAME=value lines",
      "--stdin     take the answers as lines from standard input",
      "The file is made for you alone (mode 0600); one that exists is never touched.",
    ],
    async run(args, world) {
      const { values } = readArguments(args, { out: { type: "string" }, stdin: { type: "boolean" } });
      const path = values.out ?? "firstmate.yaml";
      if (!process.stdin.isTTY && !values.stdin)
        throw new WrongUse(
          "init asks questions, and there is no terminal. Put the settings of .env.example into firstmate.yaml or the environment and run firstmate doctor; or give the answers as lines with --stdin.",
        );
      if (existsSync(path)) throw new WrongUse(`${path} exists and is left as it is. Add to it by hand, or name another file with --out.`);
      return ask(path, connectables(), world);
    },
  };
}

async function ask(path: string, connectables: readonly Connectable[], world: World): Promise<number> {
  const terminal = await openTerminal(process.stdin, (text) => void process.stderr.write(text), world.stop);
  try {
    const general = describeSettings(coreSettings.pick(GENERAL));
    const values = await interview(general, connectables, terminal, tryOutWith(world));
    if (Object.keys(values).length === 0) {
      world.err("Nothing was set, so nothing was written. npm run demo needs no settings.");
      return 0;
    }
    await writeFile(path, settingsFile(path, values), { mode: 0o600, flag: "wx" });
    world.err(`Wrote ${path}. Next: firstmate doctor, then firstmate serve; in a checkout npm run -s firstmate -- doctor, then npm start.`);
    return 0;
  } finally {
    terminal.close();
  }
}

/** What the application says of itself with these settings and would not say without them. */
function tryOutWith(world: World): Try {
  // By what is said, not by name: a place that is off has a check of the same name as one whose token is refused.
  const said = new Map<Values, ReadonlySet<string>>();
  return async (values, beside) => {
    const usual = said.get(beside) ?? new Set((await checksOf(beside, world)).map(markOf));
    said.set(beside, usual);
    return (await checksOf({ ...beside, ...values }, world)).filter((check) => !usual.has(markOf(check)));
  };
}

async function checksOf(values: Values, world: World): Promise<readonly CheckResult[]> {
  const app = await world.open({ alone: true, overrides: { ...values, DATABASE_URL: "sqlite::memory:" } });
  try {
    return await app.checks(AbortSignal.any([world.stop, AbortSignal.timeout(CHECK_MS)]));
  } finally {
    await app.close();
  }
}
