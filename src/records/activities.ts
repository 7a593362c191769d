import { z } from "zod";
import { count, instant, line, money, projectId, prose } from "./fields.ts";
import { defineResource } from "./resource.ts";

/** What was done with an AI tool: what was asked, what came, and what became of it. */
export const activities = defineResource({
  name: "activities",
  singular: "activity",
  quiet: true,
  fields: z.strictObject({
    externalId: line(200).optional().describe("The sender's own id: sent again, it is the same activity."),
    at: instant.optional().describe("When it was; now without it."),
    tool: line(100).describe("The AI tool: Claude Code, Copilot …"),
    source: line(200).optional().describe("Who tells of it, where a connected source does: “Claude Code analytics”."),
    count: count.optional().describe("How many it stands for, where a source only tells sums of a day: sessions, accepted suggestions."),
    category: line(100).optional(),
    model: line(200).optional(),
    prompt: prose(100_000).optional(),
    response: prose(400_000).optional(),
    codeChanges: z.strictObject({ files: count.optional(), additions: count.optional(), deletions: count.optional() }).optional(),
    decision: z.enum(["accepted", "edited", "rejected"]).optional(),
    cost: money.optional(),
    tokens: count.optional(),
    user: line(200).optional(),
    projectId: projectId.optional(),
  }),
  externalId: ({ externalId }) => externalId,
  at: ({ at }) => at,
});
