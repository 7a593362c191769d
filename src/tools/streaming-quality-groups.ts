import type { Period } from "../core/fact.ts";
import { addSums, compareDays, type KpiChange, type StreamKpi, type StreamSums } from "./streaming-quality-figures.ts";
import type { Cell, KPIS } from "./streaming-quality-read.ts";

export type Changes = Readonly<Record<StreamKpi, KpiChange>>;

export interface Group {
  labels: Record<string, string>;
  name: string;
  sessions: number | null;
  changes: Changes;
}

export function sumsOf({ parts }: Cell): StreamSums {
  const { bitrate, ...sums } = parts;
  const weight = parts.sessions ?? 1;
  return { ...sums, ...(bitrate === undefined ? {} : { bitrateSum: bitrate * weight, bitrateWeight: weight }) };
}

export function changesOf(cells: readonly Cell[], period: Period, before: Period): Changes {
  const days = (within: Period) =>
    [
      ...Map.groupBy(
        cells.filter(({ day }) => day >= within.from && day <= within.to),
        ({ day }) => day,
      ).values(),
    ].map((some) => addSums(some.map(sumsOf)));
  const [now, then] = [days(period), days(before)];
  const of = (kpi: StreamKpi) => compareDays(kpi, now, then);
  return { start_failure_rate: of("start_failure_rate"), rebuffering_ratio: of("rebuffering_ratio"), bitrate: of("bitrate") };
}

export function isWorse({ now, before, beyondNoise }: KpiChange, worse: "more" | "less"): boolean {
  return beyondNoise === true && now !== undefined && before !== undefined && (worse === "more" ? now > before : now < before);
}

export function worsening({ now, before }: KpiChange): number {
  return now === undefined || !before ? 0 : Math.abs(now / before - 1);
}

export function worst({ changes }: Group, rank: (typeof KPIS)[number] | undefined): number {
  if (!rank) return 0;
  const value = changes[rank.kpi].now;
  return value === undefined ? Number.NEGATIVE_INFINITY : rank.worse === "more" ? value : -value;
}
