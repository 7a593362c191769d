import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { closest } from "../core/text.ts";

/** Every value as text. */
export interface AlertLists {
  alerts?: unknown;
  alert_routes?: unknown;
  webhooks?: unknown;
  generic_webhook?: unknown;
}

/** Settings by name, and what has a form of its own. */
export interface SettingsFile {
  values: Record<string, string>;
  digests?: unknown;
  alerts?: AlertLists;
}

/** Reads `directory`/firstmate.yaml, if there is one. What is wrong with it is added to `problems`. */
export async function readSettingsFile(directory: string, known: ReadonlyMap<string, unknown>, problems: string[]): Promise<SettingsFile> {
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
