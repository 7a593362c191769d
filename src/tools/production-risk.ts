import { z } from "zod";
import { pareto } from "../analytics/pareto.ts";
import { civilDate } from "../core/civil-date.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, lastCompleteDays, previousPeriod } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { noSource } from "./feed-question.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";
import { type RiskReading, readRisk, type ServiceRisk } from "./production-risk-read.ts";
import { RISK_WEIGHTS, type RiskScore, riskScores } from "./production-risk-score.ts";
import { listPeriod } from "./record-list.ts";

const points = z.object({ incidents: z.number(), open: z.number(), failedDeploys: z.number(), errorRise: z.number() });
const service = z.object({
  service: z.string(),
  score: z.number(),
  points,
  incidents: z.number(),
  incidentsBefore: z.number(),
  critical: z.number(),
  open: z.number(),
  deploys: z.number(),
  failedDeploys: z.number().nullable(),
  errorsNow: z.number().nullable(),
  errorsBefore: z.number().nullable(),
});
const output = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  before: z.object({ from: z.string(), to: z.string() }),
  services: z.array(service),
  weights: points,
  concentration: z.object({ servicesTo80: z.number(), services: z.number() }).nullable(),
  unnamed: z.number(),
  seen: z.array(z.string()),
  missing: z.array(z.string()),
});
type Row = z.output<typeof service>;

const SHOWN = 10;

export const productionRisk = defineTool({
  name: "production_risk",
  title: "Production risk",
  description:
    "Which services are the riskiest in production: ranked by incidents weighed by severity, what is still open, failed deployments and rising errors, with the points of each sign and the weights stated. Use it for risky services, production risk and where reliability work should go first. A plain list of incidents is list_incidents.",
  examples: [
    "Analyse production risk",
    "Which services are the riskiest in production?",
    "production risk by service {period}",
    "Rank our services by reliability risk",
    "Which service is most fragile?",
    "what could break next in production?",
    "which service worries you most?",
    "where is production most at risk?",
    "riskiest services",
    "which system is likely to fail?",
    "how risky is our production?",
  ],
  reads: ["incidents", "deploys"],
  effect: "read",
  role: "viewer",
  command: { name: "risk", hint: "[period] [top N]" },
  input: z.strictObject({
    period: parameters.period,
    severity: z.enum(["critical", "high", "medium", "low"]).optional().describe("Only incidents of this severity."),
    top: parameters.top,
  }),
  output,

  async run(input, context): Promise<Finding> {
    const today = civilDate(context.now, context.user.timeZone);
    const period = input.period === undefined ? lastCompleteDays(30, today) : listPeriod(input.period, context);
    const before = previousPeriod(period);
    const notes: string[] = [];
    const reading = await readRisk(period, before, input.severity, context, notes);
    if (!reading.seen.some((name) => name !== "errors by service"))
      throw new UserError(notes[0] ?? noSource("incidents", context), { path: "period" });
    const scores = riskScores(new Map(reading.services.map((risk) => [risk.service, risk])));
    const rows = reading.services
      .map((risk) => rowOf(risk, scores.get(risk.service)))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || b.incidents - a.incidents || (a.service < b.service ? -1 : 1));
    if (reading.unnamed > 0) notes.push(`${formatNumber(reading.unnamed)} incidents name no service and are in no line.`);
    if (reading.missing.length > 0)
      notes.push(`Not connected: ${listWords(reading.missing)}; their points went to the other signs in proportion.`);
    return compose({ reading, rows, period, before, notes, top: input.top ?? SHOWN });
  },
});

function rowOf(risk: ServiceRisk, found: RiskScore | undefined): Row {
  return {
    service: risk.service,
    score: found?.score ?? 0,
    points: found?.points ?? { incidents: 0, open: 0, failedDeploys: 0, errorRise: 0 },
    incidents: risk.incidentCount,
    incidentsBefore: risk.incidentsBefore,
    critical: risk.critical,
    open: risk.openCount,
    deploys: risk.deploys,
    failedDeploys: risk.failedDeploys ?? null,
    errorsNow: risk.errorsNow ?? null,
    errorsBefore: risk.errorsBefore ?? null,
  };
}

interface Parts {
  reading: RiskReading;
  rows: readonly Row[];
  period: { from: string; to: string };
  before: { from: string; to: string };
  notes: readonly string[];
  top: number;
}

async function compose({ reading, rows, period, before, notes, top }: Parts): Promise<Finding> {
  const spread = pareto(reading.services.flatMap((s) => (s.incidents ? [{ label: s.service, value: s.incidents }] : [])));
  const concentration = spread.n > 0 ? { servicesTo80: spread.itemsTo80, services: spread.n } : null;
  const [first] = rows;
  const sentences = [
    first
      ? `**${plainWords(first.service)} is the riskiest of ${formatNumber(reading.services.length)} services in ${formatPeriod(period)}**, with ${formatNumber(Math.round(first.score))} of 100 points: ${listWords(reasons(first))}.`
      : `**No service shows a sign of risk in ${formatPeriod(period)}**: no incident, no failed deployment, no rise of errors in what is connected (${listWords(reading.seen)}).`,
    concentration
      ? concentration.services < 5
        ? `Incidents are in ${formatNumber(concentration.services)} services, too few to speak of concentration.`
        : `${formatNumber(concentration.servicesTo80)} of ${formatNumber(concentration.services)} services with incidents make up 80% of their weight.`
      : "",
    first ? nextStep(first) : "",
    `Score: incidents ${RISK_WEIGHTS.incidents} (critical 4, high 3, medium 2, low 1 each), still open ${RISK_WEIGHTS.open}, failed production deployments ${RISK_WEIGHTS.failedDeploys}, rise of errors ${RISK_WEIGHTS.errorRise}; each as a part of the worst service's. It ranks services of this period, and is no probability.`,
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const shown = rows.slice(0, top);
  const table = riskTable(shown, rows.length - shown.length);
  const chart =
    shown.length < 2
      ? []
      : [
          (await import("../charts/bar-chart.ts")).barChart({
            title: `${shown[0]?.service ?? ""} carries the most risk`,
            subject: "risk points of 100 by service",
            period,
            unit: "count",
            notes: chartNotes(reading.receipts),
            items: shown.map((row) => ({ label: row.service, value: Math.round(row.score * 10) / 10 })),
          }),
        ];
  return {
    content: contentOf(text, rows.length ? [table] : []),
    data: {
      period,
      before,
      services: [...rows],
      weights: RISK_WEIGHTS,
      concentration,
      unnamed: reading.unnamed,
      seen: reading.seen,
      missing: reading.missing,
    },
    blocks: [{ type: "markdown", text }, ...chart, ...(rows.length ? [table] : [])] satisfies Block[],
    receipts: reading.receipts,
    suggestions: ["show open incidents"],
  };
}

function reasons(row: Row): string[] {
  const rise = row.errorsNow !== null && row.errorsBefore ? row.errorsNow / row.errorsBefore - 1 : 0;
  return [
    ...(row.incidents
      ? [
          `${row.incidents} incident${row.incidents === 1 ? "" : "s"}${row.critical ? ` (${row.critical} critical)` : ""}, ${row.incidentsBefore} before`,
        ]
      : []),
    ...(row.open ? [`${row.open} still open`] : []),
    ...(row.failedDeploys ? [`${row.failedDeploys} of ${row.deploys} production deployments failed`] : []),
    ...(rise > 0 ? [`errors up ${formatPercent(rise)}`] : []),
  ];
}

/** The sign that gives the most points says what to look at. */
function nextStep({ service: name, points: given, open }: Row): string {
  const [sign] = Object.entries(given).sort((a, b) => b[1] - a[1])[0] ?? [];
  const of = plainWords(name);
  if (open > 0) return `Next: close what is open in ${of}, then look at what its incidents share.`;
  if (sign === "failedDeploys") return `Next: look at why deployments of ${of} fail before the next one goes out.`;
  if (sign === "errorRise") return `Next: find what changed in ${of} when its errors began to rise.`;
  return `Next: read the incidents of ${of} for a shared cause.`;
}

function riskTable(rows: readonly Row[], rest: number): TableBlock {
  return {
    type: "table",
    title: "Services by risk",
    columns: [
      { label: "service", type: "text" },
      { label: "points", type: "number" },
      { label: "incidents", type: "number" },
      { label: "before", type: "number" },
      { label: "open", type: "number" },
      { label: "failed deploys", type: "number" },
      { label: "errors", type: "number" },
      { label: "errors before", type: "number" },
    ],
    rows: [
      ...rows.map((r) => [
        r.service,
        Math.round(r.score * 10) / 10,
        r.incidents,
        r.incidentsBefore,
        r.open,
        r.failedDeploys,
        r.errorsNow,
        r.errorsBefore,
      ]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null, null, null, null, null]] : []),
    ],
  };
}
