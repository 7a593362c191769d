import { addDays, addMonths, endOf, startOf } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import type { Feed, FeedDescription } from "../core/feed.ts";
import {
  ALL_TIME,
  clip,
  formatDay,
  formatPeriod,
  isAllTime,
  isPeriod,
  lastCompleteDays,
  lengthOf,
  previousPeriod,
  unitOf,
  wholeUnit,
} from "../core/period.ts";
import { type Comparison, resolveComparison, resolvePeriod } from "../core/period-phrases.ts";
import { UserError } from "../errors.ts";

/** Which days a question is about, and which it is compared with, given the days its sources have. What was moved or lacks becomes a note. */
export interface TimeQuestion {
  period?: Period | string | undefined;
  compare?: Comparison | string | undefined;
}

export interface Source {
  feed: Feed;
  about: FeedDescription;
}

/** undefined: the sources have no dates. Throws UserError for a period that cannot be read. */
export function choosePeriod(question: TimeQuestion, sources: readonly Source[], today: string, notes: string[]): Period | undefined {
  const covers = coverage(sources);
  if (question.period !== undefined) return askedPeriod(asPeriod(question.period, today, "period"), sources, today, notes);
  if (!covers) return undefined;
  if (sources.every((s) => s.feed.withoutPeriod === "all"))
    return question.compare === "previous" || question.compare === "year_ago" ? lastWholeMonth(covers, notes) : covers;
  const recent = lastCompleteDays(30, today);
  if (!clip(recent, covers)) {
    notes.push("There is nothing in the last 30 days; these are the last 30 days there are.");
    return { from: addDays(covers.to, -29), to: covers.to };
  }
  if (covers.to < recent.to) notes.push(`The data reaches to ${formatDay(covers.to)}.`);
  return recent;
}

/** The period as asked, unless it is still going on: then it ends where the data does, or the comparison would be unfair. */
function askedPeriod(asked: Period, sources: readonly Source[], today: string, notes: string[]): Period | undefined {
  const covers = coverage(sources);
  if (isAllTime(asked)) return covers;
  const open = asked.from === ALL_TIME.from;
  const inside = covers && open ? clip(asked, covers) : asked;
  if (!covers || !inside || !clip(inside, covers)) return inside ?? asked;
  noteBeginning(inside, sources, notes);
  if (covers.to >= inside.to) return inside;
  notes.push(`The data reaches to ${formatDay(covers.to)}.`);
  return inside.to >= today ? { from: inside.from, to: covers.to } : inside;
}

/** Nothing lies before everything, so a comparison without a period is one of months. */
function lastWholeMonth(covers: Period, notes: string[]): Period {
  const first = startOf("month", covers.to);
  const month = wholeUnit("month", endOf("month", covers.to) === covers.to ? first : addMonths(first, -1));
  if (month.from < covers.from) {
    notes.push("The data has no whole calendar month to compare; name a period.");
    return covers;
  }
  notes.push(`No period was named, so this is ${formatPeriod(month)}, the last whole month of the data.`);
  return month;
}

export function chooseComparison(question: TimeQuestion, period: Period | undefined, today: string, notes: string[]): Period | undefined {
  const compare = question.compare;
  if (compare === undefined) return undefined;
  if (!period) {
    notes.push("The source has no dates, so there is no period before to compare with.");
    return undefined;
  }
  if (compare === "previous" || compare === "year_ago") return fair(resolveComparison(compare, period), period);
  return fair(asPeriod(compare as Period | string, today, "compare"), period);

  /** A whole unit against one that has only begun: the same number of days of it, else growth is invented. */
  function fair(before: Period, now: Period): Period {
    const unit = unitOf(before);
    if (!unit || unit === "day" || unitOf(now) || lengthOf(now) >= lengthOf(before) || previousPeriod(now).from !== before.from)
      return before;
    const cut = { from: before.from, to: addDays(before.from, lengthOf(now) - 1) };
    notes.push(`${formatPeriod(now)} is not over yet, so it is compared with ${formatPeriod(cut)}.`);
    return cut;
  }
}

/** Half a period beside a whole one looks like growth. */
export function noteBeginning(period: Period, sources: readonly Source[], notes: string[]): void {
  const covers = coverage(sources);
  if (covers && period.from < covers.from && covers.from <= period.to)
    notes.push(`The data begins on ${formatDay(covers.from)}, so ${formatPeriod(period)} is not all there.`);
}

export function coverage(sources: readonly Source[]): Period | undefined {
  const all = sources.flatMap((s) => (s.about.covers ? [s.about.covers] : []));
  return all.reduce<Period | undefined>(
    (sum, c) => (sum ? { from: c.from < sum.from ? c.from : sum.from, to: c.to > sum.to ? c.to : sum.to } : c),
    undefined,
  );
}

function asPeriod(value: Period | string, today: string, path: string): Period {
  if (typeof value === "string") return resolvePeriod(value, today);
  if (isPeriod(value)) return value;
  throw new UserError(`The ${path} ${value.from} to ${value.to} is not a range of days: both must exist, the first not after the second.`, {
    path,
  });
}
