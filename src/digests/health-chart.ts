import { addDays, civilDate } from "../core/civil-date.ts";
import type { CivilDate, Receipt } from "../core/fact.ts";
import { formatPercent } from "../core/format.ts";
import type { ChartBlock } from "../core/reply.ts";
import { type ErrorRate, type HealthFacts, incidentsIn } from "./health-judge.ts";
import { type HealthRead, USUAL_DAYS } from "./health-read.ts";
import { usualWords } from "./health-words.ts";
import { chartOf, type Parts } from "./parts.ts";
import { shortDay } from "./words.ts";

/** The picture of what is news: the worst error rate in its range, else the incidents of four weeks. Nothing where neither is. */
export async function healthChart(
  parts: Parts,
  facts: HealthFacts,
  read: HealthRead,
  { today, timeZone }: { today: CivilDate; timeZone: string },
): Promise<ChartBlock | undefined> {
  const [worst] = facts.rates;
  const yesterday = addDays(today, -1);
  if (worst) return rateChart(parts, worst, yesterday);
  if (facts.open.length + facts.grave.length > 0 || facts.many) return incidentChart(facts, read, yesterday, timeZone);
  return undefined;
}

/** The days of the one service, with our words above them: what an average is above, added up over days, says nothing. */
async function rateChart(parts: Parts, { feed, series, from, actual, high }: ErrorRate, to: CivilDate): Promise<ChartBlock | undefined> {
  const finding = await parts.askIfAny(`error rates of ${series}`, "find_anomalies", {
    dataset: feed,
    measure: "error_rate",
    by: "service",
    filter: { service: series },
    period: { from, to },
  });
  const rows = chartOf(finding)?.figures?.rows;
  if (!finding || !rows) return undefined;
  const { anomalyChart } = await import("../charts/anomaly-chart.ts");
  const amount = (cell: unknown) => (typeof cell === "number" ? cell : null);
  const days = rows.map(([day, value, least, most, odd]) => ({
    ...{ day: String(day), value: amount(value), low: amount(least), high: amount(most), anomalous: odd === "yes" },
  }));
  return anomalyChart({
    title: `${series}: ${formatPercent(actual)} errors, expected at most ${formatPercent(high)}`,
    subject: `error rate of ${series} by day`,
    unit: "ratio",
    period: { from: days[0]?.day ?? from, to },
    notes: notesOf(finding.receipts),
    name: series,
    days,
  });
}

/** A day without one is a day of none: the sources were asked for all of them. */
async function incidentChart(
  { usualPerDay }: HealthFacts,
  { incidents, before }: HealthRead,
  to: CivilDate,
  timeZone: string,
): Promise<ChartBlock | undefined> {
  if (!incidents || !before) return undefined;
  const counts = new Map<CivilDate, number>();
  for (const { created } of [...incidentsIn(before), ...incidentsIn(incidents)]) {
    if (created === null) continue;
    const day = civilDate(new Date(created), timeZone);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const from = addDays(to, -USUAL_DAYS);
  const points = Array.from({ length: USUAL_DAYS + 1 }, (_, i) => addDays(from, i)).map((at) => ({ at, value: counts.get(at) ?? 0 }));
  const n = counts.get(to) ?? 0;
  const { timeChart } = await import("../charts/time-chart.ts");
  return timeChart({
    title: `${n} incident${n === 1 ? "" : "s"} on ${shortDay(to)}, ${usualWords(usualPerDay ?? 0)}`,
    subject: "incidents by day",
    unit: "count",
    period: { from, to },
    notes: notesOf(incidents.receipts),
    grain: "day",
    series: [{ name: "incidents", points }],
  });
}

function notesOf(receipts: readonly Receipt[]): string[] {
  return receipts.some(({ status }) => status === "demo") ? ["demo data"] : [];
}
