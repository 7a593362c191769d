import type { Fact, Period, Receipt } from "./fact.ts";
import type { FeedRecord } from "./records.ts";

/** What kinds of facts there are. A tool asks for a kind; it does not know which vendor answers. */
export const FEED_KINDS = [
  "costs",
  "metrics",
  "deploys",
  "incidents",
  "issues",
  "sprints",
  "pulls",
  "pipelines",
  "ai_usage",
  "customers",
] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** One source of facts of one kind: a dataset, or a vendor's costs, deploys … */
export interface Feed {
  /** Unique: the dataset's name, or the vendor's ("aws"). */
  readonly name: string;
  readonly kind: FeedKind;
  /** What a question without a period means: all there is (a file), or the last 30 complete days (a source that goes on). */
  readonly withoutPeriod: "all" | "recent";
  /** So many dimensions are split by in one look; one more costs a look for each of its values. Without it, three cost what one does. */
  readonly splitsAtOnce?: number;
  /** What can be asked. Throws VendorError when the source is out of reach. Cheap to repeat: cached by the source's stamp. */
  describe(signal: AbortSignal, detail?: DescriptionDetail): Promise<FeedDescription>;
  /** Facts for the query, added up by the source. Throws UserError for what it does not have, VendorError for what fails. */
  query(query: FeedQuery, signal: AbortSignal): Promise<FeedAnswer>;
  /**
   * The things behind the facts one by one, for analyses that need each of them: pull requests, deployments, customers.
   * Absent where the source only adds up. Throws like `query`.
   */
  records?(query: RecordQuery, signal: AbortSignal): Promise<RecordAnswer>;
}

/** names: without the values of dimensions, which cost a large source another look. Default: values. */
export type DescriptionDetail = "names" | "values";

export interface FeedDescription {
  title: string;
  measures: readonly MeasureDescription[];
  dimensions: readonly DimensionDescription[];
  /** First and last day that hold facts; absent when the source is empty or undated. */
  covers?: Period;
}

export interface MeasureDescription {
  name: string;
  /** "currency" means money whose code stands in each row; else the unit, or the one currency. */
  unit?: string;
  /** mean: a ratio, a latency, a temperature. Such values are averaged and never added: they have no total and no shares. Default: sum. */
  aggregate?: "sum" | "mean";
}

export interface DimensionDescription {
  name: string;
  /** The best known values, most frequent first; not all when `more`. */
  values: readonly string[];
  more: boolean;
}

export type Grain = "day" | "week" | "month" | "quarter" | "year";

export interface FeedQuery {
  /** Defaults to the feed's first measure. */
  measure?: string;
  /** Dimensions to split by; none gives one fact per unit and bucket. */
  by?: readonly string[];
  /** Only rows whose dimension has one of the values. Exact, as in the description. */
  filter?: Readonly<Record<string, readonly string[]>>;
  /** Absent: everything the source has. */
  period?: Period;
  /** Time buckets; absent means one bucket for the whole period. */
  grain?: Grain;
  /** Ids of records that another source tells of too and counts. `recordFeed` leaves them out; who adds up otherwise has no such ids. */
  without?: ReadonlySet<string>;
}

export interface FeedAnswer {
  facts: readonly Fact[];
  receipts: readonly Receipt[];
}

export interface RecordQuery {
  /** By the record's own date (`FeedRecord.at`). Absent: everything the source has. */
  period?: Period;
  /** As in FeedQuery: over `FeedRecord.labels`. */
  filter?: Readonly<Record<string, readonly string[]>>;
}

export interface RecordAnswer {
  /** Oldest first. */
  records: readonly FeedRecord[];
  /** Say what was left out (`truncated`), never silently. */
  receipts: readonly Receipt[];
}
