import type { Range } from "./forecast-series.ts";
import { normalQuantile, normalShare } from "./student-t.ts";

export interface BudgetInput {
  budget: number;
  /** Sum of the settled days. */
  used: number;
  daysGone: number;
  days: number;
  /** What the whole period will come to. */
  end: Range;
}

export interface BudgetBurn {
  budget: number;
  used: number;
  /** Of the budget, and of the days. */
  usedShare: number;
  timeShare: number;
  /** Of the budget at the end. */
  endShare: number;
  /** Above the budget at the end; negative when something is left. */
  over: number;
  /** Probability of ending above the budget, 0 to 1. */
  chanceOver: number;
}

/**
 * How a budget holds. The probability takes the end as normally distributed around its mean, with the standard deviation that the upper
 * ends of the 80 % and 95 % intervals imply: (hi − mean) / z, the mean of both. Throws RangeError for a budget that is not above zero.
 */
export function budgetBurn({ budget, used, daysGone, days, end }: BudgetInput): BudgetBurn {
  if (!(budget > 0)) throw new RangeError("budgetBurn: the budget must be above zero");
  const deviation = ((end.hi80 - end.mean) / normalQuantile(0.9) + (end.hi95 - end.mean) / normalQuantile(0.975)) / 2;
  const certain = used > budget ? 1 : end.mean > budget ? 1 : 0;
  return {
    budget,
    used,
    usedShare: used / budget,
    timeShare: days > 0 ? daysGone / days : 1,
    endShare: end.mean / budget,
    over: end.mean - budget,
    chanceOver: used > budget || !(deviation > 0) ? certain : normalShare((end.mean - budget) / deviation),
  };
}
