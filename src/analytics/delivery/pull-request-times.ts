/** The instants of one pull request. What did not happen, or is not known, is absent. */
export interface PullRequestInstants {
  created: Date;
  /** When the oldest of its commits was written. */
  firstCommit?: Date | undefined;
  /** First comment or review by someone who is not the author. */
  firstReview?: Date | undefined;
  merged?: Date | undefined;
  /** End of the first successful production deployment that holds it. */
  deployed?: Date | undefined;
}

/** Whole minutes, rounded up. null: a part that is missing or would be negative (a review older than the pull request). */
export interface PullRequestTimes {
  coding: number | null;
  pickup: number | null;
  review: number | null;
  deploy: number | null;
  /** Coding, open and deploy time together, missing parts counted as nothing. null until it is merged. */
  cycle: number | null;
}

/**
 * The parts of a pull request's way to production, as Apache DevLake's DORA plugin counts them: coding = created − first commit;
 * pickup = first review − created; review = merged − first review; deploy = deployed − merged; cycle = coding + (merged − created) + deploy.
 * Each part is rounded up by itself, so parts may exceed the whole by a minute. Review is very long when the comment is older than
 * the pull request: that is DevLake's definition, kept so that figures agree.
 * Source: apache/incubator-devlake, backend/plugins/dora/tasks/change_lead_time_calculator.go.
 */
export function pullRequestTimes({ created, firstCommit, firstReview, merged, deployed }: PullRequestInstants): PullRequestTimes {
  const coding = minutesBetween(firstCommit, created);
  const deploy = minutesBetween(merged, deployed);
  const open = minutesBetween(created, merged);
  return {
    coding,
    pickup: minutesBetween(created, firstReview),
    review: minutesBetween(firstReview, merged),
    deploy,
    cycle: open === null ? null : (coding ?? 0) + open + (deploy ?? 0),
  };
}

const MINUTE_MS = 60_000;

function minutesBetween(from: Date | undefined, to: Date | undefined): number | null {
  if (!from || !to) return null;
  const minutes = Math.ceil((to.getTime() - from.getTime()) / MINUTE_MS);
  return minutes < 0 ? null : minutes;
}
