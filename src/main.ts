import { openApp, version } from "./app/index.ts";
import { channelKinds } from "./channels/index.ts";
import { alertsCommand } from "./cli/alerts.ts";
import { analyze } from "./cli/analyze/index.ts";
import { ask } from "./cli/ask.ts";
import { audit } from "./cli/audit.ts";
import { chat } from "./cli/chat.ts";
import type { Command } from "./cli/command.ts";
import { digest } from "./cli/digest.ts";
import { doctor } from "./cli/doctor.ts";
import { evaluation } from "./cli/eval.ts";
import { init } from "./cli/init/index.ts";
import { key } from "./cli/key.ts";
import { knowledge } from "./cli/knowledge.ts";
import { manifest } from "./cli/manifest.ts";
import { mcp } from "./cli/mcp.ts";
import { migrate } from "./cli/migrate.ts";
import { runCommand } from "./cli/run-command.ts";
import { demo, serve } from "./cli/serve.ts";
import { toolCommand } from "./cli/tool-command.ts";
import { describeSettings } from "./config/index.ts";
import { integrations } from "./integrations/index.ts";
import { tools } from "./tools/index.ts";

/** The command line. `src/app` puts the application together; these two are the only ones that know everyone. */
const ownCommands: readonly Command[] = [
  serve,
  demo,
  ask,
  chat,
  init(connectables),
  doctor,
  digest,
  alertsCommand,
  analyze({ openFeed, readTable }),
  key,
  audit,
  migrate,
  knowledge,
  manifest(tools, version),
  mcp,
  evaluation,
];

/** Tools whose name is no command of its own. */
const toolCommands = tools
  .filter((t) => t.name !== "help" && t.name !== "digests" && t.name !== "alerts" && t.name !== doctor.name)
  .map(toolCommand);
export const commands: readonly Command[] = [...ownCommands, ...toolCommands];

export async function main(args: readonly string[]): Promise<void> {
  if (args[0] === "--version") process.stdout.write(`${version}\n`);
  else process.exitCode = await runCommand(commands, args, openApp);
}

/** What init asks for: where people talk first, then the sources. Anonymous Teams is for tools on one machine. */
function connectables() {
  return [...channelKinds, ...integrations.map((integration) => ({ ...integration, any: undefined }))].map(
    ({ title, settings, requires, any }) => ({
      title,
      settings: describeSettings(settings).filter(({ name }) => name !== "TEAMS_ANONYMOUS"),
      requires,
      ...(any ? { any } : {}),
    }),
  );
}

async function openFeed(path: string, columns: { by: string; measure: string; unit?: string }) {
  const { openFileFeed } = await import("./integrations/datasets/open-file.ts");
  return openFileFeed(path, columns, () => new Date());
}

async function readTable(path: string, signal: AbortSignal) {
  const { readTable: read } = await import("./integrations/datasets/table.ts");
  return read(path, () => new Date(), signal);
}

if (import.meta.main) await main(process.argv.slice(2));
