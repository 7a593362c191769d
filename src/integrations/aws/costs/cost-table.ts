import { addDays } from "../../../core/civil-date.ts";
import type { CivilDate, Period } from "../../../core/fact.ts";
import { VendorError } from "../../../errors.ts";
import type { CostStep } from "../schema.ts";
import { type Dimension, valueIn } from "./dimensions.ts";

/** What one question to Cost Explorer gave: an amount for each group and step. Compact, because months of it are kept. */
export interface CostTable {
  /** What `values` of a group are of; none for a table of totals. */
  dimensions: readonly Dimension[];
  /** First day of each step, in order. */
  steps: readonly CivilDate[];
  groups: readonly CostGroup[];
  /** First step AWS calls an estimate. */
  estimatedFrom?: CivilDate;
  /** Last step that holds anything. */
  lastFilled?: CivilDate;
  truncated?: string;
}

export interface CostGroup {
  /** Accounts by number, tags without their key. */
  values: readonly string[];
  /** Currency. */
  unit: string;
  /** By step; NaN where AWS gave none. */
  amounts: Float64Array;
}

/** Adds up what came on the pages; a group that comes again on a later page is the same group. Throws VendorError for a shape that makes no sense. */
export function tableOf(
  dimensions: readonly Dimension[],
  metric: string,
  period: Period,
  granularity: "DAILY" | "MONTHLY",
  given: readonly CostStep[],
): CostTable {
  const steps = granularity === "DAILY" ? daysOf(period) : [...new Set(given.map(({ TimePeriod }) => TimePeriod.Start))].sort();
  const indices = new Map(steps.map((step, i) => [step, i]));
  const groups = new Map<string, CostGroup>();
  const inside = given.filter(({ TimePeriod }) => indices.has(TimePeriod.Start));
  const filled = inside.map((step) => ({ step, parts: partsOf(step, dimensions, metric) })).filter(({ parts }) => parts.length > 0);
  for (const { step, parts } of filled)
    for (const { values, unit, amount } of parts) {
      const key = JSON.stringify([unit, ...values]);
      const group = groups.get(key) ?? { values, unit, amounts: new Float64Array(steps.length).fill(Number.NaN) };
      const index = indices.get(step.TimePeriod.Start) ?? 0;
      const before = group.amounts[index] ?? Number.NaN;
      group.amounts[index] = Number.isNaN(before) ? amount : before + amount;
      groups.set(key, group);
    }
  const starts = (some: readonly CostStep[]) => some.map(({ TimePeriod }) => TimePeriod.Start).sort();
  const [estimatedFrom] = starts(inside.filter(({ Estimated }) => Estimated));
  const lastFilled = starts(filled.map(({ step }) => step)).at(-1);
  return {
    ...{ dimensions, steps, groups: [...groups.values()] },
    ...(estimatedFrom === undefined ? {} : { estimatedFrom }),
    ...(lastFilled === undefined ? {} : { lastFilled }),
  };
}

/** The groups of a step; its total for a table without dimensions. */
function partsOf({ Groups, Total }: CostStep, dimensions: readonly Dimension[], metric: string) {
  const given = dimensions.length > 0 ? (Groups ?? []) : Total?.[metric] ? [{ Keys: [], Metrics: Total }] : [];
  return given.map(({ Keys, Metrics }) => {
    const { Amount: amount, Unit: unit } = Metrics[metric] ?? {};
    if (amount === undefined || Keys.length !== dimensions.length || !unit || !/^[A-Z]{3}$/.test(unit))
      throw new VendorError("AWS", "AWS Cost Explorer answered with a group that has no amount of money. It may have changed its API.");
    return { values: dimensions.map((dimension, i) => valueIn(dimension, Keys[i] ?? "")), unit, amount };
  });
}

/** Steps with an amount other than zero, in order. Totals are zero where there is nothing. */
export function stepsWithCosts({ steps, groups }: CostTable): CivilDate[] {
  return steps.filter((_, i) => groups.some(({ amounts }) => (amounts[i] || 0) !== 0));
}

/** Values of one of its dimensions, the dearest first. */
export function valuesOf(table: CostTable, dimension: Dimension): Map<string, number> {
  const at = table.dimensions.findIndex(({ name }) => name === dimension.name);
  const sums = new Map<string, number>();
  for (const { values, amounts } of at < 0 ? [] : table.groups) {
    const value = values[at] ?? "";
    sums.set(value, (sums.get(value) ?? 0) + amounts.reduce((sum, amount) => sum + (amount || 0), 0));
  }
  return new Map([...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

function daysOf({ from, to }: Period): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}
