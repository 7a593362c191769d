import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { isTimeZone } from "./core/civil-date.ts";
import { ROLES, type Role } from "./core/message.ts";
import { closest } from "./core/text.ts";
import { ConfigError } from "./errors.ts";

/**
 * The only reader of the environment and of firstmate.yaml. A setting is named once, typed and described here or in its integration;
 * the environment wins over the file, NAME_FILE gives a secret from a file, and every problem is reported at once.
 */
function webhookSecret(source: string, how: string) {
  return z.string().min(8).optional().describe(`Takes webhooks of ${source}: ${how}. Unset, they are answered 404.`).meta({ secret: true });
}

export const coreSettings = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe("Port of the one HTTP server; 0 picks a free one."),
  HOST: z.string().default("127.0.0.1").describe("Address to bind. Anything but loopback closes the key-less local viewer."),
  DATA_DIR: z.string().default("./data").describe("Folder for the database, the demo's bills and caches."),
  DATABASE_URL: z
    .string()
    .optional()
    .describe("sqlite:PATH or postgres://…; defaults to sqlite:DATA_DIR/firstmate.db.")
    .meta({ secret: true }),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe("Where people reach this deployment, e.g. https://firstmate.example.com. Closes the local viewer."),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, "is not an IANA time zone such as Europe/Berlin")
    .default("UTC")
    .describe("Zone for people whose own zone is not known (IANA name)."),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info").describe("Least level of log lines."),
  NODE_ENV: z.string().optional().describe("production closes the local viewer."),
  ANTHROPIC_API_KEY: z
    .string()
    .min(1)
    .optional()
    .describe("Turns the model agent on. Without it the deterministic agent answers.")
    .meta({ secret: true }),
  ANTHROPIC_BASE_URL: z.url().optional().describe("Other address of the Messages API (gateway, test server)."),
  MODEL: z
    .string()
    .min(1)
    .default("claude-sonnet-5-5")
    .describe(
      "The model that answers: one of Anthropic's, or PROVIDER:NAME (openai, bedrock, ollama) with LangChain's package for it installed.",
    ),
  ANSWER_SECONDS: z.coerce.number().min(1).max(600).default(60).describe("Longest time one answer may take."),
  MODEL_CALLS: z.coerce.number().int().min(1).max(50).default(8).describe("Most model calls in one answer."),
  TOOL_CALLS: z.coerce.number().int().min(1).max(100).default(16).describe("Most tool calls in one answer."),
  ANSWER_TOKENS: z.coerce.number().int().min(1000).default(200_000).describe("Most tokens, in and out, one answer may use."),
  DAILY_TOKENS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5_000_000)
    .describe("Most tokens all answers of a day (UTC) may use; beyond it the deterministic agent answers. 0 turns the model off."),
  MODEL_SMALL: z
    .string()
    .min(1)
    .optional()
    .describe("A cheaper model that answers when 80 % of a day's budget are used or MODEL itself fails, written like MODEL."),
  ANSWER_USD: z.coerce.number().positive().optional().describe("Most an answer may cost, in US dollars at list prices."),
  DAILY_USD: z.coerce.number().min(0).optional().describe("Most all answers of a day (UTC) may cost, in US dollars at list prices."),
  USER_DAILY_TOKENS: z.coerce.number().int().min(0).optional().describe("Most tokens the answers to one person may use in a day (UTC)."),
  USER_DAILY_USD: z.coerce.number().min(0).optional().describe("Most the answers to one person may cost in a day (UTC), in US dollars."),
  CHANNEL_DAILY_TOKENS: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Most tokens the answers in one channel may use in a day (UTC), all its threads together."),
  CHANNEL_DAILY_USD: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("Most the answers in one channel may cost in a day (UTC), in US dollars."),
  ROLES: z
    .string()
    .default("")
    .transform((text, context) => parseRoles(text, (message) => context.addIssue({ code: "custom", message })))
    .describe("Who may do more than read, by chat id or e-mail: admin=U123,ada@example.com; analyst=U456."),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe("Sign-in to the console with the company's account: the OpenID Connect issuer. Needs PUBLIC_URL."),
  OIDC_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe("Our id at the issuer; its redirect address is PUBLIC_URL/api/v1/auth/oidc/callback."),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe("Our secret at the issuer; none for a public client.").meta({ secret: true }),
  OIDC_DOMAINS: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim().toLowerCase().replace(/^@/, ""))
        .filter((part) => part !== ""),
    )
    .describe(
      "Whoever has a verified address of these domains is let in by OIDC: example.com,example.org. Others only when ROLES names them.",
    ),
  TELEMETRY_CONTENT: z
    .enum(["keep", "redact", "drop"])
    .default("drop")
    .describe("Prompts and responses in agent events and traces: keep, redact (secrets and addresses removed) or drop."),
  IMPORT_HOURS: z.coerce
    .number()
    .min(0)
    .max(168)
    .default(6)
    .describe("Hours between imports of activities (Claude Code, Copilot) and pipelines (GitHub) from connected sources; 0 asks never."),
  TELEMETRY_EVENT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe("Days that agent events are kept one by one; older ones are refused."),
  TELEMETRY_SUMMARY_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(1095)
    .describe("Days that the daily sums of agent events are kept."),
  KNOWLEDGE_DIR: z
    .string()
    .optional()
    .describe("Folders with your own documents (markdown, text, PDF, Word), comma separated; they join the ones shipped."),
  SKILLS_DIR: z
    .string()
    .optional()
    .describe("Folders with your own skills, comma separated; theirs win over shipped ones of the same name."),
  EMBEDDINGS: z
    .enum(["embedded", "hosted", "local"])
    .default("embedded")
    .describe(
      "How passages are compared: embedded (needs nothing), hosted (a service at EMBEDDINGS_URL), local (a model on this machine).",
    ),
  EMBEDDINGS_URL: z
    .url()
    .optional()
    .describe("For hosted: an address that takes {model, input}, e.g. https://api.voyageai.com/v1/embeddings."),
  EMBEDDINGS_KEY: z.string().min(1).optional().describe("For hosted: its key.").meta({ secret: true }),
  EMBEDDINGS_MODEL: z.string().min(1).optional().describe("For hosted: the model's name. For local: a folder with an ONNX sentence model."),
  WEBHOOK_DYNATRACE_SECRET: webhookSecret("Dynatrace", "bearer token or basic password"),
  WEBHOOK_NEWRELIC_SECRET: webhookSecret("New Relic", "bearer token or basic password"),
  WEBHOOK_ALERTMANAGER_SECRET: webhookSecret("Alertmanager", "bearer token or basic password"),
  WEBHOOK_GITHUB_SECRET: webhookSecret("GitHub", "the webhook's secret, with which it signs"),
  WEBHOOK_SNS_SECRET: webhookSecret("AWS SNS", "the topics' ARNs, comma separated, or the password in the subscription's address"),
  WEBHOOK_GENERIC_SECRET: webhookSecret("anything else", "bearer token, basic password, or the secret of Standard Webhooks"),
  ALERT_DAYS: z.coerce
    .number()
    .int()
    .min(7)
    .max(36_500)
    .default(400)
    .describe("Days that alerts which are over, and what became of each digest, are kept."),
  WEBHOOK_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe("Days that deliveries of webhooks are known by their ids, so that the same is not taken twice. Their bodies go at once."),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe("Where our own traces are sent, by OTLP over HTTP, e.g. http://127.0.0.1:4318. None are made without it."),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .min(1)
    .optional()
    .describe("Headers sent along with traces: name=value,name=value.")
    .meta({ secret: true }),
  REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(60)
    .describe("Questions and tool calls per minute and key."),
  USER_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(100)
    .describe("Questions and tool calls per minute and person, in chat and in the console."),
  CHANNEL_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(300)
    .describe("Questions per minute in one channel of a chat."),
});

/** "admin=U1,ada@example.com; analyst=U2" → id or e-mail (lower case) → role. */
function parseRoles(text: string, refuse: (message: string) => void): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const part of text.split(";").filter((p) => p.trim())) {
    const [name = "", people = ""] = part.split("=").map((p) => p.trim());
    const role = ROLES.find((r) => r === name);
    if (!role || people === "")
      refuse(`“${part.trim().slice(0, 60)}” must be like admin=U123,ada@example.com, with one of ${ROLES.join(", ")}`);
    else for (const person of people.split(",")) roles.set(person.trim().toLowerCase(), role);
  }
  return roles;
}

export type CoreSettings = z.output<typeof coreSettings>;

/** Settings of one integration; its values are parsed apart, so that one room never sees another's. */
export interface SettingsGroup {
  name: string;
  settings: z.ZodObject;
  requires: readonly string[];
  /** One of `requires` is enough. */
  any?: true;
}

export interface Config {
  core: CoreSettings & { databaseUrl: string };
  /** Parsed values per group; absent when a required one is not set. */
  groups: ReadonlyMap<string, Record<string, unknown>>;
  /** Every secret value, for redaction. */
  secrets: readonly string[];
  /** Folder that relative paths of settings start from. */
  baseDir: string;
  /** Harmless oddities worth a line in the log: variables that look like typing errors. */
  warnings: readonly string[];
  /** What stands below `digests:` in firstmate.yaml, every value as text; undefined when nothing does. */
  digests?: unknown;
  /** The same for `alerts:`, `alert_routes:`, `webhooks:` and `generic_webhook:`. */
  alerts?: AlertLists;
}

/** Every value as text. */
export interface AlertLists {
  alerts?: unknown;
  alert_routes?: unknown;
  webhooks?: unknown;
  generic_webhook?: unknown;
}

export interface ConfigSources {
  environment: Readonly<Record<string, string | undefined>>;
  /** Folder to look for firstmate.yaml in. */
  directory: string;
  /** Values that win over everything: command-line options. */
  overrides?: Readonly<Record<string, string>>;
}

/** `alone`: the overrides and nothing else. */
export function processSources(overrides: Readonly<Record<string, string>> = {}, alone = false): ConfigSources {
  if (alone) return { environment: {}, directory: overrides.DATA_DIR ?? process.cwd(), overrides };
  return { environment: process.env, directory: process.cwd(), overrides };
}

/** Reads, checks and types all settings. Throws one ConfigError that lists every problem. */
export async function loadConfig(sources: ConfigSources, groups: readonly SettingsGroup[]): Promise<Config> {
  const problems: string[] = [];
  const known = new Map<string, z.ZodType>();
  for (const shape of [coreSettings.shape, ...groups.map((g) => g.settings.shape)])
    for (const [name, type] of Object.entries(shape)) known.set(name, type as z.ZodType);
  const { values: file, digests, alerts } = await readSettingsFile(sources.directory, known, problems);
  const raw: Record<string, string | undefined> = {};
  for (const name of known.keys()) raw[name] = readSetting(name, sources, file, problems);

  const core = parseGroup(coreSettings, raw, problems);
  const parsed = new Map<string, Record<string, unknown>>();
  for (const group of groups) {
    const set = group.requires.filter((name) => raw[name] !== undefined);
    if (group.any ? set.length === 0 : set.length < group.requires.length) continue;
    const values = parseGroup(group.settings, raw, problems);
    if (values) parsed.set(group.name, values);
  }
  if (problems.length > 0 || !core) throw new ConfigError(problems);
  return {
    core: { ...core, databaseUrl: core.DATABASE_URL ?? `sqlite:${join(resolve(sources.directory, core.DATA_DIR), "firstmate.db")}` },
    groups: parsed,
    secrets: [...[...known].flatMap(([name, type]) => (isSecret(type) && raw[name] ? secretParts(raw[name]) : [])), ...hookSecrets(alerts)],
    baseDir: sources.directory,
    warnings: likelyTypos(sources.environment, known),
    ...(digests === undefined ? {} : { digests }),
    ...(alerts === undefined ? {} : { alerts }),
  };
}

/** One setting as documented: for `.env.example`, the reference and doctor. */
export interface SettingDescription {
  name: string;
  description: string;
  defaultValue: string | undefined;
  secret: boolean;
}

export function describeSettings(settings: z.ZodObject): SettingDescription[] {
  return Object.entries(settings.shape).map(([name, type]) => {
    const fallback = (type as z.ZodType).safeParse(undefined);
    return {
      name,
      description: z.globalRegistry.get(type as z.ZodType)?.description ?? "",
      defaultValue: fallback.success && ["string", "number", "boolean"].includes(typeof fallback.data) ? String(fallback.data) : undefined,
      secret: isSecret(type as z.ZodType),
    };
  });
}

function parseGroup<S extends z.ZodObject>(
  settings: S,
  raw: Record<string, string | undefined>,
  problems: string[],
): z.output<S> | undefined {
  const input = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, raw[name]]));
  const result = settings.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const name = String(issue.path[0] ?? "settings");
    const type = settings.shape[name] as z.ZodType | undefined;
    const shown = type && !isSecret(type) && raw[name] !== undefined ? ` (it is “${withoutLogin(raw[name]).slice(0, 60)}”)` : "";
    const purpose = type ? ` ${z.globalRegistry.get(type)?.description ?? ""}` : "";
    problems.push(`${name}: ${issue.message}${shown}.${purpose}`);
  }
  return undefined;
}

function readSetting(name: string, sources: ConfigSources, file: Readonly<Record<string, string>>, problems: string[]): string | undefined {
  const direct = sources.overrides?.[name] ?? nonEmpty(sources.environment[name]);
  if (direct !== undefined) return direct;
  const path = nonEmpty(sources.environment[`${name}_FILE`]) ?? file[`${name}_FILE`];
  if (path === undefined) return file[name];
  const full = isAbsolute(path) ? path : join(sources.directory, path);
  try {
    if (statSync(full).size > 65_536) throw new Error("it is larger than 64 kB");
    const value = readFileSync(full, "utf8").replace(/\r?\n$/, "");
    if (value.trim() === "") throw new Error("it is empty");
    return value;
  } catch (error) {
    const shown = /[\\/.]/.test(path) ? path : "what it names";
    problems.push(
      `${name}_FILE: cannot read ${shown} (${error instanceof Error ? error.message.split(",")[0] : "unknown"}). Point it at a readable file that holds the value.`,
    );
    return undefined;
  }
}

/** Settings by name, and what has a form of its own. */
interface SettingsFile {
  values: Record<string, string>;
  digests?: unknown;
  alerts?: AlertLists;
}

async function readSettingsFile(directory: string, known: ReadonlyMap<string, unknown>, problems: string[]): Promise<SettingsFile> {
  const path = join(directory, "firstmate.yaml");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      problems.push(`firstmate.yaml: cannot be read. Make ${dirname(path)} readable.`);
    return { values: {} };
  }
  const { parse } = await import("yaml");
  try {
    const content: unknown = parse(text, AS_WRITTEN) || {};
    if (typeof content === "object" && !Array.isArray(content)) {
      const { digests, alerts, alert_routes, webhooks, generic_webhook, ...settings } = content as Record<string, unknown>;
      const lists = Object.fromEntries(
        Object.entries({ alerts, alert_routes, webhooks, generic_webhook }).filter(([, list]) => list !== undefined),
      );
      const values = flattenFile(settings, known, problems);
      return { values, digests, ...(Object.keys(lists).length > 0 ? { alerts: lists } : {}) };
    }
    problems.push("firstmate.yaml: it must hold NAME: value lines. Correct the file.");
    return { values: {} };
  } catch (error) {
    problems.push(`firstmate.yaml: ${yamlProblem(error)}. Correct the file; put values with special characters in quotes.`);
    return { values: {} };
  }
}

/** Every value stays the text it is ("0123", "1.10", a 20-digit id), and no line of the file is printed as a warning. */
const AS_WRITTEN = { schema: "failsafe", logLevel: "error" } as const;

/** What the parser says up to where it quotes the file: a value may be a secret. */
function yamlProblem(error: unknown): string {
  if (!(error instanceof Error)) return "not YAML";
  const said = error.message.split(/[\n:(]/, 1)[0]?.trim();
  const position = (error as { linePos?: readonly { line: number }[] }).linePos?.[0];
  return position && !said?.includes(" at line ") ? `${said} at line ${position.line}` : `${said}`;
}

function flattenFile(content: Record<string, unknown>, known: ReadonlyMap<string, unknown>, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(content)) {
    const name = key.endsWith("_FILE") ? key.slice(0, -5) : key;
    // The one setting with a shape of its own, under the name that every MCP client gives it.
    if (key === "mcpServers" && typeof value === "object") values.MCP_SERVERS = JSON.stringify(value);
    else if (!known.has(name)) {
      const near = closest(key, [...known.keys()]);
      problems.push(`firstmate.yaml: unknown setting “${key}”.${near ? ` Did you mean ${near}?` : ""} Remove or correct it.`);
    } else if (typeof value !== "string") problems.push(`firstmate.yaml: ${key} must be a text, a number or true/false.`);
    else if (["", "~", "null"].includes(value.trim()))
      problems.push(`firstmate.yaml: ${key} has no value. Give it one, or remove the line.`);
    else values[key] = value;
  }
  return values;
}

/** Webhooks have their secrets in the list. */
function hookSecrets(lists: AlertLists | undefined): string[] {
  const hooks = Array.isArray(lists?.webhooks) ? (lists.webhooks as { secret?: unknown }[]) : [];
  return hooks.flatMap((hook) => (typeof hook?.secret === "string" && hook.secret !== "" ? [hook.secret] : []));
}

/** Variables one slip away from a known name: most likely meant to be it. */
function likelyTypos(environment: Readonly<Record<string, string | undefined>>, known: ReadonlyMap<string, unknown>): string[] {
  const names = [...known.keys()];
  return Object.keys(environment).flatMap((key) => {
    if (key.length < 6 || known.has(key) || known.has(key.replace(/_FILE$/, ""))) return [];
    const near = closest(key, names, key.length > 10 ? 2 : 1);
    return near ? [`${key} is not a setting of Firstmate; did you mean ${near}?`] : [];
  });
}

/** A database URL hides its password inside, as it is written and as it is meant ("p%40ss", "p@ss"): all are secrets. */
function secretParts(value: string): string[] {
  const password = /^[a-z]+:\/\/[^:@/]*:(.+)@/.exec(value)?.[1];
  if (/^sqlite:/.test(value)) return [];
  if (value.startsWith("{")) return [value, ...textsIn(value)];
  return password ? [value, password, ...(URL.canParse(value) ? [decodeURIComponent(new URL(value).password)] : [])] : [value];
}

/** Headers and variables of external servers; each of them may be a token. Shorter ones are words, and not hidden. */
function textsIn(json: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(json, (_, value: unknown) => {
      if (typeof value === "string" && value.length >= SHORTEST_TOKEN) texts.push(value, ...value.split(" ").slice(1));
      return value;
    });
  } catch {
    // Told where the setting is read.
  }
  return texts.filter((text) => text.length >= SHORTEST_TOKEN && !/^https?:/.test(text));
}

const SHORTEST_TOKEN = 12;

/** An address without the name and password in front of its host. */
function withoutLogin(value: string): string {
  return value.replace(/^.*@/s, "…@");
}

function isSecret(type: z.ZodType): boolean {
  return z.globalRegistry.get(type)?.secret === true;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}
