import { z } from "zod";
import { civilDate } from "../../core/civil-date.ts";
import { readThemes } from "./complaints.ts";
import { days, defineOperation, flag } from "./define.ts";
import type { Reading } from "./reading.ts";

const MONTHS = 12;
const range = z.object({ month: z.string(), mean: z.number(), lo80: z.number(), hi80: z.number() });
const forecast = z.object({
  unit: z.string(),
  months: z.array(range),
  free: z.number(),
  backTest: z.object({ step: z.number().optional(), total: z.number().optional() }),
});

export const revenueImpact = defineOperation({
  name: "revenue_impact",
  title: "Revenue impact",
  description: "What customers who left paid, who complaints touch, and where revenue goes from here. A customer counts once.",
  parameters: z.object({
    include_projections: flag(true, "Whether to forecast revenue"),
    timeframe_days: days(),
  }),
  reads: ["customers", "metrics", "issues"],
  async work({ include_projections, timeframe_days }, reading) {
    const churn = await lostToChurn(timeframe_days, reading);
    const complaints = await readThemes("complaint_revenue_impact", timeframe_days, reading);
    const projections = include_projections
      ? await reading.ask("revenue_projections", "forecast_revenue", { months: MONTHS }, forecast)
      : null;
    return {
      churn_revenue_impact: churn,
      production_revenue_impact: reading.lacks("no source ties money to incidents", "production_revenue_impact"),
      complaint_revenue_impact: complaints && {
        note: "What customers in a theme pay a month, where known: touched, not lost. Customers stand in several themes, so this is not added up.",
        currency: complaints.currency,
        themes: complaints.themes.map(({ name, customers, revenue }) => ({ name, customers, customers_pay_monthly: revenue })),
      },
      content_revenue_impact: reading.lacks("no source ties money to content", "content_revenue_impact"),
      total_aggregated_impact: {
        addressable_annual_loss: churn?.map(({ currency, lost_a_year }) => ({ currency, amount: lost_a_year })) ?? null,
        total_opportunity: reading.lacks("nobody knows what share could be won back", "total_opportunity"),
        breakdown: { churn: churn?.map(({ currency, lost_a_year }) => ({ currency, amount: lost_a_year })) ?? null },
      },
      ...(include_projections ? { revenue_projections: projections } : {}),
    };
  },
});

/** Monthly payments of those who left in the days, each customer once; a year is twelve of their months. */
async function lostToChurn(timeframe: number, reading: Reading) {
  const { context } = reading;
  const customers = await reading.records("churn_revenue_impact", "customers");
  if (!customers) return null;
  const { from, to } = reading.lastDays(timeframe);
  const left = customers.filter(({ times }) => {
    const day = times.ended && civilDate(times.ended, context.user.timeZone);
    return day !== undefined && day >= from && day <= to;
  });
  const paying = left.filter(({ numbers }) => numbers.mrr !== undefined);
  if (left.length > 0 && paying.length === 0)
    return reading.lacks("the customers' monthly payment (mrr) is not known", "churn_revenue_impact");
  const units = await currencies(reading);
  const [currency] = units;
  if (units.length > 1)
    return reading.lacks("customers pay in several currencies, and their records do not say which", "churn_revenue_impact");
  const lost = paying.reduce((sum, { numbers }) => sum + (numbers.mrr ?? 0), 0);
  return [
    {
      currency: currency ?? null,
      customers_left: left.length,
      with_known_payment: paying.length,
      lost_a_month: lost,
      lost_a_year: lost * 12,
    },
  ];
}

async function currencies({ context }: Reading): Promise<string[]> {
  const feeds = context.feeds.filter(({ kind, records }) => kind === "customers" && records);
  const described = await Promise.all(feeds.map((feed) => feed.describe(context.signal, "names").catch(() => undefined)));
  return [...new Set(described.flatMap((about) => about?.measures.find((m) => m.name === "mrr")?.unit ?? []))];
}
