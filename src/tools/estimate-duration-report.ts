import { z } from "zod";
import type { Estimate } from "../analytics/durations/model.ts";
import { kaplanMeier } from "../analytics/survival/kaplan-meier.ts";
import { formatNumber } from "../core/format.ts";
import type { Block, ChartBlock, TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { FeedRows } from "./churn-risk-rows.ts";
import { durationQuality, type GroupEstimate, type LearntDurations, type OpenEstimate } from "./estimate-duration-table.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";

const estimate = z.object({ p50: z.number(), p80: z.number(), p95: z.number(), lo80: z.number(), hi80: z.number() });

export const durationOutput = z.object({
  dataset: z.string(),
  unit: z.literal("days"),
  by: z.array(z.string()),
  over: z.number(),
  open: z.number(),
  all: estimate,
  longest: z.number().describe("The longest seen, in days; no estimate goes beyond it."),
  quality: z.object({ coverage: z.number(), logError: z.number(), logErrorOfMedian: z.number(), rows: z.number() }).optional(),
  groups: z.array(estimate.extend({ group: z.array(z.string().nullable()), rows: z.number(), open: z.number() })),
  openItems: z
    .array(estimate.extend({ id: z.string(), age: z.number() }))
    .describe("Estimates from the beginning, given that it is still open."),
});

export const DURATION_KINDS = ["issues", "incidents", "pulls"] as const;

interface Answer {
  all: Estimate;
  rows: FeedRows;
  learnt: LearntDurations;
  groups: readonly GroupEstimate[];
  open: readonly (OpenEstimate & { id: string })[];
  by: readonly string[];
  kind: (typeof DURATION_KINDS)[number];
  end: string;
}

/** The answer in words, with how sure it is, the groups, what is open, and the curve of what is left. */
export async function durationReport(answer: Answer, top: number, asked: Readonly<Record<string, string | readonly string[]>> | undefined) {
  const { rows, learnt, groups, open, by, kind, all } = answer;
  const { longest } = learnt.model;
  const over = learnt.spells.over.reduce((sum, v) => sum + v, 0);
  const only = open.length === 1 ? open[0] : undefined;
  const tables = [
    ...(groups.length > 0 ? [groupTable(groups, by, top, longest)] : []),
    ...(open.length > 0 ? [openTable(open, top, longest)] : []),
  ];
  const sentences = [
    only
      ? `**${plainWords(cut(only.id, 60))}** has been open for ${daysWords(only.age)}. Half of those like it and still open at that age were over within ${daysWords(only.p50 - only.age)} more, 80% within ${daysWords(only.p80 - only.age)} more; 80% range ${daysWords(only.low)} – ${daysWords(only.high)} in all.`
      : `**Half of ${subjectOf(kind, asked)} are over within ${daysWords(all.p50)}**, 80% within ${upTo(all.p80, longest)}, 95% within ${upTo(all.p95, longest)} (80% range ${daysWords(all.low)} – ${upTo(all.high, longest)}).`,
    `How sure: ${durationQuality(learnt)}`,
    `Learnt from ${formatNumber(over)} ${kind} that are over and ${formatNumber(learnt.rows.length - over)} still open, which count as at least as long as they have lasted. What a group has in common need not be the cause.`,
    ...(by.length ? [] : ["Nothing to group by was found, so this is one estimate for all."]),
  ];
  const text = `${sentences.join("\n\n")}${notesText({ notes: [...rows.notes, ...learnt.notes, ...(tables.length ? [`An empty cell lies beyond the longest seen, ${daysWords(longest)}.`] : [])] })}`;
  const chart = await openChart(answer);
  const shape = (e: Estimate) => ({ p50: e.p50, p80: e.p80, p95: e.p95, lo80: e.low, hi80: e.high });
  return {
    content: contentOf(text, tables),
    data: {
      dataset: rows.source,
      unit: "days" as const,
      by: [...by],
      over,
      open: learnt.rows.length - over,
      all: shape(all),
      longest,
      ...(learnt.model.quality ? { quality: learnt.model.quality } : {}),
      groups: groups.map((g) => ({ ...shape(g), group: [...g.values], rows: g.rows, open: g.stillOpen })),
      openItems: open.slice(0, 200).map((o) => ({ ...shape(o), id: o.id, age: o.age })),
    },
    blocks: [{ type: "markdown" as const, text }, ...(chart ? [chart] : []), ...tables] satisfies Block[],
    receipts: rows.receipts,
    suggestions: by.length ? [`How long do ${kind} take by ${by[0] ?? "type"}?`] : [],
  };
}

function subjectOf(kind: string, filter: Readonly<Record<string, string | readonly string[]>> | undefined): string {
  const values = Object.values(filter ?? {}).flat();
  return values.length === 0 ? kind : `the ${kind} of ${plainWords(cut(listWords(values, 3), 80))}`;
}

function groupTable(groups: readonly GroupEstimate[], by: readonly string[], top: number, longest: number): TableBlock {
  const shown = groups.slice(0, top);
  const rest = groups.slice(top);
  return {
    type: "table",
    title: "How long they take, in days",
    columns: [
      { label: by.join(" · ") || "all", type: "text" },
      ...["P50", "P80", "P95", "80% from", "80% to", "seen", "open"].map((label) => ({ label, type: "number" as const })),
    ],
    rows: [
      ...shown.map((g) => [
        g.values.map((v) => v ?? "(not set)").join(" · ") || "all",
        ...[g.p50, g.p80, g.p95, g.low, g.high].map((days) => rounded(days, longest)),
        g.rows,
        g.stillOpen,
      ]),
      ...(rest.length
        ? [
            [
              otherLines(rest.length),
              null,
              null,
              null,
              null,
              null,
              rest.reduce((s, g) => s + g.rows, 0),
              rest.reduce((s, g) => s + g.stillOpen, 0),
            ],
          ]
        : []),
    ],
  };
}

function openTable(open: readonly (OpenEstimate & { id: string })[], top: number, longest: number): TableBlock {
  const shown = open.slice(0, top);
  const rest = open.length - shown.length;
  return {
    type: "table",
    title: "Still open, the oldest first: days in all",
    columns: [{ label: "open", type: "text" }, ...["so far", "P50", "P80", "P95"].map((label) => ({ label, type: "number" as const }))],
    rows: [
      ...shown.map((o) => [o.id, ...[o.age, o.p50, o.p80, o.p95].map((days) => rounded(days, longest))]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null, null]] : []),
    ],
  };
}

async function openChart({ rows, learnt, kind }: Answer): Promise<ChartBlock | undefined> {
  const curve = kaplanMeier(learnt.spells.days, learnt.spells.over);
  const steps = curve.steps.filter(({ atRisk, survival }) => atRisk >= 10 && survival > 0.05);
  if (steps.length < 2) return undefined;
  const { survivalChart } = await import("../charts/survival-chart.ts");
  const half = steps.find(({ survival }) => survival <= 0.5)?.time;
  return survivalChart({
    title: half === undefined ? `More than half of ${kind} stay open` : `Half of ${kind} are over within ${daysWords(half)}`,
    subject: `share of ${kind} still open, by days since they began`,
    notes: chartNotes(rows.receipts),
    curve: { ...curve, steps },
    timeUnit: "days",
  });
}

/** Three digits: more would be a false promise. null beyond what was ever seen. */
function rounded(days: number, longest: number): number | null {
  return days >= longest ? null : Number(days.toPrecision(3));
}

function upTo(days: number, longest: number): string {
  return days >= longest ? `more than the longest seen (${daysWords(longest)})` : daysWords(days);
}

function daysWords(days: number): string {
  if (days < 2) return `${formatNumber(Number((days * 24).toPrecision(2)))} hours`;
  return `${formatNumber(Number(days.toPrecision(2)))} days`;
}
