import { z } from "zod";
import type { Definition } from "../analytics/delivery/lead-time.ts";
import { addDays, fromInstant, startOf } from "../core/civil-date.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Block, KpisBlock, TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { type DeliveryFigures, isProduction } from "./delivery-figures.ts";
import { agingTable, duration, failureRate, metricRows, type Report, reviewTable, toneOf } from "./delivery-report-tables.ts";
import { chartNotes, contentOf, notesText } from "./finding.ts";

const figure = z.number().nullable();

const figures = z.object({
  deploymentsPerWeek: figure,
  leadTimeHours: figure,
  changeFailureRate: figure,
  recoveryHours: figure,
  cycleP50Hours: figure,
  cycleP85Hours: figure,
  codingHours: figure,
  pickupHours: figure,
  reviewHours: figure,
  deployHours: figure,
  mergedPullRequests: figure,
});

export const deliveryOutput = z.object({
  definition: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  now: figures,
  before: figures,
  reviewers: z.array(z.object({ reviewer: z.string(), reviews: z.number(), share: z.number() })),
  aging: z.array(z.object({ id: z.string(), days: z.number() })),
  missing: z.array(z.string()),
});

/** The report as a finding: words first, then the figures, one chart, who reviews, what grows old. */
export function deliveryReport(report: Report, context: ToolContext): Promise<Finding> {
  const { definition, period, now, readings, notes, missing } = report;
  const rows = metricRows(report);
  const kpis: KpisBlock = {
    type: "kpis",
    items: rows.slice(0, 4).map(({ label, value, before, better, show, band }) => ({
      label: band ? `${label} (${band} by DORA)` : label,
      value: value === null ? "no data" : show(value),
      ...(value !== null && before !== null && before > 0
        ? { change: `${value >= before ? "+" : ""}${formatPercent(value / before - 1)}`, tone: toneOf(value, before, better) }
        : {}),
    })),
  };
  const table: TableBlock = {
    type: "table",
    title: `Delivery, ${DEFINITION_NAMES[definition]}`,
    columns: ["metric", formatPeriod(period), formatPeriod(report.before)].map((label) => ({ label, type: "text" as const })),
    rows: rows.map(({ label, value, before, show }) => [label, value === null ? null : show(value), before === null ? null : show(before)]),
  };
  if (now.assumed > 0)
    notes.push(`For ${now.assumed} changes the deployments name no commits: the next deployment after the merge was taken.`);
  if (now.undeployed > 0) notes.push(`${now.undeployed} merged changes have not reached production and are left out of lead time.`);
  const receipts = Object.values(readings).flatMap((r) => r.receipts);
  const text = `${headline(report)}${missing.length ? `\n\n${missing.map((line) => `- ${line}`).join("\n")}` : ""}${notesText({ notes })}`;
  const review = reviewTable(now);
  const aging = agingTable(report);
  return withChart(report, [kpis, table, ...review, ...aging]).then((blocks) => ({
    content: contentOf(text, [table, ...review, ...aging]),
    data: dataOf(report),
    blocks: [{ type: "markdown", text }, ...blocks],
    receipts,
    suggestions: ["Explain the change in lead time", "Which pull requests wait for review?", "List incidents last month"].filter((s) =>
      context.tools.some((t) => t.examples.some((e) => e.toLowerCase() === s.toLowerCase())),
    ),
  }));
}

const DEFINITION_NAMES: Readonly<Record<Definition, string>> = {
  devlake: "as DevLake defines it",
  four_keys: "as Four Keys defines it",
  middleware: "as Middleware defines it",
};

function headline({ period, now, then, readings, definition }: Report): string {
  const parts = [
    now.frequency ? `**${formatNumber(Math.round(now.frequency.perWeek * 10) / 10)} deployments a week**` : "",
    now.lead === null ? "" : `lead time **${duration(now.lead)}**${then.lead === null ? "" : ` (${duration(then.lead)} before)`}`,
    failureRate(now, readings) === null ? "" : `**${formatPercent(now.failureRate ?? 0)}** of changes fail`,
    now.recovery === null ? "" : `recovery in **${duration(now.recovery)}**`,
    now.frequency || now.lead !== null || now.cycle === null ? "" : `cycle time **${duration(now.cycle.p50)}**`,
  ].filter(Boolean);
  const bottleneck = slowestPart(now);
  return `${formatPeriod(period)}: ${listWords(parts) || "no delivery metric can be worked out"}, ${DEFINITION_NAMES[definition]}.${bottleneck ? ` The longest part of a change's way is ${bottleneck}.` : ""}`;
}

function slowestPart({ parts }: DeliveryFigures): string | undefined {
  const names = { coding: "coding", pickup: "waiting for the first review", review: "review", deploy: "waiting for deployment" } as const;
  const known = (Object.keys(names) as (keyof typeof names)[]).flatMap((part) =>
    parts[part] === null ? [] : [{ part, hours: parts[part] }],
  );
  const longest = known.toSorted((a, b) => b.hours - a.hours)[0];
  return longest && known.length > 1 ? `${names[longest.part]} (${duration(longest.hours)})` : undefined;
}

/** The course that shows the point: deployments a week where they are known, else merged pull requests. */
async function withChart({ period, readings, records }: Report, blocks: Block[]): Promise<Block[]> {
  const deployed = readings.deploys.sources.length > 0;
  const ends = deployed
    ? records.deploys.filter(isProduction).flatMap((d) => d.times.finished ?? d.at ?? [])
    : records.pulls.flatMap((p) => p.times.merged ?? []);
  const counts = new Map<string, number>();
  for (let week = startOf("week", addDays(period.from, -84)); week <= period.to; week = addDays(week, 7)) counts.set(week, 0);
  for (const end of ends) {
    const week = startOf("week", fromInstant(end));
    if (counts.has(week)) counts.set(week, (counts.get(week) ?? 0) + 1);
  }
  const last = [...counts.keys()].at(-1);
  if (last && addDays(last, 6) > period.to) counts.delete(last);
  // Before the first of them nothing is known: the source may begin there.
  for (const [week, count] of counts) {
    if (count > 0) break;
    counts.delete(week);
  }
  if (ends.length === 0 || counts.size < 3) return blocks;
  const { timeChart } = await import("../charts/time-chart.ts");
  const subject = deployed ? "production deployments" : "merged pull requests";
  const mean = [...counts.values()].reduce((a, b) => a + b, 0) / counts.size;
  const chart = timeChart({
    title: `${subject.replace(/^./, (c) => c.toUpperCase())}: ${formatNumber(Math.round(mean * 10) / 10)} a week over ${counts.size} weeks`,
    subject: `${subject} per week, whole weeks only`,
    unit: "count",
    grain: "week",
    notes: chartNotes((deployed ? readings.deploys : readings.pulls).receipts),
    series: [{ name: subject, points: [...counts].map(([at, value]) => ({ at, value })) }],
  });
  return [...blocks.slice(0, 1), chart, ...blocks.slice(1)];
}

function dataOf({ definition, period, now, then, missing, readings }: Report): z.output<typeof deliveryOutput> {
  const plain = (f: DeliveryFigures): z.output<typeof figures> => ({
    deploymentsPerWeek: f.frequency?.perWeek ?? null,
    leadTimeHours: f.lead,
    changeFailureRate: failureRate(f, readings),
    recoveryHours: f.recovery,
    cycleP50Hours: f.cycle?.p50 ?? null,
    cycleP85Hours: f.cycle?.p85 ?? null,
    codingHours: f.parts.coding,
    pickupHours: f.parts.pickup,
    reviewHours: f.parts.review,
    deployHours: f.parts.deploy,
    mergedPullRequests: f.merged,
  });
  const aging = now.open.filter((work) => work.aging).map(({ id, days }) => ({ id, days }));
  return { definition, period, now: plain(now), before: plain(then), reviewers: now.reviews.loads, aging, missing: [...missing] };
}
