import { z } from "zod";
import type { Tool } from "../core/tool.ts";

/** A JSON Schema (2020-12) whose root is an object, as MCP wants it. */
export interface ObjectSchema {
  type: "object";
  [key: string]: unknown;
}

/** One server is made per request, and schemas never change. */
const inputs = new WeakMap<Tool, ObjectSchema>();
const outputs = new WeakMap<Tool, ObjectSchema | null>();

export function inputSchemaOf(tool: Tool): ObjectSchema {
  const known = inputs.get(tool) ?? asObject(z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" })) ?? { type: "object" };
  inputs.set(tool, known);
  return known;
}

/** The shape of the structured answer; undefined when the tool promises none, or none that is an object. */
export function outputSchemaOf(tool: Tool): ObjectSchema | undefined {
  const known = outputs.get(tool);
  if (known !== undefined) return known ?? undefined;
  const schema = tool.output ? asObject(open(z.toJSONSchema(tool.output, { io: "output", unrepresentable: "any" }))) : undefined;
  outputs.set(tool, schema ?? null);
  return schema;
}

function asObject({ $schema: _, ...schema }: Record<string, unknown>): ObjectSchema | undefined {
  return schema.type === "object" ? { ...schema, type: "object" } : undefined;
}

/** Without `additionalProperties: false`: a field that is new must not make older clients refuse the answer. */
function open(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => (key === "additionalProperties" && value === false ? [] : [[key, openAny(value)]])),
  );
}

function openAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openAny);
  return typeof value === "object" && value !== null ? open(value as Record<string, unknown>) : value;
}
