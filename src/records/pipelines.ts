import { z } from "zod";
import { count, instant, line, projectId } from "./fields.ts";
import { qualityGate } from "./quality-gate.ts";
import { defineResource } from "./resource.ts";

const percent = z.number("must be a number").min(0, "must not be negative").max(100, "must be at most 100");
const vulnerabilities = { critical: count.optional(), high: count.optional(), medium: count.optional(), low: count.optional() };

export const pipelineFields = z.strictObject({
  externalId: line(300).optional().describe("The sender's own id of the run: sent again, the run is changed."),
  repository: line(200).describe("owner/name"),
  workflow: line(200).optional(),
  branch: line(300).optional(),
  commit: line(100).optional(),
  url: z
    .url({ protocol: /^https?$/, message: "must be an http address" })
    .max(2_000)
    .optional(),
  status: z.enum(["queued", "running", "success", "failure", "cancelled"]),
  startedAt: instant.optional(),
  finishedAt: instant.optional(),
  tests: z
    .strictObject({ total: count, passed: count, failed: count, skipped: count.optional() })
    .refine(({ total, passed, failed, skipped = 0 }) => passed + failed + skipped <= total, "has more results than tests")
    .optional(),
  coverage: percent.optional().describe("Lines covered by tests, in percent."),
  vulnerabilities: z.strictObject(vulnerabilities).optional().describe("Found by a scan; one that is left out was not looked for."),
  gates: z
    .strictObject({
      coverage: percent.optional().describe("Least coverage, in percent."),
      vulnerabilities: z.strictObject(vulnerabilities).optional().describe("Most that may be found of each severity."),
    })
    .optional()
    .describe("What the run has to reach."),
  deployment: z
    .strictObject({
      environment: line(100),
      status: z.enum(["pending", "running", "success", "failure"]),
      version: line(200).optional(),
      at: instant.optional(),
    })
    .optional(),
  projectId: projectId.optional(),
});

/** Runs of builds, with what their tests and scans found. */
export const pipelines = defineResource({
  name: "pipelines",
  singular: "pipeline",
  quiet: true,
  fields: pipelineFields,
  derived: z.object({
    durationMs: z.number().nullable(),
    gate: z.object({
      state: z.enum(["passed", "failed", "unknown", "none"]),
      checks: z.array(z.object({ name: z.string(), state: z.enum(["passed", "failed", "unknown"]), detail: z.string() })),
    }),
  }),
  externalId: ({ externalId }) => externalId,
  at: ({ startedAt }) => startedAt,
  derive: (run) => ({
    durationMs: run.startedAt && run.finishedAt ? Date.parse(run.finishedAt) - Date.parse(run.startedAt) : null,
    gate: qualityGate(run),
  }),
});
