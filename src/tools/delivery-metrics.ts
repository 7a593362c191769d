import { z } from "zod";
import { addDays, civilDate } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { parameters } from "../core/parameters.ts";
import { lastCompleteDays, previousPeriod } from "../core/period.ts";
import type { RecordKind } from "../core/records.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type DeliveryFigures, deliveryFigures } from "./delivery-figures.ts";
import { deliveryOutput, deliveryReport } from "./delivery-report.ts";
import type { Readings } from "./delivery-report-tables.ts";
import { noSource } from "./feed-question.ts";
import { listPeriod } from "./record-list.ts";
import { readRecords } from "./record-question.ts";

export const deliveryMetrics = defineTool({
  name: "delivery_metrics",
  title: "Delivery metrics",
  description:
    "The DORA metrics (deployment frequency, lead time, change failure rate, time to recover) and pull request cycle time with its parts, review load and aging work, against the period before. Use it when someone asks how delivery, reviews or releases are going. An empty metric names the input it lacks.",
  examples: [
    "How are our DORA metrics?",
    "What is our lead time for changes {period}?",
    "deployment frequency and change failure rate last quarter",
    "how long does a change take to reach production?",
    "pull request cycle time by the Middleware definition",
    "who does most of the code reviews?",
    "how fast do we recover from incidents?",
    "delivery metrics last month",
    "how often do we deploy?",
    "what is our cycle time?",
    "how much work is in progress?",
    "What is our MTTR?",
    "mean time to recovery",
    "are we an elite performer?",
    "how quickly do we ship?",
    "how long does code review take?",
    "how long do pull requests wait for a review?",
    "who reviews the most code?",
    "review load per person",
    "how often do our changes fail?",
    "is our delivery getting faster?",
    "time from commit to production",
    "change failure rate {period}",
    "how productive is engineering?",
    "how aged is our work in progress?",
    "DORA metrics by the Four Keys definition",
    "DORA metrics by Four Keys",
    "Four Keys metrics",
    "which pull requests are aging?",
    "aging pull requests",
  ],
  reads: ["pulls", "deploys"],
  effect: "read",
  role: "viewer",
  command: { name: "delivery", hint: "[period]" },
  input: z.strictObject({
    period: parameters.period,
    filter: parameters.filter,
    definition: z
      .enum(["devlake", "four_keys", "middleware"])
      .optional()
      .describe("Whose definition of the metrics; devlake unless given. They differ in medians or means and in what a failure is."),
  }),
  output: deliveryOutput,

  async run(input, context) {
    const definition = input.definition ?? "devlake";
    const period = periodOf(input.period, context);
    const before = previousPeriod(period);
    const notes: string[] = [];
    const { records, readings } = await readAll({ from: before.from, to: period.to }, input.filter ?? {}, context, notes);
    // What is connected and could not be used says why; that nothing is connected would be untrue.
    if (readings.pulls.sources.length + readings.deploys.sources.length === 0)
      throw new UserError(notes.length > 0 ? notes.join(" ") : noSource("pulls", context));
    const now = ofAllSources(deliveryFigures(records, period, definition, context.now), readings);
    const then = ofAllSources(deliveryFigures(records, before, definition, context.now), readings);
    const missing = missingInputs(now, readings, context);
    return deliveryReport({ definition, period, before, now, then, missing, notes, readings, records }, context);
  },
});

/** A change merged in the period may have been opened long before. */
const OPENED_BEFORE_DAYS = 120;

/** Without a period the last thirty complete days: today would drag every rate down. */
function periodOf(asked: Period | string | undefined, context: ToolContext): Period {
  return asked === undefined ? lastCompleteDays(30, civilDate(context.now, context.user.timeZone)) : listPeriod(asked, context);
}

async function readAll(period: Period, asked: Readonly<Record<string, string | readonly string[]>>, context: ToolContext, notes: string[]) {
  const filter = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, typeof value === "string" ? [value] : value]));
  const wide = { from: addDays(period.from, -OPENED_BEFORE_DAYS), to: period.to };
  const read = (kind: RecordKind) => readRecords(kind, { period: wide, ...(Object.keys(filter).length ? { filter } : {}) }, context, notes);
  const [pulls, deploys, incidents] = await Promise.all([read("pulls"), read("deploys"), read("incidents")]);
  const records = { pulls: pulls.records, deploys: deploys.records, incidents: incidents.records };
  return { records, readings: { pulls, deploys, incidents } };
}

/** A rate over what one of several sources tells would be another rate: it is missing until all of them answer. */
function ofAllSources(figures: DeliveryFigures, { pulls, deploys, incidents }: Readings): DeliveryFigures {
  const [noDeploys, noIncidents, noPulls] = [deploys, incidents, pulls].map(({ silent }) => silent.length > 0);
  return {
    ...figures,
    ...(noDeploys ? { frequency: null } : {}),
    ...(noDeploys || noPulls ? { lead: null } : {}),
    ...(noDeploys || noIncidents ? { failureRate: null, recovery: null } : {}),
    ...(pulls.sources.length === 0 ? { merged: null } : {}),
  };
}

/** Each metric without a figure, and what it lacks. */
function missingInputs(now: DeliveryFigures, readings: Readings, context: ToolContext): string[] {
  const lines: readonly (readonly [name: string, isMissing: boolean, needs: readonly (keyof Readings)[], otherwise: string])[] = [
    ["Deployment frequency", now.frequency === null, ["deploys"], "no successful production deployment was found."],
    [
      "Lead time",
      now.lead === null,
      ["pulls", "deploys"],
      now.merged === 0 ? "no pull request was merged." : "no merged pull request can be laid to a deployment.",
    ],
    [
      "Change failure rate",
      now.failureRate === null || readings.incidents.sources.length === 0,
      ["incidents", "deploys"],
      "there was no deployment to fail.",
    ],
    ["Time to recover", now.recovery === null, ["incidents", "deploys"], "no incident that followed a deployment was resolved."],
  ];
  return lines.flatMap(([name, isMissing, needs, otherwise]) =>
    isMissing ? [`${name}: ${lackOf(needs, readings, context) ?? otherwise}`] : [],
  );
}

/** What is out of reach, else what is not connected. */
function lackOf(needs: readonly (keyof Readings)[], readings: Readings, context: ToolContext): string | undefined {
  const silent = needs.flatMap((kind) => readings[kind].silent);
  if (silent.length > 0) return `${listWords(silent)} could not be read just now, and a figure of the rest would be another one.`;
  const absent = needs.find((kind) => readings[kind].sources.length === 0);
  return absent && noSource(absent, context);
}
