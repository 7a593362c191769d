import { z } from "zod";
import { amount, defineOperation } from "./define.ts";

const campaign = z.object({
  target: z.string(),
  size: z.number(),
  treated: z.number(),
  held: z.number(),
  expectedLosses: z.number(),
  saveRate: z.number(),
  expectedSaves: z.number(),
  cost: z.number().optional(),
  neededPerGroup: z.number(),
  measurable: z.boolean(),
  schedule: z.object({ begin: z.string(), contactUntil: z.string(), measure: z.string() }),
});

const PLANNED = "planned";

export const retentionCampaigns = defineOperation({
  name: "retention_campaigns",
  title: "Retention campaigns",
  description: "The campaign that the churn model would plan now. Results of campaigns that ran are not invented.",
  parameters: z.object({
    campaign_status: z.string().max(40).optional().describe("Only campaigns in this state: planned, active, completed"),
    min_effectiveness: amount(0, { min: 0, max: 1 }, "Least measured effectiveness"),
  }),
  reads: ["customers"],
  async work({ campaign_status, min_effectiveness }, reading) {
    const plan = await reading.ask("campaigns", "retention_campaign", {}, campaign);
    const why = "no source of campaigns that ran is connected; only the plan is known";
    reading.lacks(
      why,
      "tactics",
      "budget",
      "reach",
      "converted",
      "retention_uplift",
      "effectiveness_score",
      "conversion_rate",
      "cost_per_conversion",
      "roi",
      "subscribers_retained",
      "revenue_impact_annual",
      "best_practices",
    );
    const wanted = (!campaign_status || campaign_status.toLowerCase() === PLANNED) && min_effectiveness === 0;
    return {
      campaigns: plan && (wanted ? [planned(plan)] : []),
      summary: { known: plan && wanted ? 1 : 0, note: why },
      best_practices: null,
    };
  },
});

function planned(plan: z.output<typeof campaign>) {
  return {
    campaign_id: "plan",
    name: `Keep customers whose ${plan.target}`,
    target_cohort: plan.target,
    status: PLANNED,
    dates: plan.schedule,
    tactics: null,
    budget: plan.cost ?? null,
    reach: null,
    converted: null,
    retention_uplift: null,
    effectiveness_score: null,
    conversion_rate: null,
    cost_per_conversion: null,
    roi: null,
    subscribers_retained: null,
    revenue_impact_annual: null,
    plan: {
      customers: plan.size,
      to_contact: plan.treated,
      control_group: plan.held,
      expected_losses_without: plan.expectedLosses,
      assumed_save_rate: plan.saveRate,
      expected_saves: plan.expectedSaves,
      needed_per_group_to_measure: plan.neededPerGroup,
      measurable: plan.measurable,
    },
  };
}
