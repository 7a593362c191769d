import type { SettingDescription } from "../../config/index.ts";
import type { CheckResult } from "../../core/integration.ts";
import { ConfigError } from "../../errors.ts";
import { markOf } from "../doctor.ts";

/** A source or a place people talk, as its settings describe it. */
export interface Connectable {
  title: string;
  settings: readonly SettingDescription[];
  /** The settings that turn it on. */
  requires: readonly string[];
  /** One of `requires` is enough. */
  any?: true;
}

/** Whoever answers: a person at a terminal, or lines of a file. */
export interface Interviewee {
  /** One line, trimmed. `secret`: it is not shown as it is typed. Throws UserError when nobody answers any more. */
  ask(question: string, secret?: boolean): Promise<string>;
  tell(line: string): void;
}

export type Values = Readonly<Record<string, string>>;

/** Tries these settings, with those `beside` them that are known to be right and no others, against the real thing. Throws ConfigError for values that cannot be right. */
export type Try = (values: Values, beside: Values) => Promise<readonly CheckResult[]>;

type TryThese = (values: Values) => Promise<readonly CheckResult[]>;

/** Asks for the general settings, then for each connection; gives what is to be written. What is left empty is left out. */
export async function interview(
  general: readonly SettingDescription[],
  connectables: readonly Connectable[],
  who: Interviewee,
  tryOut: Try,
): Promise<Values> {
  who.tell("Each answer is tried at once. Enter leaves a setting out, or as it is; Ctrl-C ends without writing anything.");
  const own = await connect({ title: "Firstmate", settings: general, requires: [] }, who, (values) => tryOut(values, {}));
  const values = { ...own };
  for (const connectable of connectables) {
    const wanted = await who.ask(`\nConnect ${connectable.title}? [y/N]`);
    // Whether Slack and Teams reach us hangs on PUBLIC_URL.
    if (/^y(es)?$/i.test(wanted)) Object.assign(values, await connect(connectable, who, (given) => tryOut(given, own)));
  }
  return values;
}

/** Asks until the settings work, or are kept or left out on purpose. */
async function connect(connectable: Connectable, who: Interviewee, tryOut: TryThese): Promise<Record<string, string>> {
  let values: Record<string, string> = {};
  for (;;) {
    values = await askSettings(connectable, who, values);
    if (Object.keys(values).length === 0) return values;
    const checks = await tried(values, tryOut);
    for (const check of checks) who.tell(`  ${markOf(check)}`);
    if (!checks.some(({ state }) => state === "failed")) return values;
    const next = await who.ask("Enter to answer again, k to keep it as it is, n to leave it out");
    if (/^k/i.test(next)) return values;
    if (/^n/i.test(next)) return {};
  }
}

/** `before`: what was answered the last time, and stays where nothing else is said; a hyphen takes it back. */
async function askSettings({ settings, requires, any }: Connectable, who: Interviewee, before: Values): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, description, defaultValue, secret } of settings) {
    const needed = requires.includes(name) && !any;
    const given = before[name];
    const empty = given ? "Enter: as before; - for none" : needed ? "needed" : `Enter: ${defaultValue ?? "none"}`;
    const answer = (await who.ask(`${description}\n${name} (${empty})`, secret)) || given;
    if (answer && answer !== "-") values[name] = answer;
    else if (needed) {
      who.tell(`Left out: without ${name} it stays off.`);
      return {};
    }
  }
  return values;
}

async function tried(values: Values, tryOut: TryThese): Promise<readonly CheckResult[]> {
  try {
    return await tryOut(values);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((message) => ({ name: "settings", state: "failed", message }));
  }
}
