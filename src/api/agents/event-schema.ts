import { z } from "zod";
import type { AgentEvent } from "../../records/agents/index.ts";

/** What an agent sends. Fields that are not here are kept with the metadata. */

const tokens = z.int().min(0).max(1e12);
const HUNDRED_DAYS_MS = 8.64e9;
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

const timestamp = z
  .union([z.string(), z.number()])
  .refine((value) => (typeof value === "string" ? ZONED.test(value) : true) && !Number.isNaN(new Date(value).getTime()), {
    message: "must be a time with its zone, like 2026-11-21T09:00:00Z, or milliseconds since 1970",
  })
  .describe("When it happened: ISO 8601 with a zone, or milliseconds since 1970. At most a day in the future.");

export const eventSchema = z.looseObject({
  id: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}]+$/u, "must not hold control characters")
    .describe("Unique per agent. The same event sent again changes nothing."),
  timestamp,
  type: z
    .string()
    .regex(/^[A-Za-z][\w.-]{0,39}$/, "must be a word like message, response or error")
    .describe("message: someone spoke to the agent; response: it answered; error: it failed. Other words are kept and counted as events."),
  content: z.string().max(1_000_000).nullish().describe("A prompt or an answer. Kept, redacted or dropped by TELEMETRY_CONTENT."),
  responseTimeMs: z.number().min(0).max(HUNDRED_DAYS_MS).nullish().describe("Milliseconds from the request to its answer."),
  tokens: z
    .union([tokens, z.strictObject({ input: tokens.optional(), output: tokens.optional() })])
    .nullish()
    .describe("All tokens, or {input, output}; the cost needs both."),
  inputTokens: tokens.nullish().describe("Tokens that went in, those read from and written to a cache among them."),
  outputTokens: tokens.nullish().describe("Tokens that came out."),
  cacheReadTokens: tokens.nullish().describe("Of inputTokens: read from a cache."),
  cacheWriteTokens: tokens.nullish().describe("Of inputTokens: written to a cache."),
  cost: z.number().min(0).max(1e6).nullish().describe("US dollars, when the sender knows them. Else worked out from list prices."),
  model: z.string().min(1).max(120).nullish().describe("The model's id."),
  userId: z
    .union([z.string().min(1).max(200), z.int()])
    .nullish()
    .describe("Who used the agent; only counted."),
  feedback: z.number().min(-1000).max(1000).nullish().describe("A rating on your own scale; the larger the better."),
  error: z.string().max(100_000).nullish().describe("What went wrong."),
  metadata: z.record(z.string(), z.unknown()).nullish().describe("Anything else; 16 kB are kept."),
});

export const batchSchema = z.object({ events: z.array(eventSchema) });

type Sent = z.output<typeof eventSchema>;

/** As the records keep it. null and absent mean the same: nobody said. */
export function toEvent(sent: Sent): AgentEvent {
  const { id, timestamp: at, type, tokens: all, userId, metadata, inputTokens, outputTokens, ...others } = sent;
  const { content, responseTimeMs, cacheReadTokens, cacheWriteTokens, cost, model, feedback, error, ...unknown } = others;
  const split = typeof all === "object" && all !== null ? all : {};
  const rest = { ...metadata, ...unknown };
  const given = {
    content,
    responseTimeMs,
    cacheReadTokens,
    cacheWriteTokens,
    cost,
    model,
    feedback,
    error,
    tokens: typeof all === "number" ? all : undefined,
    inputTokens: inputTokens ?? split.input,
    outputTokens: outputTokens ?? split.output,
    userId: userId === undefined || userId === null ? undefined : String(userId),
    metadata: Object.keys(rest).length > 0 ? rest : undefined,
  };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
  return { id, at: new Date(at), type, ...known };
}
