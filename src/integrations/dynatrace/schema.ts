import { z } from "zod";

const moment = z
  .number()
  .min(0)
  .max(8.64e15)
  .transform((ms) => new Date(ms));
const next = { nextPageKey: z.string().nullish() };

const entity = z.object({ entityId: z.object({ id: z.string(), type: z.string().nullish() }), name: z.string().nullish() });
export type EntityStub = z.output<typeof entity>;

export const metricAnswer = z.object({
  ...next,
  result: z.array(
    z.object({
      metricId: z.string(),
      data: z.array(
        z.object({
          dimensionMap: z.record(z.string(), z.string().nullable()),
          timestamps: z.array(z.number()),
          values: z.array(z.number().nullable()),
        }),
      ),
    }),
  ),
});
export type MetricResult = z.output<typeof metricAnswer>["result"][number];

const problem = z.object({
  problemId: z.string(),
  displayId: z.string(),
  title: z.string(),
  severityLevel: z.string(),
  impactLevel: z.string(),
  status: z.string(),
  startTime: moment,
  /** -1 while it is open. */
  endTime: z
    .number()
    .max(8.64e15)
    .transform((ms) => (ms < 0 ? undefined : new Date(ms))),
  rootCauseEntity: entity.nullish(),
  affectedEntities: z.array(entity),
  impactedEntities: z.array(entity),
  impactAnalysis: z
    .object({ impacts: z.array(z.object({ impactedEntity: entity, estimatedAffectedUsers: z.number().nullish() })) })
    .nullish(),
});
export type Problem = z.output<typeof problem>;

export const problemsAnswer = z.object({ ...next, problems: z.array(problem) });

export const problemAnswer = problem.extend({
  evidenceDetails: z
    .object({
      details: z.array(
        z.object({
          displayName: z.string(),
          evidenceType: z.string(),
          entity: entity.nullish(),
          rootCauseRelevant: z.boolean(),
          startTime: moment.nullish(),
        }),
      ),
    })
    .nullish(),
  recentComments: z
    .object({
      comments: z.array(z.object({ content: z.string().nullish(), authorName: z.string().nullish(), createdAtTimestamp: moment })),
    })
    .nullish(),
});
export type ProblemDetails = z.output<typeof problemAnswer>;

export const entitiesAnswer = z.object({
  ...next,
  entities: z.array(z.object({ entityId: z.string(), displayName: z.string().nullish() })),
});
