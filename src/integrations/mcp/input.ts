import { z } from "zod";
import { plainDescription } from "./foreign.ts";

/** What is kept of a foreign schema. No pattern (a slow one stops us), no reference, nothing that is only words. */
const NUMBERS = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];
const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
const MOST_FIELDS = 40;
const MOST_CHOICES = 50;
const MOST_DEPTH = 4;
const FIELD_DESCRIPTION = 160;

/** A foreign input schema as ours; any object where it cannot be read. Servers check their input themselves too. */
export function inputOf(schema: unknown): z.ZodObject {
  try {
    const made = z.fromJSONSchema({ ...clean(schema, 0), type: "object" } as Parameters<typeof z.fromJSONSchema>[0]);
    if (made instanceof z.ZodObject) return made;
  } catch {
    // Then it takes every object.
  }
  return z.looseObject({});
}

function clean(schema: unknown, depth: number): Record<string, unknown> {
  if (!isRecord(schema) || depth > MOST_DEPTH) return {};
  const kept: Record<string, unknown> = {};
  const { type, description, properties, required, items } = schema;
  if (typeof type === "string" && TYPES.has(type)) kept.type = type;
  if (typeof description === "string") kept.description = plainDescription(description, FIELD_DESCRIPTION);
  if (Array.isArray(schema.enum)) Object.assign(kept, choices(schema.enum));
  for (const key of NUMBERS) if (typeof schema[key] === "number") kept[key] = schema[key];
  if (isRecord(items)) kept.items = clean(items, depth + 1);
  if (isRecord(properties)) {
    const fields = Object.entries(properties).filter(([name]) => isName(name));
    kept.properties = Object.fromEntries(fields.slice(0, MOST_FIELDS).map(([name, field]) => [name, clean(field, depth + 1)]));
    const known = new Set(fields.slice(0, MOST_FIELDS).map(([name]) => name));
    if (Array.isArray(required)) kept.required = required.filter((name) => known.has(name));
  }
  return kept;
}

function choices(values: readonly unknown[]): Record<string, unknown> {
  const plain = values.filter((v) => ["string", "number"].includes(typeof v) && String(v).length <= 100);
  return plain.length > 0 && plain.length === values.length && plain.length <= MOST_CHOICES ? { enum: plain } : {};
}

function isName(name: string): boolean {
  return /^[\w.-]{1,64}$/.test(name) && name !== "__proto__";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
