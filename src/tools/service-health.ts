import { z } from "zod";
import { civilDate } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { formatPercent } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatDay, formatPeriod, lastCompleteDays, previousPeriod } from "../core/period.ts";
import type { ChartBlock } from "../core/reply.ts";
import { defineTool } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { chartNotes, contentOf, notesText } from "./finding.ts";
import { listPeriod } from "./record-list.ts";
import { judge, STATES, worstFirst } from "./service-health-judge.ts";
import { type HealthReading, healthSources, readHealth, servicesMeant } from "./service-health-read.ts";
import { healthKpis, healthTable, healthWords, type Judged, named } from "./service-health-words.ts";

const figure = z.number().nullable();
const signals = z.object({ requests: figure, errorRate: figure, p95: figure, apdex: figure });
const service = z.object({
  service: z.string(),
  state: z.enum(STATES),
  reasons: z.array(z.string()),
  now: signals,
  before: signals,
  incidents: figure,
  open: z.array(z.string()).nullable(),
  sources: z.array(z.string()),
});
const period = z.object({ from: z.string(), to: z.string() });
const output = z.object({ period, before: period, services: z.array(service), openElsewhere: figure });

const RECENT_DAYS = 7;
const SHOWN = 25;

export const serviceHealth = defineTool({
  name: "service_health",
  title: "Service health",
  description:
    "How healthy services are, over all connected monitoring: requests, error rate, p95 latency and Apdex per service against the period before, open incidents beside them, red, amber or green by stated thresholds, worst first. Use it for health, error rates, slow services, or whether a release did harm.",
  examples: [
    "Which services are unhealthy?",
    "how are our services doing?",
    "which service is slowest?",
    "is any service in trouble?",
    "latency of our services",
    "what is the error rate of a service?",
    "is checkout up?",
    "service health",
    "service health last week",
    "How healthy is gate-api?",
    "is anything slow or failing?",
    "health of our services {period}",
    "error rates and latency by service",
    "uptime of gate-api {period}",
    "latency of gate-api",
    "is gate-api ok?",
    "response times of our services",
    "which services have high error rates?",
    "how available were we last month?",
    "p95 latency by service",
    "is checkout slow?",
    "are all systems green?",
    "which service has the worst latency?",
    "SLO status",
    "throughput of gate-api",
    "how is gate-api behaving compared with last week?",
    "error rates since the release, better or worse?",
    "did gate-api get slower?",
    "is depot-api stable?",
  ],
  reads: "incidents",
  effect: "read",
  role: "viewer",
  command: { name: "health", hint: "[service] [period]" },
  input: z.strictObject({
    service: z.string().min(1).max(120).optional().describe('Only this service: "gate-api", or a part of its name.'),
    period: parameters.period.describe(
      'Words ("last week", "since Monday") or {"from", "to"}, both days included. The last seven complete days unless given.',
    ),
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const notes: string[] = [];
    const sources = await healthSources(context, input.service === undefined ? "names" : "values", notes);
    const names = servicesMeant(input.service, sources);
    const today = civilDate(context.now, context.user.timeZone);
    const days = input.period === undefined ? lastCompleteDays(RECENT_DAYS, today) : listPeriod(input.period, context);
    const before = previousPeriod(days);
    const reading = await readHealth(sources, names, { period: days, before, today }, context, notes);
    if (reading.services.length === 0)
      throw new UserError(`No service was measured in ${formatPeriod(days)}. Ask for another period.`, { path: "period" });
    if (days.to >= today) notes.push("Today is not over, so its requests are fewer for that alone.");
    if (reading.elsewhere)
      notes.push(`${reading.elsewhere} more open ${reading.elsewhere === 1 ? "incident is" : "incidents are"} of no measured service.`);
    const judged = judgedOf(reading, days.to >= today);
    const shown = judged.slice(0, input.top ?? SHOWN);
    if (shown.length < judged.length) notes.push(`${judged.length - shown.length} more services are not shown; name more with top.`);
    const text = `${healthWords(judged, days, before)}${notesText({ notes })}`;
    const table = healthTable(shown);
    const chart = await chartOf(judged[0], reading);
    return {
      content: contentOf(text, [table]),
      data: dataOf(judged, days, before, reading.elsewhere),
      blocks: [{ type: "markdown", text }, healthKpis(judged, reading.elsewhere), ...(chart ? [chart] : []), table],
      facts: reading.facts,
      receipts: reading.receipts,
      suggestions: ["List incidents last week"],
    };
  },
});

/** A day that is not over has fewer requests than a whole one: that is no fall. */
function judgedOf({ services }: HealthReading, isOpen: boolean): Judged[] {
  const fair = isOpen ? services.map((one) => ({ ...one, before: { ...one.before, requests: null } })) : services;
  return fair.map((one) => ({ ...one, ...judge(one) })).sort(worstFirst);
}

/** The course of the worst service's error rate; none where there are fewer than two days of it. */
async function chartOf(worst: Judged | undefined, { receipts }: HealthReading): Promise<ChartBlock | undefined> {
  if (!worst || worst.days.length < 2) return undefined;
  const { timeChart } = await import("../charts/time-chart.ts");
  const top = worst.days.reduce((a, b) => (b.value > a.value ? b : a));
  return timeChart({
    title: `${named(worst.service)}: at most ${formatPercent(top.value)} of requests failed, on ${formatDay(top.day)}`,
    subject: "error rate per day of the worst service",
    unit: "ratio",
    grain: "day",
    notes: chartNotes(receipts),
    series: [{ name: named(worst.service), points: worst.days.map(({ day, value }) => ({ at: day, value })) }],
  });
}

function dataOf(judged: readonly Judged[], days: Period, before: Period, openElsewhere: number | null): z.output<typeof output> {
  return {
    period: days,
    before,
    openElsewhere,
    services: judged.map((one) => ({
      service: one.service,
      state: one.state,
      reasons: one.reasons.map(({ sign, state }) => `${sign} (${state})`),
      now: one.now,
      before: one.before,
      incidents: one.incidents,
      open: one.open?.map(({ id }) => id) ?? null,
      sources: [...one.sources],
    })),
  };
}
