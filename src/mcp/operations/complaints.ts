import { z } from "zod";
import { amount, days, defineOperation, flag } from "./define.ts";
import { paretoOf, paretoWords, type Reading, slug } from "./reading.ts";

const theme = z.object({
  name: z.string(),
  words: z.array(z.string()),
  tickets: z.number(),
  before: z.number(),
  trend: z.string().nullable(),
  sentiment: z.number().nullable(),
  urgency: z.number().nullable(),
  customers: z.number().nullable(),
  revenue: z.number().nullable(),
  service: z.string().nullable(),
  fixability: z.number(),
  worth: z.number(),
  quotes: z.array(z.string()),
});
const themes = z.object({ tickets: z.number(), other: z.number(), currency: z.string().nullable(), themes: z.array(theme) });

export async function readThemes(key: string, daysBack: number, reading: Reading) {
  return reading.ask(key, "complaint_themes", { period: reading.lastDays(daysBack), rank_by: "volume", top: 100 }, themes);
}

export function themePareto(found: z.output<typeof themes>) {
  const rest = found.other > 0 ? [{ label: "(in no theme)", value: found.other }] : [];
  return paretoOf([...found.themes.map((t) => ({ label: t.name, value: t.tickets })), ...rest], "tickets");
}

export const complaintsTopics = defineOperation({
  name: "complaints_topics",
  title: "Complaint topics",
  description: "What customers complain about: themes found in ticket texts, their volume, mood and trend, and who is touched.",
  parameters: z.object({
    days_back: days(),
    min_volume: amount(100, { min: 1, max: 1e9 }, "Least tickets of a theme"),
    include_pareto: flag(true, "Whether to say which themes make most of the tickets"),
  }),
  reads: ["issues"],
  async work({ days_back, min_volume, include_pareto }, reading) {
    const found = await readThemes("themes", days_back, reading);
    const large = found?.themes.filter((t) => t.tickets >= min_volume) ?? [];
    const smaller = (found?.themes.length ?? 0) - large.length;
    reading.lacks("tickets do not say who left because of them", "churn_correlation", "churners_attributed", "revenue_impact_annual");
    reading.lacks(
      "people know this, not tickets; fixability (0 to 1) is how narrow the theme is",
      "is_fixable",
      "fix_complexity",
      "estimated_fix_timeline",
      "recommended_actions",
    );
    const pareto = found && include_pareto ? themePareto(found) : null;
    return {
      themes: found && large.map((t) => toTheme(t, found.currency)),
      ...(smaller > 0 ? { note: `${smaller} smaller themes have fewer than ${min_volume} tickets; lower min_volume to see them.` } : {}),
      tickets: found?.tickets ?? null,
      sentiment_trends:
        found?.themes.map((t) => ({
          theme_id: slug(t.name),
          sentiment: t.sentiment,
          tickets: t.tickets,
          tickets_before: t.before,
          trend: t.trend,
        })) ?? null,
      churn_correlation: null,
      ...(include_pareto ? { pareto_analysis: pareto, pareto_insights: paretoWords("themes", pareto) } : {}),
    };
  },
});

function toTheme(t: z.output<typeof theme>, currency: string | null) {
  return {
    theme_id: slug(t.name),
    name: t.name,
    keywords: t.words,
    complaint_volume: t.tickets,
    avg_sentiment_score: t.sentiment,
    churn_correlation: null,
    churners_attributed: null,
    revenue_impact_annual: null,
    customers: t.customers,
    customers_pay_monthly: t.revenue === null ? null : { amount: t.revenue, currency },
    service: t.service,
    is_fixable: null,
    fixability: t.fixability,
    fix_complexity: null,
    estimated_fix_timeline: null,
    recommended_actions: null,
    example_complaints: t.quotes,
  };
}
