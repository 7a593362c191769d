import { addDays } from "../../../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../../../core/fact.ts";
import type { FeedQuery } from "../../../core/feed.ts";
import { formatDay, formatPeriod } from "../../../core/period.ts";
import { plainWords } from "../../../core/text.ts";
import { quoteForeign } from "../../../errors.ts";
import { stampOf } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import type { CostPart } from "./read-parts.ts";
import { lastDay } from "./windows.ts";

export interface Asked {
  id: string;
  measure: { name: string; metric: string };
  query: FeedQuery;
  period: Period;
  requests: number;
  /** What could not be answered. */
  left: readonly string[];
}

/** Days of the running month that are late or doubled as a rule; AWS calls the whole month an estimate. */
const PROVISIONAL_DAYS = 2;
const CONSOLE = "https://console.aws.amazon.com/cost-management/home#/cost-explorer";

export function costReceipt(client: AwsClient, parts: readonly CostPart[], asked: Asked, today: CivilDate): Receipt {
  const { id, measure, query, period, requests, left } = asked;
  const [first, ...others] = parts.map(({ cached }) => cached);
  const stamp = first
    ? stampOf(first, ...others)
    : {
        fetchedAt: client.now(),
        status: client.http.demo ? ("demo" as const) : ("live" as const),
        notes: ["Cost Explorer keeps nothing of these days."],
      };
  const truncated = [...new Set([...parts.flatMap(({ cached }) => cached.value.truncated ?? []), ...left])].join("; ");
  const provisional = provisionalSince(parts, period, today);
  const notes = [...(stamp.notes ?? []), ...notesOf(parts, period, today, provisional), priceOf(requests)];
  return {
    ...stamp,
    id,
    source: "AWS Cost Explorer",
    query: wordsOf(measure, query, period),
    window: period,
    ...(provisional ? { provisional: `since ${provisional}` } : {}),
    ...(truncated ? { truncated } : {}),
    notes,
    ...(client.settings.AWS_ENDPOINT_URL ? {} : { url: CONSOLE }),
  };
}

/** The first day of the period that is an estimate and recent; undefined when none is. */
function provisionalSince(parts: readonly CostPart[], period: Period, today: CivilDate): CivilDate | undefined {
  const fresh = addDays(today, -PROVISIONAL_DAYS);
  const [estimated] = parts.flatMap(({ cached }) => cached.value.estimatedFrom ?? []).sort();
  if (estimated === undefined || period.to < fresh || period.to < estimated) return undefined;
  return [estimated, fresh, period.from].sort().at(-1);
}

function notesOf(parts: readonly CostPart[], period: Period, today: CivilDate, provisional: CivilDate | undefined): string[] {
  const [estimated] = parts.flatMap(({ cached }) => cached.value.estimatedFrom ?? []).sort();
  const filled = parts
    .flatMap(({ cached, monthly }) => (monthly ? [] : (cached.value.lastFilled ?? [])))
    .sort()
    .at(-1);
  const end = [lastDay(today), period.to].sort()[0] ?? period.to;
  const missing = filled !== undefined && filled < end && end >= addDays(today, -5);
  return [
    ...(missing ? [`AWS has no costs yet after ${formatDay(filled)}; later days are missing, not zero.`] : []),
    ...(estimated !== undefined && estimated <= period.to && estimated < (provisional ?? addDays(period.to, 1))
      ? [`AWS calls its figures since ${formatDay(estimated)} an estimate until the month's invoice.`]
      : []),
    ...(parts.some(({ monthly }) => monthly) ? ["Older months are those AWS keeps as whole months."] : []),
  ];
}

function priceOf(requests: number): string {
  if (requests === 0) return "Answered from memory, without a request.";
  return `${requests} ${requests === 1 ? "request" : "requests"} to Cost Explorer ($${(requests / 100).toFixed(2)})`;
}

function wordsOf({ name, metric }: Asked["measure"], { by = [], filter = {}, grain }: FeedQuery, period: Period): string {
  const filters = Object.entries(filter).map(([dimension, values]) => {
    const shown = values.slice(0, 5).map((value) => plainWords(quoteForeign(value)));
    return `${dimension} = ${shown.join(" or ")}${values.length > 5 ? ` (+${values.length - 5})` : ""}`;
  });
  return [
    `sum of ${name} (${metric})`,
    by.length > 0 ? `by ${by.join(", ")}` : "",
    grain ? `per ${grain}` : "",
    filters.length > 0 ? `where ${filters.join(" and ")}` : "",
    `for ${formatPeriod(period)}`,
  ]
    .filter(Boolean)
    .join(" ");
}
