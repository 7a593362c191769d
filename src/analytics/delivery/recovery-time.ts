import { mean, median } from "simple-statistics";
import type { Definition } from "./lead-time.ts";

export interface ResolvedFailure {
  created: Date;
  resolved: Date;
  /** End of the deployment it is laid to; absent when there is none. */
  deployed?: Date | undefined;
}

const HOUR_MS = 3_600_000;

/**
 * Hours to recover from a failed deployment. devlake (2023): median of resolved − end of the deployment, over incidents laid to one.
 * four_keys: median of resolved − created. middleware: their mean. null without a resolved incident; open ones are missing, so the
 * figure can only grow when they end.
 */
export function recoveryTime(failures: readonly ResolvedFailure[], definition: Definition): number | null {
  const hours = failures.flatMap(({ created, resolved, deployed }) => {
    const from = definition === "devlake" ? deployed : created;
    return from === undefined || resolved < from ? [] : [(resolved.getTime() - from.getTime()) / HOUR_MS];
  });
  if (hours.length === 0) return null;
  return definition === "middleware" ? mean(hours) : median(hours);
}
