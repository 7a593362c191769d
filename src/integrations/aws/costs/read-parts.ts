import type { Period } from "../../../core/fact.ts";
import { formatNumber } from "../../../core/format.ts";
import { UserError } from "../../../errors.ts";
import type { Cached } from "../../http.ts";
import { type CostTable, valuesOf } from "./cost-table.ts";
import { type Dimension, NOT_SET } from "./dimensions.ts";
import { type CostQuestion, type Explorer, KEEP_CLOSED, type Keep, type Meter, type Only } from "./explorer.ts";
import { type Plan, planOf } from "./plan.ts";
import { olderMonths, windowsOf } from "./windows.ts";

/** A table, and the value of the dimension it was asked for alone. */
export interface CostPart {
  cached: Cached<CostTable>;
  fixed?: { dimension: Dimension; value: string };
  /** Its steps are months. */
  monthly: boolean;
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
  today: string;
}

/** A third dimension costs a request for each of its values. */
const MOST_VALUES = 10;

/** The tables that hold the answer, each remembered for the next question. Throws UserError for a third dimension of too many values. */
export async function readParts(explorer: Explorer, wanted: PartsWanted, meter: Meter, signal: AbortSignal): Promise<CostPart[]> {
  const { metric, days, months, today } = wanted;
  const windows = days ? windowsOf(days, today) : [];
  const asked: { question: Pick<CostQuestion, "metric" | "period" | "granularity">; keep: Keep }[] = [
    ...(months ? [{ question: { metric, period: olderMonths(today), granularity: "MONTHLY" as const }, keep: KEEP_CLOSED }] : []),
    ...windows.map(({ period, open }) => ({
      question: { metric, period, granularity: "DAILY" as const },
      keep: open ? { ttlMs: explorer.openMs } : KEEP_CLOSED,
    })),
  ];
  const parts = await Promise.all(asked.map(({ question, keep }) => read(explorer, wanted, question, keep, meter, signal)));
  return parts.flat();
}

async function read(
  explorer: Explorer,
  { plan, loopValues }: PartsWanted,
  question: Pick<CostQuestion, "metric" | "period" | "granularity">,
  keep: Keep,
  meter: Meter,
  signal: AbortSignal,
): Promise<CostPart[]> {
  const monthly = question.granularity === "MONTHLY";
  const ask = (dimensions: readonly Dimension[], only: readonly Only[]) =>
    explorer.table({ ...question, dimensions, ...(only.length > 0 ? { only } : {}) }, keep, meter, signal);
  const { loop } = plan;
  if (!loop) return [{ cached: await ask(plan.group, plan.only), monthly }];
  const alone = planOf([loop], [], { cardinality: () => 0, raw: () => [] });
  const known = [...valuesOf((await ask(alone.group, [])).value, loop).keys()];
  const values = known.filter((value) => loopValues?.includes(value) ?? true);
  if (values.length > MOST_VALUES)
    throw new UserError(
      `AWS Cost Explorer splits by two dimensions at once; a third works up to ${MOST_VALUES} values, and ${loop.name} has ${formatNumber(values.length)}. Split by two, or filter by ${loop.name}.`,
      { path: "by" },
    );
  return Promise.all(
    values.map(async (value) => {
      const only: Only = { dimension: loop, values: value === NOT_SET ? [] : [value], ...(value === NOT_SET ? { orNone: true } : {}) };
      return { cached: await ask(plan.group, [...plan.only, only]), fixed: { dimension: loop, value }, monthly };
    }),
  );
}
