import { z } from "zod";
import { type MinorAmount, parseMinor } from "./money.ts";

/** The parts of Anthropic's answers that are read. */

const count = z.number().min(0);
const day = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString().slice(0, 10));
const currency = z.string().regex(/^[A-Z]{3}$/);
/** Minor units: cents, with a fraction. */
const amount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(parseMinor);

function tokenPage<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), has_more: z.boolean(), next_page: z.string().nullable() });
}

const cacheCreation = z.object({ ephemeral_1h_input_tokens: count, ephemeral_5m_input_tokens: count });
const tokens = { uncached_input_tokens: count, cache_read_input_tokens: count, output_tokens: count, cache_creation: cacheCreation };
const group = z.object({
  model: z.string().nullish(),
  workspace_id: z.string().nullish(),
  api_key_id: z.string().nullish(),
  product: z.string().nullish(),
});
const refreshed = { data_refreshed_at: z.iso.datetime({ offset: true }).nullish() };

export const usagePage = tokenPage(
  z.object({ starting_at: day, group, usage: z.object({ ...tokens, requests: count.nullable() }) }),
).extend(refreshed);
export const costPage = tokenPage(z.object({ starting_at: day, group, cost: z.object({ amount, currency }) })).extend(refreshed);

/** The older reports: a list of days, each with its rows. */
function bucketPage<T extends z.ZodType>(row: T) {
  return tokenPage(z.object({ starting_at: day, results: z.array(row) }));
}
export const olderUsagePage = bucketPage(group.extend(tokens));
export const olderCostPage = bucketPage(group.extend({ amount, currency }));

const actions = z.object({ accepted: count, rejected: count });
export const claudeCodePage = tokenPage(
  z.object({
    date: day,
    actor: z.union([
      z.object({ type: z.literal("user_actor"), email_address: z.string().nullish() }),
      z.object({ type: z.literal("api_actor"), api_key_name: z.string().nullish() }),
    ]),
    customer_type: z.string().nullish(),
    terminal_type: z.string().nullish(),
    core_metrics: z.object({
      num_sessions: count,
      lines_of_code: z.object({ added: count, removed: count }),
      commits_by_claude_code: count,
      pull_requests_by_claude_code: count,
    }),
    tool_actions: z.record(z.string(), actions).nullish(),
    model_breakdown: z
      .array(
        z.object({
          model: z.string(),
          // A number here, of cents; a string in the other reports.
          estimated_cost: z.object({
            currency,
            amount: z.union([z.number().transform((n): MinorAmount => parseMinor(n.toFixed(10))), amount]),
          }),
        }),
      )
      .nullish(),
  }),
);
export type ClaudeCodeDay = z.output<typeof claudeCodePage>["data"][number];

function idPage<T extends z.ZodRawShape>(shape: T) {
  return z.object({
    data: z.array(z.object({ id: z.string(), name: z.string(), ...shape })),
    has_more: z.boolean(),
    last_id: z.string().nullable(),
  });
}
export const namedPage = idPage({});
export const organisation = z.object({ name: z.string() });
/** Only whether it may be read. */
export const anyPage = z.object({ data: z.array(z.unknown()) });
