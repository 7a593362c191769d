import { formatInstant, formatPercent, readable } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { ChangeOutput, Decomposed } from "./explain-change.ts";
import type { ChangeReading } from "./explain-change-cube.ts";
import { type ChangeEvent, eventName, lagWords } from "./explain-change-events.ts";
import { amountColumn, chartNotes, ratioChange } from "./finding.ts";

/** Every slice told: those that explain, what moved against them, other readings. */
export function partsTable(
  { measure, unit }: ChangeReading,
  parts: Decomposed,
  { slices, against, alternatives }: ChangeOutput,
): TableBlock {
  const row = (what: string) => (s: ChangeOutput["slices"][number]) => [
    what,
    sliceName(s.slice),
    s.before,
    s.after,
    s.change,
    ratioChange(s.after, s.before),
    s.share,
  ];
  const { label: _, ...amount } = amountColumn("", unit);
  return {
    type: "table",
    title: `${readable(measure)}: what changed`,
    columns: [
      { label: "part", type: "text" },
      { label: "slice", type: "text" },
      { label: "before", ...amount },
      { label: "after", ...amount },
      { label: "change", ...amount },
      { label: "change in percent", type: "percent" },
      { label: "share of the change", type: "percent" },
    ],
    rows: [
      ...slices.map(row("explains")),
      ...against.map(row("against")),
      ...alternatives.map((s, i) => row(`other reading, ${parts.alternatives[i]?.confidence ?? "low"}`)(s)),
    ],
  };
}

export function eventsTable(events: readonly ChangeEvent[]): TableBlock {
  return {
    type: "table",
    title: "What came before, likeliest first",
    columns: [
      { label: "when", type: "text" },
      { label: "what", type: "text" },
      { label: "distance", type: "text" },
      { label: "also names", type: "text" },
    ],
    rows: events.map((event) => [formatInstant(event.at), eventName(event), lagWords(event), listWords(event.shared, 3) || null]),
  };
}

/** The slices and what is left as bars; nothing without slices. */
export async function chartOf(
  reading: ChangeReading,
  parts: Decomposed,
  data: ChangeOutput,
  receipts: Finding["receipts"],
): Promise<Block[]> {
  const shown = [...data.slices, ...data.against];
  if (shown.length === 0) return [];
  const rest = data.change - shown.reduce((sum, s) => sum + s.change, 0);
  const before = data.before - shown.reduce((sum, s) => sum + s.before, 0);
  const { changeChart } = await import("../charts/change-chart.ts");
  const held = data.slices.reduce((sum, s) => sum + (s.share ?? 0), 0);
  const names = data.slices.map((s) => Object.values(s.slice).join(" · "));
  // Fewer days can take back a part of it: no share of it is above all.
  const part = held > WHOLE ? `more than the whole ${data.direction}` : `${formatPercent(held)} of the ${data.direction}`;
  const most = data.explained === null ? (parts.rise ? "rose most" : "fell most") : part;
  return [
    changeChart({
      title: `${listWords(names, 2)}: ${most}`,
      subject: `change of ${readable(reading.measure)} against ${formatPeriod(reading.comparePeriod)}`,
      period: reading.period,
      unit: reading.unit,
      notes: chartNotes(receipts),
      changes: [
        ...shown.map((s) => ({ label: Object.values(s.slice).join(" · "), change: s.change, before: s.before })),
        // Overlapping slices would leave a rest that is none.
        ...(data.against.length === 0 && Math.abs(rest) > 1e-3 * Math.abs(data.change)
          ? [{ label: "everything else", change: rest, before }]
          : []),
      ],
      totals: { before: data.before, after: data.after },
      previousName: formatPeriod(reading.comparePeriod),
    }),
  ];
}

const WHOLE = 1.005;

/** "service Amazon S3 in region eu-west-1" */
export function sliceName(slice: Readonly<Record<string, string>>): string {
  return Object.entries(slice)
    .map(([dimension, value]) => `${readable(dimension)} ${plainWords(value)}`)
    .join(", ");
}
