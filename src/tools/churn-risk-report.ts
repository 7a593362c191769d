import { z } from "zod";
import { planCampaign } from "../analytics/churn/campaign.ts";
import { type Cohort, cohortsAtRisk } from "../analytics/churn/cohorts.ts";
import { NO_LABEL } from "../analytics/churn/label.ts";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import { campaignShape, campaignText } from "./churn-risk-campaign.ts";
import type { FeedRows } from "./churn-risk-rows.ts";
import { lifetimeChart } from "./churn-risk-survival.ts";
import { type Learnt, overallReasons, qualityWords, sureness } from "./churn-risk-table.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";

const customer = z.object({ id: z.string(), probability: z.number(), reasons: z.array(z.string()) });

const cohort = z.object({
  name: z.string(),
  customers: z.number().describe("Customers of the group who are still there."),
  risk: z.number(),
  observed: z.number().describe("Share of the group, those gone included, that has left."),
  low: z.number(),
  high: z.number(),
});

export const churnOutput = z.object({
  dataset: z.string(),
  label: z.string(),
  learntFrom: z.object({ rows: z.number(), left: z.number() }),
  quality: z.object({ auc: z.number(), ece: z.number(), brier: z.number(), folds: z.number(), how: z.enum(["stratified", "forward"]) }),
  customers: z.number().describe("Still there, and given a probability."),
  expected: z.number().describe("Sum of their probabilities."),
  atRisk: z.array(customer),
  cohorts: z.array(cohort),
  drivers: z.array(z.string()),
  campaign: campaignShape.optional(),
  notUsed: z.array(z.object({ name: z.string(), why: z.string() })),
});

const SHOWN = 10;

/** Assumed where nobody names one. */
export const SAVE_RATE = 0.1;

/** Share of a group that is left alone, to compare with. */
export const HOLD_OUT = 0.2;

export interface Scored {
  /** Rows still there, the most at risk first. */
  present: Uint32Array;
  probabilities: Float64Array;
  reasons: readonly (readonly string[])[];
  labels: Uint8Array;
}

interface Asked {
  top?: number | undefined;
  save_rate?: number | undefined;
  cost_per_contact?: number | undefined;
  value_per_save?: number | undefined;
}

/** The answer in words, with how sure it is, who and which groups are at risk, a campaign, and how earlier forecasts came out. */
export async function churnReport(rows: FeedRows, learnt: Learnt, scored: Scored, label: string, asked: Asked) {
  const { present, probabilities, labels } = scored;
  const { quality } = learnt.model;
  const names = rows.table.column(rows.id);
  const top = [...present.subarray(0, asked.top ?? SHOWN)].map((i) => ({
    id: names[i] ?? `row ${i + 1}`,
    probability: probabilities[i] ?? 0,
    reasons: [...(scored.reasons[i] ?? [])],
  }));
  const expected = present.reduce((sum, i) => sum + (probabilities[i] ?? 0), 0);
  const cohorts = groupsAtRisk(learnt, scored);
  const target = cohorts[0];
  const members = target ? target.rows.filter((i) => labels[i] !== 1) : present.subarray(0, Math.max(1, Math.round(present.length / 10)));
  const targetName = target?.name ?? "the tenth of customers most at risk";
  const campaign =
    members.length === 0
      ? undefined
      : planCampaign(
          Float64Array.from(members, (i) => probabilities[i] ?? 0),
          {
            saveRate: asked.save_rate ?? SAVE_RATE,
            holdOut: HOLD_OUT,
            ...(asked.cost_per_contact === undefined ? {} : { costPerContact: asked.cost_per_contact }),
            ...(asked.value_per_save === undefined ? {} : { valuePerSave: asked.value_per_save }),
          },
        );
  const drivers = overallReasons(learnt);
  const notUsed = [...learnt.refused, ...learnt.ignored];
  const tables = [riskTable(top, present.length), ...(cohorts.length ? [cohortTable(cohorts)] : [])];
  const sentences = [
    headline(top, present.length, expected),
    `How sure: ${qualityWords(quality)} ${sureness(quality)}`,
    `What goes with leaving: ${drivers.map((d) => plainWords(d)).join("; ")}. These are associations in the data, not causes.`,
    ...(target
      ? [
          `Group with the most to lose: **${plainWords(target.name)}**, ${formatNumber(target.customers)} customers still there, ${formatPercent(target.observed)} of the group have left (95% range ${formatPercent(target.low)} – ${formatPercent(target.high)}).`,
        ]
      : []),
    ...(campaign ? [campaignText(plainWords(targetName), campaign, asked.save_rate === undefined)] : []),
    "A probability is the share of customers alike who have left in this data; the data has no horizon, so it is no chance per month.",
  ];
  const text = `${sentences.join("\n\n")}${notesText({ notes: [...rows.notes, ...learnt.notes, ...refusedNotes(learnt)] })}`;
  const charts = await chartsOf(rows, learnt, scored);
  return {
    content: contentOf(text, tables),
    data: {
      dataset: rows.source,
      label,
      learntFrom: { rows: quality.rows, left: quality.positives },
      quality: { auc: quality.auc, ece: quality.ece, brier: quality.brier, folds: quality.folds, how: quality.how },
      customers: present.length,
      expected,
      atRisk: top,
      cohorts: cohorts.map(({ rows: _, ...rest }) => rest),
      drivers,
      ...(campaign ? { campaign: { target: targetName, ...campaign } } : {}),
      notUsed: [...notUsed],
    },
    blocks: [{ type: "markdown" as const, text }, ...tables.slice(0, 1), ...charts, ...tables.slice(1)] satisfies Block[],
    receipts: rows.receipts,
    suggestions: ["How healthy are our accounts?"],
  };
}

function headline(top: readonly { id: string; probability: number }[], n: number, expected: number): string {
  const [first] = top;
  if (!first) return "**No current customer to rank**: everyone in the data has left.";
  return `**${plainWords(cut(first.id, 60))} is most at risk of ${formatNumber(n)} current customers**, with ${formatPercent(first.probability)}. If they leave as those alike did, about ${formatNumber(Math.round(expected))} will (${formatPercent(expected / n)}).`;
}

export interface ShownCohort {
  name: string;
  rows: Uint32Array;
  customers: number;
  risk: number;
  observed: number;
  low: number;
  high: number;
}

/** The groups with the most to lose, the clearest first. */
export function groupsAtRisk(learnt: Learnt, { probabilities, labels }: Scored): ShownCohort[] {
  const chances = Float64Array.from(learnt.rows, (i) => probabilities[i] ?? 0);
  return cohortsAtRisk(learnt.columns, learnt.rows, chances).map((found) => cohortOf(found, labels));
}

function cohortOf({ name, rows, risk }: Cohort, labels: Uint8Array): ShownCohort {
  const known = rows.filter((i) => labels[i] !== NO_LABEL);
  const left = known.filter((i) => labels[i] === 1).length;
  const observed = known.length === 0 ? 0 : left / known.length;
  return { name, rows, customers: rows.length - left, risk, observed, ...wilsonInterval(left, known.length) };
}

function riskTable(top: readonly { id: string; probability: number; reasons: readonly string[] }[], n: number): TableBlock {
  const rest = n - top.length;
  return {
    type: "table",
    title: "Customers most at risk",
    columns: [
      { label: "customer", type: "text" },
      { label: "chance", type: "percent" },
      { label: "reasons", type: "text" },
    ],
    rows: [
      ...top.map((c) => [c.id, c.probability, c.reasons.join("; ") || "close to the average in everything"]),
      ...(rest > 0 ? [[otherLines(rest), null, null]] : []),
    ],
  };
}

function cohortTable(cohorts: readonly ShownCohort[]): TableBlock {
  return {
    type: "table",
    title: "Groups at risk",
    columns: [
      { label: "group", type: "text" },
      { label: "still there", type: "number" },
      { label: "forecast", type: "percent" },
      { label: "have left", type: "percent" },
      { label: "95% range", type: "text" },
    ],
    rows: cohorts.map((c) => [c.name, c.customers, c.risk, c.observed, `${formatPercent(c.low)} – ${formatPercent(c.high)}`]),
  };
}

function refusedNotes({ refused }: Learnt): string[] {
  return refused.map(({ name, why }) => `“${plainWords(name)}” was not used: it ${plainWords(why)}.`);
}

async function chartsOf(rows: FeedRows, learnt: Learnt, { labels }: Scored): Promise<Block[]> {
  const { calibrationChart } = await import("../charts/calibration-chart.ts");
  const { quality } = learnt.model;
  const lifetime = await lifetimeChart(rows, labels);
  const calibration = calibrationChart({
    title: `The chances were off by ${(100 * quality.ece).toFixed(1)} points on average`,
    subject: "forecast against outcome, on customers the model did not see",
    notes: chartNotes(rows.receipts),
    bins: quality.bins,
  });
  return [calibration, ...(lifetime ? [lifetime] : [])];
}
