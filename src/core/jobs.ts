/**
 * Brings the rows of a ledger to whoever is free to work on them. What becomes of a row is the ledger's to say: a row may be handed out
 * again, so claim it there first, and end quietly where nothing is to be done any more.
 */
export interface Jobs {
  /** Puts rows up, the most urgent first. One that waits already waits once. */
  offer(rows: readonly string[]): Promise<void>;
  /**
   * Works on what waits, one row after the other, until nothing is left or `signal` aborts. Of all processes one gets each row that was put
   * up. Work that throws is told to `onFault`, and the row is left to the ledger. Rejects when the queue cannot be reached.
   */
  drain(work: (row: string) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Ends what the queue does by itself. Call it once nothing drains. */
  stop(): Promise<void>;
}
