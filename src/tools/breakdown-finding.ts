import { z } from "zod";
import type { Finding } from "../core/tool.ts";
import { type BreakdownInput, breakdowns } from "./breakdown.ts";
import { breakdownSentence } from "./breakdown-words.ts";
import type { FeedReading } from "./feed-question.ts";
import { contentOf, notesText } from "./finding.ts";

const days = z.object({ from: z.string(), to: z.string() });
const change = { previous: z.number().optional(), change: z.number().nullable().optional() };

/** The data of tools that give a total, its parts and its course. */
export const breakdownOutput = z.object({
  measure: z.string(),
  period: days.optional(),
  comparePeriod: days.optional(),
  totals: z.array(z.object({ unit: z.string(), value: z.number(), ...change })),
  rows: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      unit: z.string(),
      at: z.string().optional(),
      value: z.number(),
      share: z.number().optional(),
      ...change,
    }),
  ),
});

/** What was read as a total, its parts and its course: one of each per unit, because amounts of two units are never added. */
export async function breakdownFinding(
  reading: FeedReading,
  asked: { grain?: BreakdownInput["grain"]; top?: number | undefined; order?: BreakdownInput["order"] | undefined },
): Promise<Finding> {
  const parts = await breakdowns(reading, asked);
  const several = parts.length > 1 ? "Amounts of different currencies are not added up.\n\n" : "";
  const text = `${several}${parts.map(breakdownSentence).join("\n\n")}${notesText(reading)}`;
  return {
    content: contentOf(
      text,
      parts.flatMap((p) => p.tables),
    ),
    data: {
      measure: reading.measure,
      ...(reading.period ? { period: reading.period } : {}),
      ...(reading.comparePeriod ? { comparePeriod: reading.comparePeriod } : {}),
      totals: parts.map(({ unit, total, previous, change: ratio }) => ({
        unit,
        value: total,
        ...(previous === undefined ? {} : { previous, change: ratio ?? null }),
      })),
      rows: parts.flatMap((p) => p.rows),
    },
    blocks: [{ type: "markdown", text }, ...parts.flatMap((p) => [...p.charts, ...p.tables])],
    facts: reading.facts,
    receipts: reading.receipts,
  };
}
