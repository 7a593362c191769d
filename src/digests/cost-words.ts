import type { CivilDate } from "../core/fact.ts";
import { formatChange, formatPercent, formatValue } from "../core/format.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { DayTotals } from "./cost-day.ts";
import type { Anomaly, CostFacts, CostRead } from "./cost-judge.ts";
import type { Mover } from "./movers.ts";
import { monthName, shortDay } from "./words.ts";

/** So many of each kind are told; the others are in the thread. */
export const SHOWN = 3;

/** How the day stands to its range, for the heading. */
export function expectedWords({ usual, outside }: CostFacts, { total, unit }: DayTotals): string {
  if (!usual) return " (too few days before it to say what was expected)";
  const range = `${formatValue(Math.max(0, usual.low), unit)} to ${formatValue(usual.high, unit)}`;
  return outside
    ? `, **${formatChange(total / usual.value - 1)}** against ${formatValue(usual.value, unit)} as usual (expected ${range})`
    : `, as expected (${range})`;
}

/** All of a day on which nothing moved. */
export function quietLine(day: DayTotals, facts: CostFacts, { anomalies }: CostRead): string {
  const looked = anomalies ? "" : " (unusual days could not be looked for)";
  const more = [monthWords(facts, day), ...anomalyLines(facts.open, facts.ended, day), provisionalWords(day)];
  const fresh = facts.open.length > 0 || facts.outside ? " new" : "";
  return [`Nothing${fresh} moved beyond its noise${looked}.`, ...more].filter(Boolean).join(" ");
}

/** A line for each thing that moved, then what is large, where the month ends, and what goes on. */
export function summaryLines(
  day: DayTotals,
  facts: CostFacts,
  { byPart }: CostRead,
  movers: readonly Mover[],
  causes: readonly string[],
): string[] {
  const more = facts.movers.length - movers.length;
  const top = topParts(byPart, day).map(
    (p) => `${plainWords(p.label)} ${formatValue(p.value, day.unit)} (${formatPercent(p.value / day.total)})`,
  );
  const others = facts.open.filter(({ series }) => !movers.some(({ name }) => name === series));
  const rest = [
    ...(more > 0 ? [`${more} more moved; see the thread.`] : []),
    ...(top.length ? [`Largest: ${listWords(top)}.`] : []),
    monthWords(facts, day),
    ...anomalyLines(others, facts.ended, day),
    provisionalWords(day),
  ];
  return [...movers.map((mover, i) => moverWords(mover, day, facts.open) + (causes[i] ?? "")), ...rest]
    .filter(Boolean)
    .map((line) => `- ${line}`);
}

function moverWords({ name, change, usual, isNew, value }: Mover, { unit, date }: DayTotals, open: readonly Anomaly[]): string {
  const money = (amount: number) => formatValue(amount, unit);
  const which = isNew ? "New" : change > 0 ? "Up" : "Down";
  const against = isNew ? "not there before" : `${money(value)}, usually ${money(usual)}`;
  const own = open.find(({ series, from }) => series === name && from < date);
  const since = own ? `; ${sinceWords(own, unit)}${own.kind === "creep" ? ", a little more each day" : ""}` : "";
  return `${which}: **${plainWords(name)} ${change > 0 ? "+" : ""}${money(change)}** (${against})${since}`;
}

function topParts(byPart: Finding | undefined, { unit }: DayTotals): { label: string; value: number }[] {
  const rows = (byPart?.data as { rows: { labels: Record<string, string>; unit: string; value: number }[] } | undefined)?.rows ?? [];
  return rows
    .filter((row) => row.unit === unit && Object.keys(row.labels).length > 0)
    .slice(0, SHOWN)
    .map(({ labels, value }) => ({ label: Object.values(labels).join(" · "), value }));
}

function monthWords({ month }: CostFacts, { unit, date }: DayTotals): string {
  if (!month) return "";
  const money = (value: number) => formatValue(value, unit);
  // On the first of a month the settled day is of the month before.
  const isOfDay = month.period.from <= date && month.period.to >= date;
  const which = isOfDay ? "Month-end forecast" : `Forecast for ${monthName(month.period.from)}`;
  const end = `${which} ${money(month.total.mean)} (likely ${money(month.total.lo80)} to ${money(month.total.hi80)})`;
  const { budget } = month;
  if (!budget) return isOfDay ? `${end}; ${money(month.known.value)} settled by ${shortDay(date)}.` : `${end}.`;
  const state = budget.over > 0 ? `**${money(budget.over)} over**` : `${money(-budget.over)} under`;
  return `${end}, ${state} the budget of ${money(budget.budget)}. ${bar(budget.usedShare)} ${formatPercent(budget.usedShare)} used, ${formatPercent(budget.timeShare)} of the month gone.`;
}

const BAR = 10;

function bar(share: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
}

function anomalyLines(open: readonly Anomaly[], ended: readonly Anomaly[], { unit }: DayTotals): string[] {
  const some = (list: readonly Anomaly[], words: (one: Anomaly) => string) => {
    const told = list.slice(0, SHOWN).map((one) => `${plainWords(one.series)} ${words(one)}`);
    return listWords(list.length > SHOWN ? [...told, `${list.length - SHOWN} more`] : told);
  };
  return [
    ...(open.length ? [`Open anomal${open.length === 1 ? "y" : "ies"}: ${some(open, (one) => sinceWords(one, unit))}.`] : []),
    ...(ended.length ? [`Over: ${some(ended, (one) => overWords(one, unit))}.`] : []),
  ];
}

/** "$362.77 above expected since 24 October" */
function sinceWords({ excess, from }: Anomaly, unit: string): string {
  return `${excessWords(excess, unit)} since ${shortDay(from)}`;
}

function overWords({ excess, from, to }: Anomaly, unit: string): string {
  return `${excessWords(excess, unit)} ${from === to ? `on ${shortDay(from)}` : `from ${shortDay(from)} to ${shortDay(to)}`}`;
}

function excessWords(excess: number, unit: string): string {
  return `${formatValue(Math.abs(excess), unit)} ${excess < 0 ? "below" : "above"} expected`;
}

function provisionalWords({ provisional, unit }: DayTotals): string {
  if (provisional.length === 0) return "";
  const days = listWords(
    provisional.map(({ date, total }: { date: CivilDate; total: number }) => `${shortDay(date)} (${formatValue(total, unit)} so far)`),
  );
  return `Not final, so not judged yet: ${days}.`;
}
