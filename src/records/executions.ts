import { z } from "zod";
import { instant, line, projectId, prose } from "./fields.ts";
import { defineResource } from "./resource.ts";

/** Work handed to an agent. The rows are the queue: it survives restarts. */
export const executions = defineResource({
  name: "executions",
  singular: "execution",
  fields: z.strictObject({
    agent: line(200).describe("Who is to do it."),
    task: prose(20_000).min(1, "must not be empty"),
    input: z.unknown().optional(),
    status: z.enum(["queued", "running", "completed", "failed"]).optional().describe("queued → running → completed or failed."),
    result: z.unknown().optional().describe("Of a completed one."),
    error: prose(20_000).optional().describe("Why it failed; needed when it has."),
    startedAt: instant.optional().describe("Filled when it begins to run."),
    finishedAt: instant.optional().describe("Filled when it ends."),
    projectId: projectId.optional(),
  }),
  derived: z.object({ durationMs: z.number().nullable() }),
  lifecycle: { initial: "queued", next: { queued: ["running"], running: ["completed", "failed"], completed: [], failed: [] } },
  settle(data, before, now) {
    const entered = data.status !== before?.status;
    if (!entered) return data;
    if (data.status === "running") return { startedAt: now.toISOString(), ...data };
    if (data.status === "completed" || data.status === "failed") return { finishedAt: now.toISOString(), ...data };
    return data;
  },
  derive: ({ startedAt, finishedAt }) => ({ durationMs: startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null }),
});
