import type { DayJudgement } from "./daily.ts";

/** Days of one direction that follow each other, as one thing that happened. Indices into the days. */
export interface AnomalyEvent {
  kind: "rise" | "creep" | "drop";
  first: number;
  last: number;
  /** Of the days of the event that have a value. */
  days: number;
  actual: number;
  expected: number;
  /** 99 of 100 such spans of normal days lie between: half widths of days add up as squares, since days are taken as independent. */
  low: number;
  high: number;
  /** Of its worst day. */
  score: number;
}

/**
 * Alarms of `judged`, from day `from` on, as events. One quiet or missing day does not end an event. An event is a creep when most of
 * its days are; it begins where the creep probably did, before anybody could know. Days before `from` that belong to it are part of it.
 */
export function eventsOf(values: Float64Array, judged: readonly DayJudgement[], from = 0): AnomalyEvent[] {
  const spans: { first: number; last: number; drop: boolean }[] = [];
  for (const [i, day] of judged.entries()) {
    if (day.state === "normal" || day.state === "unjudged") continue;
    const drop = day.state === "drop";
    const open = spans.at(-1);
    const first = Math.max(0, i + 1 - day.lasted);
    if (open && open.drop === drop && first - open.last <= 2) open.last = i;
    else spans.push({ first: Math.max(first, (open?.last ?? -1) + 1), last: i, drop });
  }
  return spans.filter((span) => span.last >= from).map((span) => eventOf(values, judged, span));
}

function eventOf(
  values: Float64Array,
  judged: readonly DayJudgement[],
  { first, last, drop }: { first: number; last: number; drop: boolean },
): AnomalyEvent {
  const sums = { days: 0, actual: 0, expected: 0, squares: 0, creeping: 0, score: 0 };
  for (let i = first; i <= last; i++) {
    const day = judged[i];
    const value = values[i] ?? Number.NaN;
    if (!day || Number.isNaN(value) || Number.isNaN(day.expected)) continue;
    sums.days++;
    sums.actual += value;
    sums.expected += day.expected;
    sums.squares += (day.high - day.expected) ** 2;
    sums.creeping += day.state === "creep" ? 1 : day.state === "rise" ? -1 : 0;
    sums.score = Math.max(sums.score, day.score || 0);
  }
  const half = Math.sqrt(sums.squares);
  return {
    kind: drop ? "drop" : sums.creeping > 0 ? "creep" : "rise",
    first,
    last,
    days: sums.days,
    actual: sums.actual,
    expected: sums.expected,
    low: sums.expected - half,
    high: sums.expected + half,
    score: sums.score,
  };
}
