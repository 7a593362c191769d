import { z } from "zod";
import type { CampaignPlan } from "../analytics/churn/campaign.ts";
import { formatNumber, formatPercent } from "../core/format.ts";

/** A campaign as tools give it: money only where it was said what contacts cost and customers are worth. */
export const campaignShape = z.object({
  target: z.string(),
  size: z.number(),
  treated: z.number(),
  held: z.number().describe("Left alone, to compare with."),
  expectedLosses: z.number(),
  saveRate: z.number().describe("Assumed, not measured."),
  expectedSaves: z.number(),
  cost: z.number().optional(),
  benefit: z.number().optional(),
  breakEven: z.number().optional(),
  neededPerGroup: z.number(),
  measurable: z.boolean(),
});

/** A retention campaign in words: for whom, what it may give under which assumption, and how to know. */
export function campaignText(target: string, plan: CampaignPlan, assumedByUs: boolean): string {
  const sentences = [
    `Campaign: contact ${formatNumber(plan.treated)} of the ${formatNumber(plan.size)} customers where ${target}, and leave ${formatNumber(plan.held)} alone, chosen by chance.`,
    `Assuming that ${formatPercent(plan.saveRate)} of those who would leave stay${assumedByUs ? " (an assumption; name your own)" : ""}, it keeps about ${formatNumber(Number(plan.expectedSaves.toPrecision(2)))}.`,
    moneyText(plan),
    plan.measurable
      ? "Compare the share that left in both groups: the hold-out is large enough to see that effect."
      : `Compare the share that left in both groups: to see that effect it would take about ${formatNumber(plan.neededPerGroup)} customers in each, so read a small difference as not known.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

function moneyText({ cost, benefit, breakEven }: CampaignPlan): string {
  if (cost === undefined && benefit === undefined) return "";
  if (cost === undefined) return `That is worth ${formatNumber(benefit ?? 0)}.`;
  if (benefit === undefined) return `It costs ${formatNumber(cost)}; name the value of a customer kept to weigh it.`;
  const even = breakEven === undefined ? "" : ` It pays from a save rate of ${formatPercent(breakEven)} on.`;
  return `It costs ${formatNumber(cost)} and brings ${formatNumber(benefit)}.${even}`;
}
