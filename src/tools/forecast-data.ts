import { z } from "zod";

/** `Finding.data` of a forecast. */
const range = z.object({ mean: z.number(), lo80: z.number(), hi80: z.number(), lo95: z.number(), hi95: z.number() });
const backTest = z.object({ origins: z.number(), steps: z.number(), step: z.number().optional(), total: z.number().optional() });
export const forecastData = z.object({
  measure: z.string(),
  unit: z.string(),
  step: z.enum(["day", "week", "month", "quarter", "year"]),
  period: z.object({ from: z.string(), to: z.string() }),
  total: range.describe("What the whole period will come to (its mean for an average), known days included."),
  known: z.object({ steps: z.number(), value: z.number() }),
  steps: z.array(range.extend({ at: z.string() })).describe("Each step ahead, from the first that is not settled."),
  backTest: backTest.describe(
    "step: mean error of single steps, total: of their totals, as shares; tried `origins` times over `steps` steps.",
  ),
  seasons: z.array(z.number()),
  gaps: z.number(),
  methods: z.array(z.object({ name: z.string(), share: z.number() })),
  settledTo: z.string(),
  provisional: z.object({ from: z.string(), steps: z.number(), value: z.number() }).optional(),
  budget: z
    .object({
      budget: z.number(),
      used: z.number(),
      usedShare: z.number(),
      timeShare: z.number(),
      endShare: z.number(),
      over: z.number(),
      chanceOver: z.number(),
      runsOut: z.string().optional(),
    })
    .optional(),
  before: z.object({ period: z.object({ from: z.string(), to: z.string() }), value: z.number() }).optional(),
  slices: z.array(range.partial().extend({ label: z.string(), known: z.number(), error: z.number().optional() })).optional(),
});
export type ForecastData = z.output<typeof forecastData>;
