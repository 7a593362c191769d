import { sum } from "../analytics/pareto.ts";
import { addDays, daysBetween } from "../core/civil-date.ts";
import type { Fact, Period } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { formatPercent, formatValue, readable } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { ChartBlock } from "../core/reply.ts";
import type { BreakdownInput, Part } from "./breakdown.ts";
import { chartNotes, labelOf, sumBuckets, total, wholeSteps } from "./finding.ts";

/** The parts side by side; their changes where those come first. */
export async function partsCharts(input: BreakdownInput, shown: readonly Part[], all: readonly Part[]): Promise<ChartBlock[]> {
  const { reading, unit } = input;
  const [first] = shown;
  if (shown.length < 2 || !first) return [];
  const names = reading.by.map(readable).join(" and ");
  const heading = { unit, ...(reading.period ? { period: reading.period } : {}), notes: chartNotes(reading.receipts) };
  if (input.order === "change" && reading.comparePeriod) {
    const changes = shown
      .map((p) => ({ label: p.label, change: p.value - (p.previous ?? 0), before: p.previous ?? 0 }))
      .filter((c) => c.change !== 0);
    if (changes.length === 0) return [];
    const title = `${first.label} changed ${readable(reading.measure)} the most`;
    const { changeChart } = await import("../charts/change-chart.ts");
    return [
      changeChart({
        ...heading,
        title,
        subject: `change of ${readable(reading.measure)} by ${names}`,
        changes,
        totals: { before: total(input.before), after: total(input.facts) },
        previousName: formatPeriod(reading.comparePeriod),
      }),
    ];
  }
  const rest = all.slice(shown.length);
  const title = `${first.label} is the ${input.order === "smallest" ? "smallest" : "largest"} ${names}${first.share === undefined || input.order === "smallest" ? "" : `: ${formatPercent(first.share)} of ${readable(reading.measure)}`}`;
  const { barChart } = await import("../charts/bar-chart.ts");
  return [
    barChart({
      ...heading,
      title,
      subject: `${readable(reading.measure)} by ${names}`,
      items: shown.map((p) => ({ label: p.label, value: p.value, ...(p.previous === undefined ? {} : { previous: p.previous }) })),
      ...(reading.comparePeriod ? { previousName: formatPeriod(reading.comparePeriod) } : {}),
      ...(rest.length ? { more: { n: rest.length, value: sum(rest.map((p) => p.value)) } } : {}),
    }),
  ];
}

/** The course over time, with the one it is compared with where there is one line. */
export async function courseCharts(
  { facts: all, before: allBefore, reading, unit, grain = "day" }: BreakdownInput,
  shown: readonly Part[],
): Promise<ChartBlock[]> {
  const facts = wholeSteps(all, grain, reading.period);
  const before = wholeSteps(allBefore, grain, reading.comparePeriod);
  const points = (some: readonly Fact[], shift = 0) => [...sumBuckets(some)].map(([day, value]) => ({ at: addDays(day, shift), value }));
  const whole = { name: reading.subject || readable(reading.measure), points: points(facts) };
  if (whole.points.length < 2) return [];
  const series =
    reading.by.length === 0
      ? [whole]
      : shown.map((p) => ({ name: p.label, points: points(facts.filter((f) => labelOf(f, reading.by) === p.label)) }));
  const provisionalFrom = reading.receipts.map((r) => /\d{4}-\d{2}-\d{2}/.exec(r.provisional ?? "")?.[0]).find((d) => d !== undefined);
  const { period, comparePeriod } = reading;
  const comparable = period && comparePeriod && before.length > 0 && reading.by.length === 0;
  const { timeChart } = await import("../charts/time-chart.ts");
  return [
    timeChart({
      title: courseTitle(whole.points, grain, `${readable(reading.measure)}${reading.subject ? ` of ${reading.subject}` : ""}`, unit),
      subject: `${readable(reading.measure)} per ${grain}${reading.by.length ? ` by ${reading.by.map(readable).join(" and ")}` : ""}`,
      unit,
      grain,
      series,
      ...(period ? { period } : {}),
      notes: [
        ...chartNotes(reading.receipts),
        ...(facts.length < all.length ? [`whole ${grain}s only`] : []),
        ...(comparable ? [`beside ${formatPeriod(comparePeriod)}`] : []),
      ],
      ...(comparable
        ? { comparison: { name: beforeName(period, comparePeriod), points: points(before, daysBetween(comparePeriod.from, period.from)) } }
        : {}),
      ...(provisionalFrom && grain === "day" ? { provisionalFrom } : {}),
    }),
  ];
}

/** Short enough for a legend. */
function beforeName(period: Period, before: Period): string {
  const [from, to] = [before.from.slice(0, 4), before.to.slice(0, 4)];
  return from === to && from !== period.from.slice(0, 4) ? from : "before";
}

function courseTitle(points: readonly { at: string; value: number }[], grain: Grain, measure: string, unit: string): string {
  const mean = sum(points.map((p) => p.value)) / points.length;
  return `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)} averages ${formatValue(mean, unit)} per ${grain}`;
}
