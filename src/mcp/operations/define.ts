import { z } from "zod";
import type { FeedKind } from "../../core/feed.ts";
import { UserError } from "../../errors.ts";
import type { McpResource } from "../world.ts";
import { Reading } from "./reading.ts";

export interface Operation<Parameters extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  /** Of the address's query: every value comes as text. Each has a default or is optional. */
  parameters: Parameters;
  /** Kinds of feeds it is worked out from, one of which is enough. */
  reads: readonly FeedKind[];
  work(parameters: z.output<Parameters>, reading: Reading): Promise<Record<string, unknown>>;
}

/**
 * A resource of the operations platform. Besides its own keys each answer has `query_params` (with the defaults that were used),
 * `missing` (why a key is null: it is never a zero and never a guess), `sources` and `as_of`.
 */
export function defineOperation<Parameters extends z.ZodObject>(operation: Operation<Parameters>): McpResource {
  const { name, title, description, parameters, reads } = operation;
  return {
    name,
    title,
    description,
    parameters: Object.entries(parameters.shape).map(([key, type]) => ({ name: key, description: describe(type as z.ZodType) })),
    isThere: ({ feeds }) => feeds.some(({ kind }) => reads.includes(kind)),
    async read(given, context) {
      const parsed = parameters.safeParse(given);
      if (!parsed.success) throw new UserError(parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
      const reading = new Reading(context);
      const answer = await operation.work(parsed.data, reading);
      return {
        ...answer,
        query_params: parsed.data,
        missing: reading.missing,
        sources: reading.sources,
        as_of: context.now.toISOString(),
      };
    },
  };
}

function describe(type: z.ZodType): string {
  const fallback = type.safeParse(undefined);
  const said = fallback.success && fallback.data !== undefined ? ` (${JSON.stringify(fallback.data)} unless given)` : "";
  return `${z.globalRegistry.get(type)?.description ?? ""}${said}.`;
}

/** "true" and "false", and the like. */
export function flag(fallback: boolean, description: string) {
  return z.stringbool().default(fallback).describe(description);
}

export function amount(fallback: number, limits: { min: number; max: number }, description: string) {
  return z.coerce.number().min(limits.min).max(limits.max).default(fallback).describe(description);
}

export function days(description = "How many complete days to look back") {
  return z.coerce.number().int().min(1).max(730).default(30).describe(description);
}
