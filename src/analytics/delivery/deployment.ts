/** One production deployment that succeeded. */
export interface Deployment {
  id: string;
  /** When it ended; the later parts of a deployment of several commits count. */
  finished: Date;
  /** What is deployed: changes of one service go out with its own deployments only. Absent: there is only one. */
  service?: string | undefined;
  /** Commits it brought that the one before had not. Absent: not known. */
  commits?: readonly string[] | undefined;
}

/** Oldest first, by the end; equal ends by id, so that the order never depends on the input's. */
export function byEnd(deployments: readonly Deployment[]): Deployment[] {
  return deployments.toSorted((a, b) => a.finished.getTime() - b.finished.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
