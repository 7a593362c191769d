/**
 * The one shape between sources and analytics: a dated number.
 * `at` is the start of the time bucket, in UTC. A missing value has no fact; it is never a zero.
 */
export interface Fact {
  at: Date;
  measure: string;
  value: number;
  /** ISO 4217 code for money ("USD"), else "count", "ms", "bytes", "ratio" … Facts of different units are never added. */
  unit?: string;
  /** The value is an average (a rate, a latency): several of them are averaged and never added, and they have no shares. */
  average?: true;
  /** Dimension name → value. A dimension without a value is absent here. */
  labels: Readonly<Record<string, string>>;
  url?: string;
}

/** Where a number came from. Tools make receipts; the model cannot set any field of one. */
export interface Receipt {
  id: string;
  /** The source as a person knows it: "bill (bills/focus.csv)", "AWS Cost Explorer". */
  source: string;
  /** What was asked of the source, readable: "sum of cost by service, 2026-10-01 to 2026-10-31". */
  query: string;
  window?: Period;
  fetchedAt: Date;
  /** stale: served from an earlier answer because the source failed. demo: from the simulated company. */
  status: "live" | "stale" | "demo";
  /** Why an earlier answer was served and how old it is: "40 min old, because Dynatrace failed (500)". Also of a simulated source that fails. */
  outage?: string;
  /** The vendor may still change these numbers, and since which day. */
  provisional?: string;
  /** Rows or pages were left out; says which. */
  truncated?: string;
  /** Other things a reader must know: a file stamp, rows without a value. */
  notes?: readonly string[];
  url?: string;
}

/** A calendar day, "2026-11-21", in the calendar of the source (UTC for bills). */
export type CivilDate = string;

/** Whole days, both ends included. */
export interface Period {
  from: CivilDate;
  to: CivilDate;
}
