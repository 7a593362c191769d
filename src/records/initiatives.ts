import { z } from "zod";
import { day, line, money, projectId, prose } from "./fields.ts";
import { defineResource } from "./resource.ts";

/** Steps of an account plan: what is to be done, how much it may bring, and when. */
export const initiatives = defineResource({
  name: "initiatives",
  singular: "initiative",
  fields: z.strictObject({
    title: line(200),
    description: prose(8_000).optional(),
    accountId: z.string().max(80).optional().describe("Id of the account it is planned for."),
    projectId: projectId.optional(),
    priority: z.enum(["critical", "high", "medium", "low"]),
    status: z.enum(["proposed", "planned", "in_progress", "on_hold", "done", "cancelled"]),
    expectedRevenue: money.optional(),
    timeline: z
      .strictObject({ start: day.optional(), end: day.optional() })
      .refine(({ start, end }) => !start || !end || start <= end, "must not end before it starts")
      .optional()
      .describe("First and last day, both included."),
    owner: line(200).optional(),
  }),
});
