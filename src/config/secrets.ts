import { z } from "zod";
import type { AlertLists } from "./file.ts";

/** Webhooks have their secrets in the list. */
export function hookSecrets(lists: AlertLists | undefined): string[] {
  const hooks = Array.isArray(lists?.webhooks) ? (lists.webhooks as { secret?: unknown }[]) : [];
  return hooks.flatMap((hook) => (typeof hook?.secret === "string" && hook.secret !== "" ? [hook.secret] : []));
}

/** A database URL hides its password inside, as it is written and as it is meant ("p%40ss", "p@ss"): all are secrets. */
export function secretParts(value: string): string[] {
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
export function withoutLogin(value: string): string {
  return value.replace(/^.*@/s, "…@");
}

export function isSecret(type: z.ZodType): boolean {
  return z.globalRegistry.get(type)?.secret === true;
}
