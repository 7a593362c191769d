import { z } from "zod";
import { type Pareto, sum } from "../analytics/pareto.ts";
import { formatPercent, formatValue, readable } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { FeedReading } from "./feed-question.ts";
import { amountColumn, changeWords, chartNotes, contentOf, inPeriod, notesText, otherLines, plural, ratioChange } from "./finding.ts";

const item = z.object({
  label: z.string(),
  value: z.number(),
  share: z.number(),
  cumulativeShare: z.number(),
  class: z.enum(["A", "B", "C"]),
  previous: z.number().optional(),
});

const result = z.object({
  items: z.array(item),
  total: z.number(),
  n: z.number(),
  itemsTo80: z.number(),
  top20Share: z.number(),
  gini: z.number(),
  negative: z.object({ n: z.number(), total: z.number() }).optional(),
  note: z.string().optional(),
  unit: z.string(),
});

export const paretoOutput = result.extend({
  others: z.array(result).optional().describe("The same for each further currency; amounts of two currencies are never added."),
});

type Result = z.output<typeof result>;

interface Section {
  data: Result;
  text: string;
  blocks: Block[];
  table: TableBlock;
}

/** The ranking of one unit. */
export async function paretoSection(
  found: Pareto,
  before: ReadonlyMap<string, number>,
  unit: string,
  dimension: string,
  reading: FeedReading,
  top: number | undefined,
): Promise<Section> {
  const compared = reading.comparePeriod !== undefined;
  const items = found.items.map((i) => ({ ...i, ...(compared && before.has(i.label) ? { previous: before.get(i.label) ?? 0 } : {}) }));
  const note = noteOn(found, dimension);
  const data: Result = {
    items,
    total: found.total,
    n: found.n,
    itemsTo80: found.itemsTo80,
    top20Share: found.top20Share,
    gini: found.gini,
    ...(found.negative ? { negative: found.negative } : {}),
    ...(note ? { note } : {}),
    unit,
  };
  const shown = items.slice(0, top ?? items.length);
  const rest = items.slice(shown.length);
  const table: TableBlock = {
    type: "table",
    columns: [
      { label: readable(dimension), type: "text" },
      amountColumn(readable(reading.measure), unit),
      { label: "share", type: "percent" },
      { label: "cumulative", type: "percent" },
      ...(compared
        ? [
            { label: "before", ...withoutLabel(amountColumn("", unit)) },
            { label: "change", type: "percent" as const },
          ]
        : []),
    ],
    rows: [
      ...shown.map((i) => [
        i.label,
        i.value,
        i.share,
        i.cumulativeShare,
        ...(compared ? [i.previous ?? null, ratioChange(i.value, i.previous)] : []),
      ]),
      ...(rest.length
        ? [
            [
              otherLines(rest.length),
              sum(rest.map((i) => i.value)),
              sum(rest.map((i) => i.share)),
              1,
              ...(compared ? [sum(rest.map((i) => i.previous ?? 0)), null] : []),
            ],
          ]
        : []),
    ],
  };
  const chart =
    items.length < 2
      ? []
      : [
          (await import("../charts/pareto-chart.ts")).paretoChart({
            title: headline(found, dimension, reading.measure),
            subject: `${readable(reading.measure)} by ${readable(dimension)}`,
            ...(reading.period ? { period: reading.period } : {}),
            notes: chartNotes(reading.receipts),
            unit,
            items: shown,
            itemsTo80: found.itemsTo80,
            total: found.total,
            ...(rest.length ? { more: { n: rest.length, value: sum(rest.map((i) => i.value)) } } : {}),
          }),
        ];
  return { data, text: sentence(found, before, unit, dimension, reading, note), blocks: [...chart, table], table };
}

function withoutLabel<T extends { label: string }>(column: T): Omit<T, "label"> {
  const { label: _, ...rest } = column;
  return rest;
}

const MOST_NAMED = 6;

function headline(found: Pareto, dimension: string, measure: string): string {
  if (found.n === 1) return `All of ${readable(measure)} is in one ${readable(dimension)}`;
  return `${found.itemsTo80} of ${found.n} ${plural(readable(dimension))} make${found.itemsTo80 === 1 ? "s" : ""} up 80% of ${readable(measure)}`;
}

function sentence(
  found: Pareto,
  before: ReadonlyMap<string, number>,
  unit: string,
  dimension: string,
  reading: FeedReading,
  note: string | undefined,
): string {
  const names = plural(readable(dimension));
  const measure = readable(reading.measure);
  const credits = found.negative
    ? ` Credits and refunds of ${formatValue(found.negative.total, unit)} in ${found.negative.n} ${found.negative.n === 1 ? readable(dimension) : names} stand apart.`
    : "";
  if (found.n === 0)
    return `No ${readable(dimension)} has a positive ${measure}${inPeriod(reading.period)}, so there is nothing to rank.${credits}`;
  const leaders = found.items
    .slice(0, Math.min(found.itemsTo80, MOST_NAMED))
    .map((i) => `${plainWords(i.label)} (${formatValue(i.value, unit)}, ${formatPercent(i.share)})`);
  const wasTotal = sum([...before.values()].filter((v) => v > 0));
  const change = reading.comparePeriod
    ? ` That is ${changeWords(found.total, wasTotal, unit)} than ${formatPeriod(reading.comparePeriod)}.`.replace(
        "unchanged than",
        "unchanged from",
      )
    : "";
  return [
    `**${headline(found, dimension, reading.measure)}**${inPeriod(reading.period)}: ${listWords(leaders, MOST_NAMED)}${found.itemsTo80 > MOST_NAMED ? " among them" : ""}.`,
    ` The total is ${formatValue(found.total, unit)}.${change}${credits}`,
    note ? ` ${note}` : "",
  ].join("");
}

/** What keeps a reader from concluding too much. */
function noteOn(found: Pareto, dimension: string): string | undefined {
  const names = plural(readable(dimension));
  if (found.n === 0) return "Nothing positive to rank.";
  if (found.tooFew) return `With ${found.n} ${found.n === 1 ? readable(dimension) : names} there are too few for an 80/20 statement.`;
  const few = Math.ceil(0.2 * found.n);
  if (found.top20Share >= 0.7) return undefined;
  return `This is not an 80/20 case: the top 20% (${few} of ${found.n}) make ${formatPercent(found.top20Share)}.`;
}

/** All units' rankings as one answer; amounts of two units are never added. Throws RangeError without any. */
export function paretoReport(sections: readonly Section[], reading: FeedReading, dimension: string): Finding {
  const [first, ...rest] = sections;
  if (!first) throw new RangeError("pareto: no facts");
  const several = rest.length > 0 ? `There are ${sections.length} currencies or units; they are ranked apart and never added.\n\n` : "";
  const text = `${several}${sections.map((s) => s.text).join("\n\n")}${notesText(reading)}`;
  const leader = first.data.items[0]?.label;
  return {
    content: contentOf(
      text,
      sections.map((s) => s.table),
    ),
    data: { ...first.data, ...(rest.length ? { others: rest.map((s) => s.data) } : {}) },
    blocks: [{ type: "markdown", text }, ...sections.flatMap((s) => s.blocks)],
    facts: reading.facts,
    receipts: reading.receipts,
    suggestions: [
      ...(leader ? [`${leader} per day`] : []),
      ...(reading.comparePeriod ? [] : ["and compared with the previous period?"]),
      ...(dimension === "service" ? ["and by region?"] : ["and by service?"]),
    ],
  };
}
