import { z } from "zod";
import type { Period, Receipt } from "../core/fact.ts";
import { formatChange, formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Block, KpisBlock, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";
import { addSums, type KpiChange, kpiOf, type StreamKpi } from "./streaming-quality-figures.ts";
import { type Changes, changesOf, type Group, isWorse, sumsOf, worsening, worst } from "./streaming-quality-groups.ts";
import { type Cell, KPIS, type StreamSource } from "./streaming-quality-read.ts";

const change = z.object({ now: z.number().nullable(), before: z.number().nullable(), beyondNoise: z.boolean().nullable() });

const figures = z.object({ start_failure_rate: change, rebuffering_ratio: change, bitrate: change });

export const streamingOutput = z.object({
  dataset: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  before: z.object({ from: z.string(), to: z.string() }),
  overall: figures,
  groups: z.array(figures.extend({ labels: z.record(z.string(), z.string()), sessions: z.number().nullable() })),
  missing: z.array(z.string()).describe("KPIs that the dataset has no measures for."),
});

type Figures = z.output<typeof figures>;

interface Parts {
  source: StreamSource;
  by: readonly string[];
  period: Period;
  before: Period;
  cells: readonly Cell[];
  receipts: readonly Receipt[];
  notes: readonly string[];
  top: number;
}

/** The answer in words, its figures, the course of the first, and the groups. */
export async function streamingReport({ source, by, period, before, cells, receipts, notes, top }: Parts): Promise<Finding> {
  const known = KPIS.filter(({ parts }) => parts.every((part) => source.names[part]));
  const missing = KPIS.filter((kpi) => !known.includes(kpi)).map(({ name }) => name);
  const overall = changesOf(cells, period, before);
  const groups: Group[] = by.length
    ? [...Map.groupBy(cells, ({ labels }) => by.map((name) => labels[name]).join(" · "))].map(([name, some]) => ({
        labels: some[0]?.labels ?? {},
        name,
        sessions: source.names.sessions ? (addSums(some.filter(({ day }) => day >= period.from).map(sumsOf)).sessions ?? 0) : null,
        changes: changesOf(some, period, before),
      }))
    : [];
  const rank = known[0];
  const ranked = groups.sort((a, b) => worst(b, rank) - worst(a, rank) || (a.name < b.name ? -1 : 1));
  const unit = source.about.measures.find((m) => m.name === source.names.bitrate)?.unit;
  const shown = (kpi: StreamKpi, value: number | undefined) =>
    value === undefined ? "not known" : kpi === "bitrate" ? formatValue(Number(value.toPrecision(4)), unit) : formatPercent(value);
  const sentences = [
    `**Streaming in ${formatPeriod(period)}**: ${known.map(({ kpi, name }) => `${name} ${shown(kpi, overall[kpi].now)} (${shown(kpi, overall[kpi].before)} in ${formatPeriod(before)}${overall[kpi].beyondNoise === false ? ", within day-to-day noise" : ""})`).join("; ")}.`,
    worseWords(known, ranked, by, shown),
    missing.length ? `Not there: ${listWords(missing)}, for want of measures.` : "",
    "Start-failure rate = failed starts / sessions; rebuffering ratio = minutes rebuffering / minutes watched; bitrate is weighed by sessions. With many groups one or two pass the noise by chance.",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = groupTable(ranked, by, known, unit, top);
  const kpis: KpisBlock = {
    type: "kpis",
    items: known.map(({ kpi, name, worse }) => {
      const { now, before: was, beyondNoise } = overall[kpi];
      const ratio = now !== undefined && was ? now / was - 1 : undefined;
      const bad = ratio !== undefined && (worse === "more" ? ratio > 0 : ratio < 0);
      return {
        label: name,
        value: shown(kpi, now),
        ...(ratio === undefined ? {} : { change: formatChange(ratio) }),
        tone: beyondNoise ? (bad ? ("bad" as const) : ("good" as const)) : ("neutral" as const),
      };
    }),
  };
  const chart = rank ? [await chartOf(rank, cells, period, receipts, unit)] : [];
  const data = {
    dataset: source.feed.name,
    period,
    before,
    overall: asData(overall),
    groups: ranked.map(({ labels, sessions, changes }) => ({ labels, sessions, ...asData(changes) })),
    missing,
  };
  return {
    content: contentOf(text, by.length ? [table] : []),
    data,
    blocks: [{ type: "markdown", text }, kpis, ...chart, ...(by.length ? [table] : [])] satisfies Block[],
    receipts,
    suggestions: ["Which devices see the most video buffering?"],
  };
}

/** Per KPI the group that got worse most, where one did. */
function worseWords(
  known: typeof KPIS,
  groups: readonly Group[],
  by: readonly string[],
  shown: (kpi: StreamKpi, value: number | undefined) => string,
): string {
  if (by.length === 0) return "";
  const found = known.flatMap(({ kpi, name, worse }) => {
    const risen = groups
      .filter(({ changes }) => isWorse(changes[kpi], worse))
      .sort((a, b) => worsening(b.changes[kpi]) - worsening(a.changes[kpi]));
    const [most] = risen;
    if (!most) return [];
    const { before, now } = most.changes[kpi];
    return [
      `The ${name} got worse most in **${plainWords(most.name)}**: ${shown(kpi, before)} → ${shown(kpi, now)}, beyond day-to-day noise.`,
    ];
  });
  return found.join(" ") || `In no ${by.join(" and ")} did any of them get worse beyond day-to-day noise.`;
}

function asData(changes: Changes): Figures {
  const of = ({ now, before, beyondNoise }: KpiChange) => ({ now: now ?? null, before: before ?? null, beyondNoise: beyondNoise ?? null });
  return {
    start_failure_rate: of(changes.start_failure_rate),
    rebuffering_ratio: of(changes.rebuffering_ratio),
    bitrate: of(changes.bitrate),
  };
}

function groupTable(
  groups: readonly Group[],
  by: readonly string[],
  known: typeof KPIS,
  unit: string | undefined,
  top: number,
): TableBlock {
  const shown = groups.slice(0, top);
  const rest = groups.length - shown.length;
  const column = (kpi: StreamKpi, label: string) =>
    kpi === "bitrate" ? { label, type: "number" as const, ...(unit ? { unit } : {}) } : { label, type: "percent" as const };
  const width = by.length + 1 + 2 * known.length;
  return {
    type: "table",
    title: "Streaming quality by group",
    columns: [
      ...by.map((label) => ({ label, type: "text" as const })),
      { label: "sessions", type: "number" },
      ...known.flatMap(({ kpi, name }) => [column(kpi, name), column(kpi, `${name} before`)]),
    ],
    rows: [
      ...shown.map((g) => [
        ...by.map((name) => g.labels[name] ?? null),
        g.sessions,
        ...known.flatMap(({ kpi }) => [g.changes[kpi].now ?? null, g.changes[kpi].before ?? null]),
      ]),
      ...(rest > 0 ? [[otherLines(rest), ...Array.from({ length: width - 1 }, () => null)]] : []),
    ],
  };
}

async function chartOf(
  { kpi, name }: (typeof KPIS)[number],
  cells: readonly Cell[],
  period: Period,
  receipts: readonly Receipt[],
  unit: string | undefined,
) {
  const { timeChart } = await import("../charts/time-chart.ts");
  const days = [...Map.groupBy(cells, ({ day }) => day)].sort(([a], [b]) => (a < b ? -1 : 1));
  const points = days.map(([at, some]) => ({ at, value: kpiOf(kpi, addSums(some.map(sumsOf))) ?? null }));
  const now = kpiOf(kpi, addSums(cells.filter(({ day }) => day >= period.from && day <= period.to).map(sumsOf)));
  const value = now === undefined ? "" : kpi === "bitrate" ? formatNumber(Number(now.toPrecision(4))) : formatPercent(now);
  return timeChart({
    title: `The ${name} was ${value} in ${formatPeriod(period)}`,
    subject: `${name} per day, with the period before`,
    grain: "day",
    unit: kpi === "bitrate" ? (unit ?? "") : "ratio",
    notes: chartNotes(receipts),
    series: [{ name, points }],
  });
}
