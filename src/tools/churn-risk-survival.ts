import { kaplanMeier, survivalTime } from "../analytics/survival/kaplan-meier.ts";
import { formatNumber } from "../core/format.ts";
import type { ChartBlock } from "../core/reply.ts";
import type { FeedRows } from "./churn-risk-rows.ts";
import { chartNotes } from "./finding.ts";

const DAY_MS = 86_400_000;
const LEAST = 50;
/** Columns that hold how long a customer has been one, and in what. */
const LENGTHS = [
  { name: /^(?:tenure|age|account_age|lifetime)(?:_?in)?_?(?:months?)?$|^months(?:_active)?$/i, unit: "months" },
  { name: /^(?:tenure|age|lifetime)(?:_?in)?_?days$|^days(?:_active)?$/i, unit: "days" },
];

/** How long customers stay, where the rows tell: by first and last day, or by a column such as "tenure". undefined when they do not. */
export async function lifetimeChart(rows: FeedRows, labels: Uint8Array): Promise<ChartBlock | undefined> {
  const lengths = byTimes(rows, labels) ?? byColumn(rows, labels);
  if (!lengths || lengths.times.length < LEAST || !lengths.gone.includes(1)) return undefined;
  const curve = kaplanMeier(lengths.times, lengths.gone);
  if (curve.steps.filter(({ atRisk }) => atRisk >= 10).length < 2) return undefined;
  const half = survivalTime(curve, 0.5);
  const { survivalChart } = await import("../charts/survival-chart.ts");
  return survivalChart({
    title:
      half === undefined
        ? "More than half of customers are still there"
        : `Half of customers leave within ${formatNumber(Math.round(half))} ${lengths.unit}`,
    subject: "share still customers, by time since they began",
    notes: chartNotes(rows.receipts),
    curve,
    timeUnit: lengths.unit,
  });
}

interface Lengths {
  times: Float64Array;
  gone: number[];
  unit: string;
}

function byColumn({ table }: FeedRows, labels: Uint8Array): Lengths | undefined {
  for (const { name, unit } of LENGTHS) {
    const column = table.columns.find((c) => name.test(c));
    if (column === undefined) continue;
    const { values } = table.numbers(column);
    const known = [...values.keys()].filter((i) => (values[i] ?? -1) >= 0 && (labels[i] ?? 2) < 2);
    return { times: Float64Array.from(known, (i) => values[i] ?? 0), gone: known.map((i) => labels[i] ?? 0), unit };
  }
  return undefined;
}

function byTimes({ table, times, receipts }: FeedRows, labels: Uint8Array): Lengths | undefined {
  if (!times.includes("started")) return undefined;
  const read = (name: string) =>
    table.columns.includes(name) ? table.column(name).map((cell) => (cell === null ? Number.NaN : Date.parse(cell))) : [];
  const started = read("started");
  const ended = read("ended");
  const now = receipts[0]?.fetchedAt.getTime() ?? Number.NaN;
  const known = [...started.keys()].flatMap((i) => {
    const gone = labels[i] === 1;
    const days = ((gone ? (ended[i] ?? Number.NaN) : now) - (started[i] ?? Number.NaN)) / DAY_MS;
    return labels[i] !== 255 && days >= 0 ? [{ days, gone: gone ? 1 : 0 }] : [];
  });
  return known.length === 0 ? undefined : { times: Float64Array.from(known, (k) => k.days), gone: known.map((k) => k.gone), unit: "days" };
}
