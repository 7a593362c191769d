import { z } from "zod";
import { FEED_KINDS } from "./feed.ts";

/**
 * The fields tools share, by name. The deterministic agent fills a field by its name, whatever the tool, so a tool that
 * uses these is understood without another line.
 */
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day like 2026-10-01");
const dimensionName = z.string().min(1).max(60);

const periodParameter = z
  .union([z.strictObject({ from: day, to: day }), z.string().min(1).max(120)])
  .optional()
  .describe(
    'Words ("last month", "Q3 2026", "since 3 March") or {"from", "to"}, both days included. Without it: all of a dataset, the last 30 complete days of a vendor.',
  );

export const parameters = {
  dataset: z.string().min(1).max(60).optional().describe("One dataset by its name."),
  feed: z.enum(FEED_KINDS).optional().describe("All sources of a kind, added together where unit and meaning agree."),
  measure: z.string().min(1).max(60).optional().describe("What to add up, by its name; the first of the source unless given."),
  by: z
    .union([dimensionName, z.array(dimensionName).max(3)])
    .optional()
    .describe('Dimension to split by, e.g. "service", or up to three.'),
  dimension: dimensionName.optional().describe('Dimension to rank, e.g. "service".'),
  filter: z
    .record(z.string(), z.union([z.string().max(200), z.array(z.string().max(200)).min(1).max(50)]))
    .optional()
    .describe('Only these: {"region": "us-east-1"} or {"service": ["Amazon EC2", "Amazon S3"]}.'),
  period: periodParameter,
  compare: z
    .union([z.enum(["previous", "year_ago"]), periodParameter.unwrap()])
    .optional()
    .describe("Compare with the period before, the same dates a year ago, or a period."),
  grain: z.enum(["day", "week", "month", "quarter", "year"]).optional().describe("Split over time in these steps."),
  key: z.string().min(1).max(120).optional().describe("One thing by its id: OPS-31, acme/web#12."),
  query: z.string().min(1).max(400).optional().describe("Words to look for, as the person said them."),
  top: z.int().min(1).max(500).optional().describe("Show only the largest so many; the rest is added up as one line."),
} as const;
