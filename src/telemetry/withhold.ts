import { hiddenAfter, SECRET_SHAPES } from "./redact.ts";

/**
 * Takes secrets out of what is shown to people and models, by their shape and by the values of the settings that are secret. Unlike a log
 * line it stays whole: nothing is cut, and a field's name hides nothing ("input tokens" is a figure). What has no secret is given as it is.
 */
export function createWithholder(secrets: readonly string[]): <T>(value: T) => T {
  const known = [...new Set(secrets.filter((secret) => secret.length >= LEAST))].sort((a, b) => b.length - a.length);
  const patterns = [...known.map((secret) => new RegExp(secret.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "g")), ...SECRET_SHAPES];
  const any = new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"));

  function clean(text: string): string {
    if (!any.test(text)) return text;
    return patterns.reduce((rest, pattern) => rest.replace(pattern, (_, lead: unknown) => hiddenAfter(lead)), text);
  }

  function walk(value: unknown, clear: Set<string>): unknown {
    if (typeof value === "string") {
      // Names repeat: in a thousand facts there are few.
      if (clear.has(value)) return value;
      const cleaned = clean(value);
      if (cleaned === value && value.length <= NAME) clear.add(value);
      return cleaned;
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => walk(item, clear));
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    const entries = Object.entries(value);
    const walked = entries.map(([key, item]) => [key, walk(item, clear)] as const);
    return walked.some(([, item], i) => item !== entries[i]?.[1]) ? Object.fromEntries(walked) : value;
  }

  return <T>(value: T) => walk(value, new Set()) as T;
}

/** Shorter values of settings are words that stand in honest answers too. */
const LEAST = 12;
const NAME = 200;
