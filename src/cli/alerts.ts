import type { Alert, AlertMember } from "../core/alert.ts";
import { formatInstant, formatValue } from "../core/format.ts";
import type { App } from "./app.ts";
import { instantOf, readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";

const JUDGE_MS = 300_000;

export const alertsCommand: Command = {
  name: "alerts",
  usage: "list | run [--at ISO] --dry-run | noise [--json] [--demo]",
  summary: "Show what fires, judge the rules now without telling anybody, or see which rules make noise",
  details: [
    "run       what each rule says; the serving bot tells of it, this command never does",
    "--at ISO  as if it were then: 2026-11-20T09:00:00Z",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      at: { type: "string" },
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      demo: { type: "boolean" },
    });
    const [action = "list", ...rest] = positionals;
    if (!["list", "run", "noise"].includes(action) || rest.length > 0) throw new WrongUse("Say list, run or noise.");
    if (action === "run" && !values["dry-run"])
      throw new WrongUse("Rules are judged and told of by the serving bot. To see what they say, add --dry-run.");
    const at = values.at === undefined ? undefined : instantOf(values.at);
    const app = await world.open({ demo: values.demo ?? false });
    try {
      if (action === "list") return await list(app, world, values.json ?? false);
      return action === "run" ? await judge(app, world, at, values.json ?? false) : await noise(app, world, values.json ?? false);
    } finally {
      await app.close();
    }
  },
};

async function list(app: App, world: World, json: boolean): Promise<number> {
  const found = await (await app.alerts()).list(app.localUser);
  if (json) world.out(JSON.stringify(found, null, 2));
  else if (found.length === 0) world.out("No alert is open.");
  for (const alert of json ? [] : found) world.out(lineOf(alert));
  return 0;
}

function lineOf({ id, severity, state, title, openedAt }: Alert): string {
  return `${id}  ${severity.padEnd(8)}  ${state.padEnd(12)}  ${formatInstant(openedAt)}  ${title}`;
}

async function judge(app: App, world: World, at: Date | undefined, json: boolean): Promise<number> {
  const desk = await app.alerts();
  const { firing, problems } = await desk.preview(at ?? app.now(), AbortSignal.any([world.stop, AbortSignal.timeout(JUDGE_MS)]));
  if (json) world.out(JSON.stringify({ firing, problems }, null, 2));
  else {
    world.out(firing.length === 0 ? "No rule fires." : `${firing.length} would fire:`);
    for (const sign of firing) world.out(`- ${signLine(sign)}`);
    for (const { rule, message } of problems) world.err(`${rule} cannot be judged: ${message}`);
  }
  return problems.length > 0 ? 1 : 0;
}

function signLine({ rule, title, since, figure }: AlertMember): string {
  if (!figure) return `${rule}: ${title}, since ${formatInstant(since)}`;
  const usual = figure.expected === undefined ? "" : `, expected ${formatValue(figure.expected, figure.unit)}`;
  return `${rule}: ${title}: ${figure.actual === undefined ? "nothing known" : formatValue(figure.actual, figure.unit)} on ${figure.to}${usual}, since ${figure.from}`;
}

async function noise(app: App, world: World, json: boolean): Promise<number> {
  const rules = await (await app.alerts()).report(28);
  if (json) world.out(JSON.stringify(rules, null, 2));
  else if (rules.length === 0) world.out("No alert rule is set. Add some below alerts: in firstmate.yaml.");
  for (const { name, words, alerts, proposal } of json ? [] : rules)
    world.out(`${name.padEnd(24)} ${String(alerts).padStart(4)}  ${words}${proposal ? `\n    ${proposal}` : ""}`);
  return 0;
}
