import { z } from "zod";
import type { Tool } from "../../core/tool.ts";

/** A tool as the Messages API wants it. LangChain passes it on as it is. */
export interface ToolDefinition {
  name: string;
  description: string;
  input_schema: Readonly<Record<string, unknown>>;
  cache_control?: { type: "ephemeral" };
  [key: string]: unknown;
}

/** The same tool gives the same bytes. */
export function defineTool(tool: Tool): ToolDefinition {
  return { name: tool.name, description: describe(tool), input_schema: schemaOf(tool) };
}

/** The mark on the last lets the vendor cache them all. */
export function markLast(definitions: readonly ToolDefinition[]): ToolDefinition[] {
  return definitions.map((definition, i) =>
    i === definitions.length - 1 ? { ...definition, cache_control: { type: "ephemeral" } } : definition,
  );
}

const EXAMPLES = 3;

function describe(tool: Tool): string {
  const examples = tool.examples.slice(0, EXAMPLES).map((example) => `“${example}”`);
  return examples.length > 0 ? `${tool.description}\nFor questions like ${examples.join(", ")}.` : tool.description;
}

const schemas = new WeakMap<z.ZodObject, Readonly<Record<string, unknown>>>();

/**
 * JSON Schema of the input: what a caller may leave out is optional, and what JSON cannot say is left open. Without lengths of texts and patterns:
 * the tool checks them itself, and what is wrong is told to the model.
 */
function schemaOf({ input }: Tool): Readonly<Record<string, unknown>> {
  const known = schemas.get(input);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any", override: dropSafeBounds });
  const clean = slim(schema, false) as Readonly<Record<string, unknown>>;
  schemas.set(input, clean);
  return clean;
}

const UNSAID = new Set(["minLength", "maxLength", "minItems", "maxItems", "pattern", "format", "propertyNames"]);

/** `isNames`: the keys are names of fields, and all stay. */
function slim(node: unknown, isNames: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => slim(item, false));
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => isNames || !(UNSAID.has(key) || (key === "additionalProperties" && value === false)),
  );
  const fields = Object.fromEntries(
    kept.map(([key, value]) => [key, key === "enum" ? value : slim(value, key === "properties" && !isNames)]),
  );
  return Array.isArray(fields.anyOf) ? { ...fields, anyOf: fields.anyOf.flatMap(alternatives) } : fields;
}

/** A choice within a choice is one choice. */
function alternatives(option: unknown): unknown[] {
  const isChoice = typeof option === "object" && option !== null && "anyOf" in option && Object.keys(option).length === 1;
  return isChoice && Array.isArray(option.anyOf) ? option.anyOf : [option];
}

/** zod writes the bounds of safe integers beside every integer: bytes that tell the model nothing. */
function dropSafeBounds({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
