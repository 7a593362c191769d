import { z } from "zod";
import { churnPareto } from "./churn.ts";
import { readThemes, themePareto } from "./complaints.ts";
import { viewingPareto } from "./content.ts";
import { defineOperation, flag } from "./define.ts";
import { incidentPareto, readProduction } from "./production.ts";
import { type ParetoAnswer, paretoWords, type Reading } from "./reading.ts";

const DIMENSIONS = ["churn", "production", "complaints", "content"] as const;
type Dimension = (typeof DIMENSIONS)[number];
const THEME_DAYS = 30;

const WORK: Readonly<Record<Dimension, { what: string; of(reading: Reading): Promise<ParetoAnswer | null> }>> = {
  churn: { what: "reasons for leaving", of: churnPareto },
  production: { what: "services, by incidents,", of: async (reading) => incidentPareto(await readProduction(reading)) },
  complaints: {
    what: "themes, by tickets,",
    async of(reading) {
      const found = await readThemes("complaints_pareto", THEME_DAYS, reading);
      return found && themePareto(found);
    },
  },
  content: { what: "shows, by viewing,", of: viewingPareto },
};

export const paretoAnalysis = defineOperation({
  name: "pareto_analysis",
  title: "Pareto analysis",
  description: "The smallest set that makes 80 % of churn, incidents, complaints and viewing. It says so where the rule does not hold.",
  parameters: z.object({
    dimension: z
      .enum(["all", ...DIMENSIONS])
      .default("all")
      .describe("Which one to give"),
    include_insights: flag(true, "Whether to say it in words"),
  }),
  reads: ["customers", "incidents", "issues", "metrics"],
  async work({ dimension, include_insights }, reading) {
    const wanted = DIMENSIONS.filter((d) => dimension === "all" || d === dimension);
    const found: { name: Dimension; pareto: ParetoAnswer | null }[] = [];
    for (const name of wanted) found.push({ name, pareto: await WORK[name].of(reading) });
    return {
      ...Object.fromEntries(found.map(({ name, pareto }) => [`${name}_pareto`, pareto])),
      cross_dimensional_analysis: found.flatMap(({ name, pareto }) =>
        pareto ? [{ dimension: name, n: pareto.n, smallest_for_80: pareto.smallest_for_80, is_80_20: pareto.is_80_20 }] : [],
      ),
      ...(include_insights ? { insights: found.flatMap(({ name, pareto }) => paretoWords(WORK[name].what, pareto) ?? []) } : {}),
    };
  },
});
