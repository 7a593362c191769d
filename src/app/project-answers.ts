import { z } from "zod";
import type { ProjectAnswers } from "../api/routes/projects.ts";
import { projectBriefFinding } from "../tools/brief.ts";
import { projectMetricsFinding, projectMetricsOutput } from "../tools/project-metrics.ts";

/** What the API says of one project, made of the tools. */
export function projectAnswers(): ProjectAnswers {
  return {
    metrics: projectMetricsFinding,
    brief: projectBriefFinding,
    metricsSchema: z.toJSONSchema(projectMetricsOutput, { io: "output" }),
  };
}
