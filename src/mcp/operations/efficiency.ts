import { z } from "zod";
import { days, defineOperation } from "./define.ts";

const figures = z.object({
  deploymentsPerWeek: z.number().nullable(),
  leadTimeHours: z.number().nullable(),
  changeFailureRate: z.number().nullable(),
  recoveryHours: z.number().nullable(),
  cycleP50Hours: z.number().nullable(),
  mergedPullRequests: z.number().nullable(),
});
const delivery = z.object({ now: figures, before: figures, missing: z.array(z.string()) });
const costs = z.object({ totals: z.array(z.object({ unit: z.string(), value: z.number(), change: z.number().nullish() })) });
const risks = z.object({
  services: z.array(z.object({ service: z.string(), score: z.number(), incidents: z.number(), open: z.number() })),
});

const METRICS = ["production", "resource", "quality"] as const;

export const operationalEfficiency = defineOperation({
  name: "operational_efficiency",
  title: "Operational efficiency",
  description: "Delivery, cost and quality of the last days against those before.",
  parameters: z.object({
    metric_type: z
      .enum(["all", ...METRICS])
      .default("all")
      .describe("Which part to give"),
    timeframe_days: days(),
  }),
  reads: ["deploys", "pulls", "costs", "incidents"],
  async work({ metric_type, timeframe_days }, reading) {
    const wants = (part: (typeof METRICS)[number]) => metric_type === "all" || metric_type === part;
    const period = reading.lastDays(timeframe_days);
    const found =
      wants("production") || wants("quality") ? await reading.ask("production_metrics", "delivery_metrics", { period }, delivery) : null;
    const spent = wants("resource")
      ? await reading.ask("resource_metrics", "get_costs", { feed: "costs", period, compare: "previous" }, costs)
      : null;
    const risk = wants("quality") ? await reading.ask("quality_metrics", "production_risk", { period, top: 5 }, risks) : null;
    return {
      efficiency_score: reading.lacks(
        "deploys, money and failures have no common measure; one number would hide what to do",
        "efficiency_score",
        "overall_efficiency_score",
        "grade",
        "component_scores",
      ),
      ...(wants("production") ? { production_metrics: found && { now: found.now, before: found.before, lacking: found.missing } } : {}),
      ...(wants("resource") ? { resource_metrics: spent && { cost: spent.totals } } : {}),
      ...(wants("quality")
        ? {
            quality_metrics: (found ?? risk) && {
              change_failure_rate: found?.now.changeFailureRate ?? null,
              change_failure_rate_before: found?.before.changeFailureRate ?? null,
              recovery_hours: found?.now.recoveryHours ?? null,
              riskiest_services: risk?.services ?? null,
            },
          }
        : {}),
      recommendations: reading.lacks("the tool “brief” says what to do first, and why", "recommendations"),
    };
  },
});
