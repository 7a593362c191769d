import { type Growth, growthRate, LEAST_STEPS } from "../analytics/health/growth.ts";
import { addMonths, daysBetween, endOf, fromInstant, startOf } from "../core/civil-date.ts";
import type { Receipt } from "../core/fact.ts";
import type { FeedDescription } from "../core/feed.ts";
import { lastCompleteDays } from "../core/period.ts";
import type { ToolContext } from "../core/tool.ts";
import { wordsOf } from "../core/value-names.ts";
import type { FeedRows } from "./churn-risk-rows.ts";

/** How the use of each account moves per month. */
export interface Trends {
  measure: string;
  /** By the name of the account. */
  growth: ReadonlyMap<string, Growth>;
  /** The last month that counts. */
  month: string;
  receipts: readonly Receipt[];
}

const USE = ["usage", "active", "sessions", "logins", "seats", "mrr", "revenue"];
const MONTHS = 12;

/** From whole months of a measure of use, where the source is dated and has one; undefined when it has not. */
export async function usageTrends({ feed, id }: FeedRows, context: ToolContext): Promise<Trends | undefined> {
  const about = await feed.describe(context.signal, "names");
  const measure = measureOf(about);
  const { covers } = about;
  if (!measure || !covers || !about.dimensions.some((d) => d.name === id)) return undefined;
  const today = lastCompleteDays(1, fromInstant(context.now)).to;
  const last = covers.to < today ? covers.to : today;
  const end = endOf("month", last) === last ? startOf("month", last) : addMonths(startOf("month", last), -1);
  const first = [addMonths(end, 1 - MONTHS), firstWhole(covers.from)].sort().at(-1) ?? end;
  const months = Math.round(daysBetween(first, end) / 30.44) + 1;
  if (months < LEAST_STEPS) return undefined;
  const period = { from: first, to: endOf("month", end) };
  const { facts, receipts } = await feed.query({ measure, by: [id], grain: "month", period }, context.signal);
  const series = new Map<string, Float64Array>();
  const units = new Map<string, string | undefined>();
  for (const fact of facts) {
    const name = fact.labels[id];
    const month = Math.round(daysBetween(first, startOf("month", fromInstant(fact.at))) / 30.44);
    if (name === undefined || month < 0 || month >= months) continue;
    // An account with two currencies has no one course.
    if (units.has(name) && units.get(name) !== fact.unit) series.delete(name);
    if (units.has(name) && !series.has(name)) continue;
    units.set(name, fact.unit);
    const values = series.get(name) ?? new Float64Array(months).fill(Number.NaN);
    values[month] = (Number.isNaN(values[month]) ? 0 : (values[month] ?? 0)) + fact.value;
    series.set(name, values);
  }
  const growth = new Map(
    [...series].flatMap(([name, values]) => {
      const found = growthRate(values);
      return found ? [[name, found] as const] : [];
    }),
  );
  return growth.size === 0 ? undefined : { measure, growth, month: end.slice(0, 7), receipts };
}

function measureOf({ measures }: FeedDescription): string | undefined {
  for (const word of USE) {
    const found = measures.find((m) => wordsOf(m.name).includes(word));
    if (found) return found.name;
  }
  return undefined;
}

function firstWhole(day: string): string {
  const start = startOf("month", day);
  return start === day ? day : addMonths(start, 1);
}

/** Days to the next renewal of each row, by a column such as "renewal" or "contract_end"; undefined without one. */
export function renewals({ table }: FeedRows, now: Date): readonly (number | null)[] | undefined {
  const column = table.columns.find((name) => /renew|contract_?end|term_?end/i.test(name));
  if (column === undefined) return undefined;
  const today = fromInstant(now);
  const days = table.column(column).map((cell) => {
    const day = /^\d{4}-\d{2}-\d{2}/.exec(cell ?? "")?.[0];
    return day === undefined || Number.isNaN(Date.parse(day)) ? null : daysBetween(today, day);
  });
  return days.some((d) => d !== null) ? days : undefined;
}
