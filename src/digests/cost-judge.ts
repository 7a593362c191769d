import { addDays } from "../core/civil-date.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import type { Finding } from "../core/tool.ts";
import type { DayTotals } from "./cost-day.ts";
import { goesOn, isUnusual, type Mover, moversOf, type Odd, type Series, seriesBy, totalSeries, type Usual, usualDay } from "./movers.ts";

/** What the tools said of the day; undefined: not read. */
export interface CostRead {
  dimension: string | undefined;
  byPart: Finding | undefined;
  history: Finding | undefined;
  month: Finding | undefined;
  anomalies: Finding | undefined;
}

export interface Anomaly {
  series: string;
  kind: "rise" | "creep" | "drop";
  from: CivilDate;
  to: CivilDate;
  excess: number;
}

export interface MonthData {
  total: { mean: number; lo80: number; hi80: number };
  period: Period;
  known: { value: number };
  budget?: { budget: number; used: number; usedShare: number; timeShare: number; over: number; chanceOver: number };
}

export interface CostFacts {
  usual: Usual | undefined;
  outside: boolean;
  /** What is news: the largest amount first. What has gone on for days is open, or by now usual. */
  movers: readonly Mover[];
  /** Anomalies that still go on. */
  open: readonly Anomaly[];
  /** Of those, the ones that began on the day or shortly before: news. */
  fresh: readonly Anomaly[];
  /** Those that ended the day before. */
  ended: readonly Anomaly[];
  month: MonthData | undefined;
  quiet: boolean;
  /** The days of each part, and of all of them under "". */
  series: ReadonlyMap<string, Series>;
  odd: Odd;
}

/** An anomaly is news for so many days; after that it is open. */
const NEWS_DAYS = 2;
/** A budget is spoken of by itself when it will more likely than not be passed. */
const LIKELY = 0.5;

/** What of the day is news, and what only goes on. */
export function judgeCost(day: DayTotals, read: CostRead): CostFacts {
  const facts = read.history?.facts ?? [];
  const totals = totalSeries(facts, day.unit);
  const usual = usualDay(totals, day.date);
  const outside = usual !== undefined && isUnusual(totals, day.date, usual);
  const found = (read.anomalies?.data as { anomalies: Anomaly[] } | undefined)?.anomalies ?? [];
  const odd: Odd = (name, date) => found.some(({ series, from, to }) => series === name && date >= from && date <= to);
  const { dimension } = read;
  const off = dimension ? moversOf(facts, { ...day, dimension }, odd) : [];
  const movers = off.filter((mover) => !mover.goesOn);
  const isOpen = ({ series, to }: Anomaly) => to >= day.date || off.some(({ name }) => name === series);
  const recent = found.filter(({ to }) => to >= addDays(day.date, -1));
  const open = recent.filter(isOpen);
  const fresh = open.filter(({ from }) => from >= addDays(day.date, 1 - NEWS_DAYS));
  const month = read.month?.data as MonthData | undefined;
  const overBudget = (month?.budget?.chanceOver ?? 0) >= LIKELY;
  return {
    ...{ usual, outside, movers, open, fresh, month, odd },
    ended: recent.filter((anomaly) => !isOpen(anomaly)),
    quiet: !(outside && !goesOn(totals, totals, day.date)) && movers.length === 0 && fresh.length === 0 && !overBudget,
    series: new Map([["", totals], ...(dimension ? seriesBy(facts, { unit: day.unit, dimension }) : [])]),
  };
}
