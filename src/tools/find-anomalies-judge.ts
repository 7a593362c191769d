import { setImmediate } from "node:timers/promises";
import { chanceOf, type DailyOptions, type DayJudgement, judgeDaily, SMALLEST_SAMPLE } from "../analytics/anomalies/daily.ts";
import { type DailyRule, judgeByRule } from "../analytics/anomalies/daily-rules.ts";
import { type AnomalyEvent, eventsOf } from "../analytics/anomalies/events.ts";
import { type AnomalyFeedback, applyFeedback, expectedDays } from "../analytics/anomalies/feedback.ts";
import { ALARM_SEVERITY } from "../analytics/anomalies/stream-detector.ts";
import { addDays, daysBetween, fromInstant, toInstant } from "../core/civil-date.ts";
import type { Fact, Period } from "../core/fact.ts";
import { isCurrency } from "../core/format.ts";
import { labelOf } from "./finding.ts";

export interface JudgeQuestion {
  by: readonly string[];
  unit: string;
  /** Days whose anomalies are wanted; the facts before them are history. */
  period: Period;
  /** First day that the source may still change. */
  provisionalFrom?: string;
  /** Smallest excess that is worth a word, in the unit; undefined: 1 % of what an average day costs in all. */
  floor?: number | undefined;
  feedback?: readonly AnomalyFeedback[];
  /** A plain method instead of what is best. */
  rule?: DailyRule | undefined;
  /** Days with a level of their own. */
  holidays?: ReadonlySet<string> | undefined;
  signal: AbortSignal;
}

export interface Anomaly {
  series: string;
  kind: AnomalyEvent["kind"];
  from: string;
  to: string;
  days: number;
  /** Of all its days: their sum, or their mean where a day is an average. So are the others. */
  actual: number;
  expected: number;
  low: number;
  high: number;
  /** Above the expected; below zero for a drop. */
  excess: number;
  /** 0 to 1: that it is no normal variation. */
  chance: number;
}

export interface JudgedSeries {
  name: string;
  first: string;
  values: Float64Array;
  days: readonly DayJudgement[];
}

export interface Judgement {
  /** The days are averages (a rate, a latency), which are never added. */
  average: boolean;
  /** Largest excess first. */
  anomalies: Anomaly[];
  /** Said to be expected or not wanted now. */
  held: { anomaly: Anomaly; reason: string }[];
  /** Money that fell: no alarm. */
  drops: Anomaly[];
  /** Series that began in the period or shortly before. */
  fresh: { series: string; since: string; total: number }[];
  judged: JudgedSeries[];
  /** Series with too few days, below the size that is looked at, and anomalies below the floor. */
  tooLittle: number;
  smaller: number;
  belowFloor: number;
  floor: number;
}

const MOST_SERIES = 60;

/** Judges each series of one unit, the largest first. Gives way between two, and stops when the signal aborts. */
export async function judgeFacts(facts: readonly Fact[], question: JudgeQuestion): Promise<Judgement> {
  const series = seriesOf(facts, question).sort((a, b) => b.size - a.size);
  const begin = series.reduce((least, { first }) => (first < least ? first : least), question.period.to);
  const money = isCurrency(question.unit);
  const average = isAverage(facts);
  const floor = question.floor ?? usualDay(series) / (average ? series.length : 1) / 100;
  const judged: JudgedSeries[] = [];
  const found: Anomaly[] = [];
  const fresh: Judgement["fresh"] = [];
  let tooLittle = 0;
  for (const { name, first, values } of series.slice(0, MOST_SERIES)) {
    await setImmediate();
    question.signal.throwIfAborted();
    if (isFresh(first, begin, question.period))
      fresh.push({ series: name, since: first, total: sumKnown(values) / (average ? knownCount(values) : 1) });
    else if (knownCount(values) < SMALLEST_SAMPLE) tooLittle++;
    else {
      const own = judgeSeries(name, first, values, money, question);
      judged.push(own);
      found.push(...anomaliesOf(own, average, question));
    }
  }
  const large = found.filter((a) => Math.abs(a.excess) >= floor);
  const { alarms, held } = applyFeedback(money ? large.filter((a) => a.kind !== "drop") : large, question.feedback ?? []);
  const byExcess = (a: Anomaly, b: Anomaly) => Math.abs(b.excess) - Math.abs(a.excess);
  return {
    average,
    anomalies: alarms.sort(byExcess),
    held,
    drops: money ? large.filter((a) => a.kind === "drop").sort(byExcess) : [],
    fresh: fresh.filter((f) => f.total >= floor).sort((a, b) => b.total - a.total),
    judged,
    tooLittle,
    smaller: Math.max(0, series.length - MOST_SERIES),
    belowFloor: found.length - large.length,
    floor,
  };
}

interface Series {
  name: string;
  first: string;
  values: Float64Array;
  size: number;
}

function isAverage(facts: readonly Fact[]): boolean {
  return facts.some(({ average }) => average);
}

/** A day without a fact is missing, also inside a series. Averages that several sources give for a day are averaged. */
function seriesOf(facts: readonly Fact[], { by, period }: JudgeQuestion): Series[] {
  const groups = Map.groupBy(facts, (fact) => labelOf(fact, by));
  const end = dayNumber(toInstant(period.to));
  return [...groups].map(([name, own]) => {
    const start = own.reduce((least, fact) => Math.min(least, dayNumber(fact.at)), end);
    const values = new Float64Array(end - start + 1).fill(Number.NaN);
    let size = 0;
    for (const [day, sameDay] of Map.groupBy(own, ({ at }) => dayNumber(at))) {
      const value = sameDay.reduce((sum, fact) => sum + fact.value, 0) / (isAverage(sameDay) ? sameDay.length : 1);
      values[day - start] = value;
      size += Math.abs(value);
    }
    return { name, first: fromInstant(new Date(start * DAY)), values, size };
  });
}

const DAY = 86_400_000;

function dayNumber(at: Date): number {
  return Math.floor(at.getTime() / DAY);
}

function judgeSeries(name: string, first: string, values: Float64Array, money: boolean, question: JudgeQuestion): JudgedSeries {
  const { rule, holidays } = question;
  const options: DailyOptions = {
    direction: money ? "rise" : "both",
    streaming: true,
    ...(holidays ? { holidays } : {}),
    ...(question.feedback ? { expected: expectedDays(name, question.feedback) } : {}),
    ...(question.provisionalFrom ? { provisionalFrom: question.provisionalFrom } : {}),
  };
  const days = rule ? judgeByRule(first, values, rule, options) : judgeDaily(first, values, options);
  return { name, first, values, days };
}

function anomaliesOf({ name, first, values, days }: JudgedSeries, average: boolean, { period, rule }: JudgeQuestion): Anomaly[] {
  return eventsOf(values, days, daysBetween(first, period.from)).map((event) => {
    const parts = average ? Math.max(1, event.days) : 1;
    return {
      series: name,
      kind: event.kind,
      from: addDays(first, event.first),
      to: addDays(first, event.last),
      days: event.days,
      actual: event.actual / parts,
      expected: event.expected / parts,
      low: event.low / parts,
      high: event.high / parts,
      excess: (event.actual - event.expected) / parts,
      // A drop of money has no score of its own.
      chance: event.score >= 0.5 ? chanceOf(event.score, rule && ALARM_SEVERITY) : 0.8,
    };
  });
}

/** It began in the period or the six weeks before, while the source goes back further. */
function isFresh(first: string, begin: string, { from }: Period): boolean {
  return first > addDays(from, -SMALLEST_SAMPLE) && first > addDays(begin, 7);
}

/** What all series add up to on an average day. */
function usualDay(series: readonly Series[]): number {
  const longest = Math.max(1, ...series.map((s) => s.values.length));
  return series.reduce((sum, s) => sum + s.size, 0) / longest;
}

function sumKnown(values: Float64Array): number {
  return values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
}

function knownCount(values: Float64Array): number {
  return values.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
}
