import { type Band, bandOf } from "../analytics/delivery/bands.ts";
import type { Definition } from "../analytics/delivery/lead-time.ts";
import type { Period } from "../core/fact.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import type { TableBlock } from "../core/reply.ts";
import type { DeliveryFigures, DeliveryRecords } from "./delivery-figures.ts";
import type { RecordReading } from "./record-question.ts";

/** What a report is made of. */
export interface Report {
  definition: Definition;
  period: Period;
  before: Period;
  now: DeliveryFigures;
  then: DeliveryFigures;
  missing: readonly string[];
  notes: string[];
  readings: Readings;
  records: DeliveryRecords;
}

export type Readings = Record<"pulls" | "deploys" | "incidents", RecordReading>;

/** A rate without any source of incidents would read as "never fails". */
export function failureRate(figures: DeliveryFigures, readings: Readings): number | null {
  return readings.incidents.sources.length === 0 ? null : figures.failureRate;
}

interface MetricRow {
  label: string;
  value: number | null;
  before: number | null;
  better: "higher" | "lower";
  band?: Band | undefined;
  show(value: number): string;
}

export function metricRows({ now, then, readings }: Report): MetricRow[] {
  const [rate, rateBefore] = [failureRate(now, readings), failureRate(then, readings)];
  const hours = (label: string, value: number | null, before: number | null, metric?: "lead_time" | "recovery_time"): MetricRow => ({
    label,
    value,
    before,
    better: "lower",
    show: duration,
    ...(metric && value !== null ? { band: bandOf(metric, value) } : {}),
  });
  return [
    {
      label: "deployments a week",
      value: now.frequency?.perWeek ?? null,
      before: then.frequency?.perWeek ?? null,
      better: "higher",
      show: (v) => formatNumber(Math.round(v * 10) / 10),
    },
    hours("lead time for changes", now.lead, then.lead, "lead_time"),
    {
      label: "change failure rate",
      value: rate,
      before: rateBefore,
      better: "lower",
      show: formatPercent,
      ...(rate !== null ? { band: bandOf("change_failure_rate", rate) } : {}),
    },
    hours("time to recover", now.recovery, then.recovery, "recovery_time"),
    hours("cycle time, half of the pull requests", now.cycle?.p50 ?? null, then.cycle?.p50 ?? null),
    hours("cycle time, 85 % of them", now.cycle?.p85 ?? null, then.cycle?.p85 ?? null),
    hours("coding", now.parts.coding, then.parts.coding),
    hours("waiting for the first review", now.parts.pickup, then.parts.pickup),
    hours("in review", now.parts.review, then.parts.review),
    hours("waiting for deployment", now.parts.deploy, then.parts.deploy),
    { label: "merged pull requests", value: now.merged, before: then.merged, better: "higher", show: formatNumber },
  ];
}

/** "45 minutes", "7.5 hours", "3.2 days" */
export function duration(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} minutes`;
  const days = hours >= 48;
  return `${formatNumber(Math.round((days ? hours / 24 : hours) * 10) / 10)} ${days ? "days" : "hours"}`;
}

export function toneOf(value: number, before: number, better: "higher" | "lower"): "good" | "bad" | "neutral" {
  const ratio = value / before;
  if (Math.abs(ratio - 1) < 0.05) return "neutral";
  return ratio > 1 === (better === "higher") ? "good" : "bad";
}

const MOST_REVIEWERS = 8;

export function reviewTable({ reviews }: DeliveryFigures): TableBlock[] {
  if (reviews.total === 0) return [];
  return [
    {
      type: "table",
      title: `Reviews: ${reviews.halfDoneBy} of ${reviews.loads.length} people do half of them`,
      columns: [
        { label: "reviewer", type: "text" },
        { label: "reviews", type: "number" },
        { label: "share", type: "percent" },
      ],
      rows: reviews.loads.slice(0, MOST_REVIEWERS).map(({ reviewer, reviews: n, share }) => [reviewer, n, share]),
    },
  ];
}

const MOST_AGING = 8;

export function agingTable({ now, records }: Report): TableBlock[] {
  const old = now.open.filter(({ aging }) => aging);
  if (old.length === 0 || now.agingDays === null) return [];
  const titles = new Map(records.pulls.map((pull) => [pull.id, pull.title]));
  return [
    {
      type: "table",
      title: `Aging: ${old.length} open pull requests are older than ${Math.ceil(now.agingDays)} days, longer than 85 % took`,
      columns: [
        { label: "pull request", type: "text" },
        { label: "title", type: "text" },
        { label: "open", type: "number", unit: "days" },
      ],
      rows: old.slice(0, MOST_AGING).map(({ id, days }) => [id, titles.get(id) ?? null, Math.round(days)]),
    },
  ];
}
