/** Median of numbers in any order; 0 for none. Quickselect (Hoare, 1961) on a copy: fits take thousands of medians. */
export function median(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return 0;
  const work = Float64Array.from(values);
  const upper = n >> 1;
  const high = select(work, upper);
  if (n % 2 === 1) return high;
  let low = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < upper; i++) low = Math.max(low, work[i] as number);
  return (low + high) / 2;
}

/** Robust standard deviation: 1.4826 times the median distance to the median, which is that of a normal distribution. */
export function robustDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  return 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** The value at place `k` in order of size; those before it are not greater, those after it not smaller. */
function select(work: Float64Array, k: number): number {
  let left = 0;
  let right = work.length - 1;
  while (left < right) {
    const pivot = work[k] as number;
    let i = left;
    let j = right;
    do {
      while ((work[i] as number) < pivot) i++;
      while (pivot < (work[j] as number)) j--;
      if (i <= j) {
        const swap = work[i] as number;
        work[i++] = work[j] as number;
        work[j--] = swap;
      }
    } while (i <= j);
    if (j < k) left = i;
    if (k < i) right = j;
  }
  return work[k] as number;
}
