import { z } from "zod";

/** A moment in milliseconds since 1970. */
const moment = z
  .number()
  .min(0)
  .max(8.64e15)
  .transform((ms) => new Date(ms));
const text = z.string();

export function nrqlAnswer<T>(count: number, row: z.ZodType<T>) {
  const results = z.object({ results: z.array(row) });
  const fields = Object.fromEntries(Array.from({ length: count }, (_, n) => [`q${n}`, results]));
  return z.object({ actor: z.object({ account: z.object(fields) }) });
}

const figure = z.union([z.number(), z.null(), z.record(z.string(), z.number().nullable())]);

/** One result of a query for a measure. percentile() gives {"95": 0.2}; apdex() gives a number, or an object with `score`. */
export const metricRow = z
  .object({
    facet: z.union([z.string(), z.array(z.string().nullable())]).optional(),
    beginTimeSeconds: z.number().optional(),
    value: figure.optional(),
    score: z.number().nullable().optional(),
    n: z.number().nullable(),
  })
  .refine(({ value, score }) => value !== undefined || score !== undefined, { path: ["value"], message: "there is no value" });
export type MetricRow = z.output<typeof metricRow>;

export const nameRow = z.object({ facet: z.string(), n: z.number() });

/** One kind of error in one service. */
export const errorRow = z.object({
  facet: z.tuple([z.string().nullable(), z.string().nullable()]),
  n: z.number(),
  message: z.string().nullable(),
  first: moment.nullable(),
  last: moment.nullable(),
});
export type ErrorRow = z.output<typeof errorRow>;

const issue = z.object({
  issueId: text,
  title: z.array(text),
  priority: text,
  state: text,
  entityNames: z.array(text).nullish(),
  conditionName: z.array(text).nullish(),
  createdAt: moment,
  acknowledgedAt: moment.nullish(),
  closedAt: moment.nullish(),
  deepLinkUrl: z.array(text).nullish(),
  parentMergeId: text.nullish(),
});
export type Issue = z.output<typeof issue>;

export const issuesAnswer = z.object({
  actor: z.object({
    account: z.object({ aiIssues: z.object({ issues: z.object({ issues: z.array(issue), nextCursor: text.nullish() }) }) }),
  }),
});

export const whoAnswer = z.object({
  actor: z.object({
    user: z.object({ name: text.nullable() }).nullable(),
    account: z.object({ name: text.nullable() }).nullable(),
  }),
});
