import { z } from "zod";
import { FEED_KINDS } from "../../core/feed.ts";

/** The datasets file, as people write it. Unknown keys are errors: a misspelt `dimension` must not vanish. */

const name = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/i, "must begin with a letter and hold only letters, digits, _ and -");

const measureKeys = z.strictObject({
  name,
  column: z.string().min(1).optional().describe("Column of the file; the name unless given."),
  unit: z.string().max(20).optional().describe("currency, count, ms, bytes, ratio …"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a code such as EUR")
    .optional(),
  currency_column: z.string().optional().describe("Column that holds the currency code of each row."),
  aggregate: z.enum(["sum", "mean"]).optional().describe("mean: a rate or a latency, which is averaged and never added."),
});
const measure = z.union([
  name.transform((n) => ({ name: n, column: n })),
  measureKeys.refine(
    (m) => m.unit !== "currency" || m.currency || m.currency_column,
    "unit is currency: add `currency: EUR` or `currency_column: NAME`",
  ),
]);

const dimensionKeys = z.strictObject({ name, column: z.string().min(1).optional() });
const dimension = z.union([name.transform((n) => ({ name: n, column: n })), dimensionKeys]);

const recordKeys = z.strictObject({
  id: z.string().min(1).describe("Column that names each row."),
  title: z.string().min(1).optional(),
  text: z.string().min(1).optional().describe("Column with longer text a person wrote."),
  times: z.record(z.string(), z.string()).optional().describe("Further dates: { ended: cancelled_on }."),
});

const datasetDescription = z.strictObject({
  name,
  title: z.string().max(80).optional(),
  source: z.string().min(1).describe("File or glob relative to this file, or sqlite:PATH or postgres://… with `table`."),
  table: z.string().min(1).optional(),
  format: z.enum(["csv", "parquet", "json"]).optional().describe("Read from the ending of the file unless given."),
  time: z.string().optional().describe("Column with the date or time of each row, read as UTC."),
  measures: z.array(measure).min(1).optional(),
  dimensions: z.array(dimension).optional(),
  records: recordKeys.optional().describe("Each row is one thing (a customer, a ticket) that analyses may look at by itself."),
  grain: z.enum(["day", "week", "month", "quarter", "year"]).optional().describe("The finest step of time that makes sense."),
  feed: z.enum(FEED_KINDS).optional().describe("Which kind of facts it joins."),
  provisional_days: z.int().min(0).max(60).optional().describe("Rows of the last so many days may still change."),
  rolling: z.boolean().optional().describe("The source grows every day: a question without a period means its last 30 complete days."),
  simulated: z.boolean().optional().describe("Invented data: every receipt is labelled demo."),
});

/** The keys of each list of the file, for those who misspell one. */
export const DESCRIPTION_KEYS = {
  datasets: Object.keys(datasetDescription.shape),
  measures: Object.keys(measureKeys.shape),
  dimensions: Object.keys(dimensionKeys.shape),
  records: Object.keys(recordKeys.shape),
} as const;

export const datasetsFile = z.strictObject({ datasets: z.array(datasetDescription).min(1) });

export type DatasetDescription = z.output<typeof datasetDescription>;

export interface DatasetMeasure {
  name: string;
  column: string;
  unit?: string;
  /** Column with the unit of each row; wins over `unit`. */
  unitColumn?: string;
  aggregate?: "sum" | "mean";
}

/** Where a row's own things stand. */
export interface RecordColumns {
  id: string;
  title?: string;
  text?: string;
  /** Name of the time → column. */
  times: Readonly<Record<string, string>>;
}

export type Source =
  | { kind: "files"; pattern: string; directory: string; format: "csv" | "parquet" | "json" }
  | { kind: "sqlite"; path: string; table: string }
  | { kind: "postgres"; url: string; table: string };
