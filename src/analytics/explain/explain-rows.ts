import { type Amounts, scaleOf } from "./amounts.ts";
import { cubeOfLeaves } from "./cube-of-leaves.ts";
import { distinctAttributes } from "./distinct-attributes.ts";
import { type Cause, rankCauses } from "./rank-causes.ts";
import { type Leaves, leavesOf, type Rows, turned } from "./rows.ts";
import { tellingAttributes } from "./telling-attributes.ts";

export interface RowsExplained {
  /** Best first. For a fall the amounts inside stand turned round: `before` is the period after. */
  causes: readonly Cause[];
  /** Everything, per period, as it was given. */
  whole: Amounts;
  /** Attributes that were not looked into because there are too many; the least telling ones. */
  leftOut: readonly string[];
  /** Attributes that say the same as an earlier one, value for value: a region's name beside its id. */
  sameAs: readonly string[];
}

const MOST_ATTRIBUTES = 10;

/**
 * Ranks what rose (or fell) between two sets of rows. Rates when both sides have a total, sums otherwise. A million rows are added up
 * once for each set of up to three attributes; of more than ten attributes the ten most telling ones are looked into.
 */
export function explainRows(
  attributes: readonly string[],
  before: Rows,
  after: Rows,
  options: { direction: "rise" | "fall"; most?: number },
): RowsExplained {
  const given = leavesOf(before, after);
  const leaves = options.direction === "fall" ? turned(given) : given;
  const rates = before.total !== undefined && after.total !== undefined;
  const counts = [before, after].every(({ measure }) => measure.every((value) => Number.isNaN(value) || Number.isInteger(value)));
  const periods = (options.direction === "fall" ? after : before).periods;
  const scale = scaleOf(leaves.whole, { rates, counts, periods, size: leaves.size });
  const different = distinctAttributes(leaves);
  const kept = tellingAttributes(only(leaves, different), scale, MOST_ATTRIBUTES).map((a) => different[a] ?? a);
  const names = kept.map((a) => attributes[a] ?? "");
  return {
    causes: rankCauses(cubeOfLeaves(names, only(leaves, kept), scale), scale, options.most),
    whole: given.whole,
    leftOut: attributes.filter((_, a) => different.includes(a) && !kept.includes(a)),
    sameAs: attributes.filter((_, a) => !different.includes(a)),
  };
}

function only(leaves: Leaves, kept: readonly number[]): Leaves {
  const of = <T>(list: readonly T[]) => list.filter((_, a) => kept.includes(a));
  return { ...leaves, codes: of(leaves.codes), values: of(leaves.values) };
}
