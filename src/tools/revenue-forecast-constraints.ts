/** A month to come without constraints: what is expected, and the 80 % range. */
export interface FreeMonth {
  mean: number;
  lo80: number;
  hi80: number;
}

/** What revenue cannot do, as it was stated. Growth is from month to month: 0.05 is 5 %. */
export interface Constraints {
  growthCap?: number;
  growthFloor?: number;
  /** Most revenue of a month. */
  capacity?: number;
}

export interface BoundMonth extends FreeMonth {
  free: FreeMonth;
  /** The constraint that holds the expected course; absent where none does. */
  bound?: "growth cap" | "growth floor" | "capacity";
}

/**
 * The expected course under the constraints, month by month: each month is kept within (1 + floor) and (1 + cap) of the constrained month
 * before and under the capacity, which wins over the floor. The ends of a range are kept within the same bounds, which is exact for
 * quantiles of a month by itself; the mean of what may come lies at or below a course held by a cap, so that one is an upper reading.
 * A month before of zero or less sets no growth bound. `before`: the last month that stands, or is nearly over.
 */
export function constrain(months: readonly FreeMonth[], before: number, { growthCap, growthFloor, capacity }: Constraints): BoundMonth[] {
  const found: BoundMonth[] = [];
  let last = before;
  for (const free of months) {
    const grows = last > 0;
    const top = growthCap !== undefined && grows ? last * (1 + growthCap) : Number.POSITIVE_INFINITY;
    const bottom = growthFloor !== undefined && grows ? last * (1 + growthFloor) : Number.NEGATIVE_INFINITY;
    const most = Math.min(top, capacity ?? Number.POSITIVE_INFINITY);
    const kept = (value: number) => Math.min(Math.max(value, bottom), most);
    const mean = kept(free.mean);
    const bound = mean < free.mean ? (most === top ? "growth cap" : "capacity") : mean > free.mean ? "growth floor" : undefined;
    found.push({ mean, lo80: kept(free.lo80), hi80: kept(free.hi80), free, ...(bound ? { bound } : {}) });
    last = mean;
  }
  return found;
}
