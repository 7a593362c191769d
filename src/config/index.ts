import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { closest } from "../core/text.ts";
import { ConfigError } from "../errors.ts";
import { type AlertLists, readSettingsFile } from "./file.ts";
import { hookSecrets, isSecret, secretParts, withoutLogin } from "./secrets.ts";
import { type CoreSettings, coreSettings } from "./settings.ts";

/**
 * The only reader of the environment and of firstmate.yaml. A setting is named once, typed and described in settings.ts or in its
 * integration; the environment wins over the file, NAME_FILE gives a secret from a file, and every problem is reported at once.
 */

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

/** Variables one slip away from a known name: most likely meant to be it. */
function likelyTypos(environment: Readonly<Record<string, string | undefined>>, known: ReadonlyMap<string, unknown>): string[] {
  const names = [...known.keys()];
  return Object.keys(environment).flatMap((key) => {
    if (key.length < 6 || known.has(key) || known.has(key.replace(/_FILE$/, ""))) return [];
    const near = closest(key, names, key.length > 10 ? 2 : 1);
    return near ? [`${key} is not a setting of Firstmate; did you mean ${near}?`] : [];
  });
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}
