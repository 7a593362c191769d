import { addDays } from "../core/civil-date.ts";
import type { CivilDate, Receipt } from "../core/fact.ts";
import { formatValue } from "../core/format.ts";
import type { ChartBlock } from "../core/reply.ts";
import { isUnusual, type Odd, type Series, usualDay, usualDays } from "./movers.ts";
import { shortDay } from "./words.ts";

const DAYS_SHOWN = 35;

export interface UsualChart {
  /** What moved: "Amazon S3"; "" for all together. */
  name: string;
  /** The day it is about, and the days before it. */
  series: Series;
  date: CivilDate;
  unit: string;
  odd: Odd;
  receipts: readonly Receipt[];
}

/** The five weeks up to the day, each in the range that its own weekdays gave it: the same range the words speak of. */
export async function usualChart({ name, series, date, unit, odd, receipts }: UsualChart): Promise<ChartBlock | undefined> {
  const value = series.get(date);
  const plain = usualDays(series, name, date, odd);
  const usual = usualDay(plain, date);
  if (value === undefined || !usual) return undefined;
  const { anomalyChart } = await import("../charts/anomaly-chart.ts");
  const from = addDays(date, 1 - DAYS_SHOWN);
  const days = Array.from({ length: DAYS_SHOWN }, (_, i) => dayOf(series, plain, addDays(from, i)));
  const change = value - usual.value;
  return anomalyChart({
    title: `${name || "Cost"}: ${formatValue(Math.abs(change), unit)} ${change < 0 ? "below" : "above"} usual on ${shortDay(date)}`,
    subject: name ? `Cost of ${name} by day` : "Cost by day",
    unit,
    period: { from, to: date },
    notes: receipts.some(({ status }) => status === "demo") ? ["demo data"] : [],
    name: name || "cost",
    days,
  });
}

function dayOf(all: Series, plain: Series, day: CivilDate) {
  const value = all.get(day);
  const usual = usualDay(plain, day);
  return {
    day,
    value: value ?? null,
    low: usual ? Math.max(0, usual.low) : null,
    high: usual?.high ?? null,
    anomalous: usual !== undefined && value !== undefined && isUnusual(all, day, usual),
  };
}
