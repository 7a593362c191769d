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

/** The same tools in the same order give the same bytes; the mark on the last lets the vendor cache them all. */
export function defineForModel(tools: readonly Tool[]): ToolDefinition[] {
  return tools.map((tool, i) => {
    const definition = { name: tool.name, description: describe(tool), input_schema: schemaOf(tool) };
    return i === tools.length - 1 ? { ...definition, cache_control: { type: "ephemeral" } } : definition;
  });
}

const EXAMPLES = 3;

function describe(tool: Tool): string {
  const examples = tool.examples.slice(0, EXAMPLES).map((example) => `“${example}”`);
  return examples.length > 0 ? `${tool.description}\nFor questions like ${examples.join(", ")}.` : tool.description;
}

const schemas = new WeakMap<z.ZodObject, Readonly<Record<string, unknown>>>();

/** JSON Schema of the input: what a caller may leave out is optional, and what JSON cannot say is left open. */
function schemaOf({ input }: Tool): Readonly<Record<string, unknown>> {
  const known = schemas.get(input);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any", override: dropSafeBounds });
  // Through JSON, to drop what zod attaches beside the schema.
  const clean: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(schema));
  schemas.set(input, clean);
  return clean;
}

/** zod writes the bounds of safe integers beside every integer: bytes that tell the model nothing. */
function dropSafeBounds({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
