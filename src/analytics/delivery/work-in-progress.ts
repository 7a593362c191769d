import { toInstant } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";

export interface Stay {
  from: Date;
  /** Absent: still there. */
  to?: Date | undefined;
}

/** How many pieces were in progress at the end of each day, in UTC. One pass over the stays for any number of days. */
export function workInProgress(stays: readonly Stay[], days: readonly CivilDate[]): number[] {
  const ends = days.map((day) => toInstant(day).getTime() + 86_400_000);
  const began = stays.map(({ from }) => from.getTime()).sort((a, b) => a - b);
  const ended = stays.flatMap(({ to }) => (to ? [to.getTime()] : [])).sort((a, b) => a - b);
  return ends.map((end) => countBelow(began, end) - countBelow(ended, end));
}

/** How many of an ordered list lie below `limit`. */
function countBelow(ordered: readonly number[], limit: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
