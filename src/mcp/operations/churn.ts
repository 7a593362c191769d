import { z } from "zod";
import { amount, defineOperation, flag } from "./define.ts";
import { paretoOf, type Reading, slug } from "./reading.ts";

const cohort = z.object({
  name: z.string(),
  customers: z.number(),
  risk: z.number(),
  observed: z.number(),
  low: z.number(),
  high: z.number(),
});
const risk = z.object({
  customers: z.number(),
  expected: z.number(),
  quality: z.record(z.string(), z.unknown()),
  learntFrom: z.object({ rows: z.number(), left: z.number() }),
  cohorts: z.array(cohort),
  drivers: z.array(z.string()),
});
const causes = z.object({
  customers: z.number(),
  left: z.number(),
  rate: z.number(),
  reasons: z.array(z.object({ value: z.string(), left: z.number(), column: z.string() })),
});

const NO_HORIZON = "the model says who is likely to leave, not by when";
const NO_COHORT_FIGURE = "not worked out per cohort";

export const churnSignals = defineOperation({
  name: "churn_signals",
  title: "Churn signals",
  description: "Cohorts of customers at risk, learnt from those who left, with what drives it and how good the model is.",
  parameters: z.object({
    risk_threshold: amount(0.3, { min: 0, max: 1 }, "Least churn risk of a cohort"),
    min_cohort_size: amount(1_000, { min: 1, max: 1e9 }, "Least customers of a cohort"),
    include_pareto: flag(true, "Whether to say which reasons make most of the churn"),
  }),
  reads: ["customers"],
  async work({ risk_threshold, min_cohort_size, include_pareto }, reading) {
    const found = await reading.ask("cohorts", "churn_risk", { top: 50 }, risk);
    const risky = found?.cohorts.filter((c) => c.risk >= risk_threshold) ?? [];
    const large = risky.filter((c) => c.customers >= min_cohort_size);
    const smaller = risky.length - large.length;
    reading.lacks(NO_HORIZON, "projected_churners_30d", "financial_impact_30d");
    reading.lacks(NO_COHORT_FIGURE, "avg_lifetime_value", "complaint_rate", "content_engagement_drop_pct", "primary_driver");
    reading.lacks("only a campaign with a control group can tell", "retention_interventions", "predicted_retention_uplift");
    const pareto = include_pareto ? await churnPareto(reading) : null;
    return {
      cohorts: found && large.map((c) => toCohort(c, reading.today)),
      ...(smaller > 0
        ? {
            note: `${smaller} more cohorts at this risk have fewer than ${min_cohort_size} customers; lower min_cohort_size to see them. Cohorts overlap.`,
          }
        : {}),
      drivers: found?.drivers ?? null,
      retention_metrics: found && {
        customers: found.customers,
        expected_churners: found.expected,
        learnt_from: found.learntFrom,
        model_quality: found.quality,
      },
      ltv_analysis: reading.lacks("lifetime values are not worked out", "ltv_analysis"),
      ...(include_pareto
        ? {
            pareto_analysis: pareto,
            pareto_top_cohorts: reading.lacks("cohorts overlap, so their churners cannot be added up", "pareto_top_cohorts"),
          }
        : {}),
    };
  },
});

function toCohort({ name, customers, risk: score, observed, low, high }: z.output<typeof cohort>, today: string) {
  return {
    cohort_id: slug(name),
    name,
    size: customers,
    churn_risk_score: score,
    churned_so_far_share: observed,
    churned_so_far_range: { low, high },
    projected_churners_30d: null,
    avg_lifetime_value: null,
    financial_impact_30d: null,
    complaint_rate: null,
    content_engagement_drop_pct: null,
    primary_driver: null,
    identified_date: today,
    demographic: name,
    retention_interventions: null,
    predicted_retention_uplift: null,
  };
}

/** Customers who left, by the reason on record: each has one. */
export async function churnPareto(reading: Reading) {
  const found = await reading.ask("churn_pareto", "churn_root_cause", { top: 50 }, causes);
  if (!found) return null;
  const [first] = found.reasons;
  if (!first) return reading.lacks("no reason for leaving is on record", "churn_pareto");
  const pareto = paretoOf(
    found.reasons.filter((r) => r.column === first.column).map((r) => ({ label: r.value, value: r.left })),
    "customers who left",
  );
  return pareto && { by: first.column, ...pareto };
}
