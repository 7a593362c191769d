import type { Period } from "../../../core/fact.ts";
import type { Grain } from "../../../core/feed.ts";
import { formatNumber } from "../../../core/format.ts";
import { UserError } from "../../../errors.ts";
import type { Cached } from "../../http.ts";
import { type CostTable, valuesOf } from "./cost-table.ts";
import { type Dimension, NOT_SET } from "./dimensions.ts";
import { type CostQuestion, type Explorer, KEEP_CLOSED, type Keep, type Meter, type Only } from "./explorer.ts";
import { type Known, type Plan, planOf } from "./plan.ts";
import { olderMonths, windowsOf } from "./windows.ts";

/** A table, and the value of the dimension it was asked for alone. */
export interface CostPart {
  cached: Cached<CostTable>;
  fixed?: { dimension: Dimension; value: string };
  /** Its steps are months. */
  monthly: boolean;
  /** Asked for exactly the days of the question: every step belongs to it. */
  exact?: true;
}

export interface PartsWanted {
  metric: string;
  plan: Plan;
  /** Values of the third dimension that a filter leaves; all when absent. */
  loopValues?: readonly string[];
  /** Single days. */
  days?: Period | undefined;
  /** Whole months before the first single day. */
  months?: Period | undefined;
  grain?: Grain | undefined;
  today: string;
  known: Known;
}

/** A third dimension costs a request for each of its values. */
const MOST_VALUES = 10;

/** The tables that hold the answer, each remembered for the next question. Throws UserError for a third dimension of too many values. */
export async function readParts(explorer: Explorer, wanted: PartsWanted, meter: Meter, signal: AbortSignal): Promise<CostPart[]> {
  const parts = await Promise.all(lookups(explorer, wanted).map((lookup) => read(explorer, wanted, lookup, meter, signal)));
  return parts.flat();
}

/** One stretch of time to ask for. */
interface Lookup {
  question: Pick<CostQuestion, "metric" | "period" | "granularity">;
  keep: Keep;
  exact?: true;
}

function lookups({ openMs }: Explorer, { metric, plan, days, months, grain, today }: PartsWanted): Lookup[] {
  const older: Lookup[] = months ? [{ question: { metric, period: olderMonths(today), granularity: "MONTHLY" }, keep: KEEP_CLOSED }] : [];
  const windows = days ? windowsOf(days, today) : [];
  const keepOf = (open: boolean) => (open ? { ttlMs: openMs } : KEEP_CLOSED);
  if (plan.wide && days) {
    const granularity = grain === "day" || grain === "week" ? "DAILY" : "MONTHLY";
    const keep = keepOf(windows.some(({ open }) => open));
    return [...older, { question: { metric, period: days, granularity }, keep, exact: true }];
  }
  return [
    ...older,
    ...windows.map(({ period, open }): Lookup => ({ question: { metric, period, granularity: "DAILY" }, keep: keepOf(open) })),
  ];
}

async function read(
  explorer: Explorer,
  { plan, loopValues, known }: PartsWanted,
  { question, keep, exact }: Lookup,
  meter: Meter,
  signal: AbortSignal,
): Promise<CostPart[]> {
  const shared = { monthly: question.granularity === "MONTHLY", ...(exact ? { exact } : {}) };
  const ask = (dimensions: readonly Dimension[], only: readonly Only[]) =>
    explorer.table({ ...question, dimensions, ...(only.length > 0 ? { only } : {}) }, keep, meter, signal);
  const { loop } = plan;
  if (!loop) return [{ cached: await ask(plan.group, plan.only), ...shared }];
  const found = [...valuesOf((await ask(planOf([loop], [], known).group, [])).value, loop).keys()];
  const values = found.filter((value) => loopValues?.includes(value) ?? true);
  if (values.length > MOST_VALUES)
    throw new UserError(
      `AWS Cost Explorer splits by two dimensions at once; a third works up to ${MOST_VALUES} values, and ${loop.name} has ${formatNumber(values.length)}. Split by two, or filter by ${loop.name}.`,
      { path: "by" },
    );
  return Promise.all(
    values.map(async (value) => {
      const only: Only = { dimension: loop, values: value === NOT_SET ? [] : [value], ...(value === NOT_SET ? { orNone: true } : {}) };
      return { cached: await ask(plan.group, [...plan.only, only]), fixed: { dimension: loop, value }, ...shared };
    }),
  );
}
