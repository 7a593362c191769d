import { z } from "zod";
import type { Feed } from "../../core/feed.ts";
import { previousPeriod } from "../../core/period.ts";
import { amount, defineOperation } from "./define.ts";
import type { Reading } from "./reading.ts";

const REGION = /^(?:region|country|market)s?$/i;
const MONEY = /revenue|income|sales|mrr/i;
const WINDOW_DAYS = 30;

const groups = z.object({
  groups: z.array(
    z.object({
      column: z.string(),
      value: z.string(),
      customers: z.number(),
      left: z.number(),
      rate: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});

export const internationalMarkets = defineOperation({
  name: "international_markets",
  title: "International markets",
  description: `Revenue of the last ${WINDOW_DAYS} complete days per region against the days before, and churn per region.`,
  parameters: z.object({
    region: z.string().max(100).optional().describe("Only this region"),
    min_performance: amount(0.1, { min: 0, max: 1 }, "Least share of all revenue a region must have"),
  }),
  reads: ["metrics", "customers"],
  async work({ region, min_performance }, reading) {
    const wanted = (name: string) => !region || name.toLowerCase() === region.toLowerCase();
    const regions = await regionalRevenue(reading);
    const churn = await reading.ask("churn_patterns", "churn_root_cause", { by: "region", top: 50 }, groups);
    return {
      regional_performance: regions?.filter((r) => r.share >= min_performance && wanted(r.region)) ?? null,
      content_gaps: reading.lacks("no source tells what is asked for and not there", "content_gaps"),
      churn_patterns:
        churn?.groups
          .filter((g) => wanted(g.value))
          .map(({ value, customers, left, rate, low, high }) => ({
            region: value,
            customers,
            left,
            churn_rate: rate,
            range: { low, high },
          })) ?? null,
      filtered_region: region ?? null,
    };
  },
});

async function regionalRevenue(reading: Reading) {
  const found = await revenueFeed(reading);
  if (!found) return reading.lacks("no dataset has a revenue and a region", "regional_performance");
  const { feed, measure, dimension } = found;
  const period = reading.lastDays(WINDOW_DAYS);
  const now = await reading.facts("regional_performance", feed, { measure, by: [dimension], period });
  const before = await reading.facts("revenue_before", feed, { measure, by: [dimension], period: previousPeriod(period) });
  const totals = Map.groupBy(now ?? [], (f) => f.unit ?? "");
  return (now ?? [])
    .map(({ labels, value, unit = "" }) => {
      const name = labels[dimension] ?? "(not set)";
      const then = before?.find((f) => f.labels[dimension] === labels[dimension] && (f.unit ?? "") === unit)?.value ?? null;
      const total = (totals.get(unit) ?? []).reduce((sum, f) => sum + f.value, 0);
      return {
        region: name,
        revenue: value,
        unit,
        share: total > 0 ? value / total : 0,
        revenue_before: then,
        change: then ? value / then - 1 : null,
      };
    })
    .sort((a, b) => b.revenue - a.revenue);
}

async function revenueFeed({ context }: Reading): Promise<{ feed: Feed; measure: string; dimension: string } | null> {
  for (const feed of context.feeds.filter(({ kind }) => kind === "metrics")) {
    const about = await feed.describe(context.signal, "names").catch(() => undefined);
    const measure = about?.measures.find((m) => MONEY.test(m.name) && m.aggregate !== "mean")?.name;
    const dimension = about?.dimensions.find((d) => REGION.test(d.name))?.name;
    if (measure && dimension) return { feed, measure, dimension };
  }
  return null;
}
