import type { Period } from "../../../src/core/fact.ts";
import type { Grain } from "../../../src/core/feed.ts";
import { clip, lengthOf, previousPeriod, unitOf } from "../../../src/core/period.ts";
import { type Comparison, resolveComparison, resolvePeriod } from "../../../src/core/period-phrases.ts";
import type { ToolCall } from "../../../src/core/reply.ts";
import { FIXTURE_COVERS } from "../../kit/fixture-feed.ts";

export const TODAY = "2026-11-21";

/**
 * What a call asks for, whichever way its arguments are written. Days are "from/to", both included, and never reach
 * beyond the data, so "this month" may end today or with the month. An absent field means the call does not have it.
 */
export interface Meaning {
  tool: string;
  dataset?: string;
  measure?: string;
  by?: readonly string[];
  filter?: Readonly<Record<string, readonly string[]>>;
  period?: string;
  compare?: string;
  grain?: Grain;
  top?: number;
  order?: "change" | "smallest";
}

const MEASURES: Readonly<Record<string, readonly string[]>> = { bill: ["cost", "list_cost"], sales: ["revenue", "orders"] };
/** What pareto ranks unless told: the first dimension of the source. */
const FIRST_DIMENSION: Readonly<Record<string, string>> = { bill: "service", sales: "product" };
const DATASET_OF_KIND: Readonly<Record<string, string>> = { costs: "bill", metrics: "sales" };

/** The meaning of a call as it was made, over the feeds "bill" and "sales". Throws UserError for a period that cannot be read. */
export function meaningOf({ name, input }: ToolCall): Meaning {
  if (name === "help") return { tool: name };
  const measure = textOf(input.measure ?? onlyOf(input.measures));
  const dataset =
    textOf(input.dataset) ?? DATASET_OF_KIND[textOf(input.feed) ?? (name === "query_dataset" ? "" : "costs")] ?? ownerOf(measure);
  const said = listOf(input.by).map(plainName);
  const by = said.length === 0 && name === "pareto" ? [FIRST_DIMENSION[dataset ?? ""] ?? "service"] : said;
  const period = periodOf(input.period);
  const order = input.order === "value" ? undefined : textOf(input.order);
  const compare = compareOf(input.compare ?? (order === "change" ? "previous" : undefined), period);
  const filter = filterOf(input.filter);
  return meaning({
    tool: name,
    dataset,
    measure: measure === undefined ? MEASURES[dataset ?? ""]?.[0] : plainName(measure),
    by: by.length > 0 ? by : undefined,
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    period: period && write(period),
    compare,
    grain: input.grain,
    top: input.top,
    order: by.length > 0 ? order : undefined,
  });
}

export function sameMeaning(a: Meaning, b: Meaning): boolean {
  return JSON.stringify(meaning({ ...a })) === JSON.stringify(meaning({ ...b }));
}

/** Readable in one line, for a list of misses. */
export function showMeaning({ tool, ...rest }: Meaning): string {
  const parts = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  return `${tool}(${parts.join(", ")})`;
}

/** Fields in one order, absent ones left out, lists sorted: two equal meanings print the same. */
function meaning(fields: Record<string, unknown>): Meaning {
  const filter = fields.filter as Meaning["filter"];
  const sorted =
    filter &&
    Object.fromEntries(
      Object.entries(filter)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, values]) => [key, [...values].sort()]),
    );
  const { tool, dataset, measure, by, period, compare, grain, top, order } = fields as unknown as Meaning;
  const ordered = { tool, dataset, measure, by: by && [...by].sort(), filter: sorted, period, compare, grain, top, order };
  return Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== undefined)) as unknown as Meaning;
}

function periodOf(value: unknown): Period | undefined {
  if (value === undefined) return undefined;
  const asked = typeof value === "string" ? resolvePeriod(value, TODAY) : (value as Period);
  const inside = clip(asked, FIXTURE_COVERS) ?? asked;
  return write(inside) === write(FIXTURE_COVERS) ? undefined : inside;
}

/** A unit compared with one that has only begun is cut to as many days, as the tools do. */
function compareOf(value: unknown, period: Period | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (period === undefined) return "of nothing";
  const relative = value === "previous" || value === "year_ago";
  const before = relative
    ? resolveComparison(value as Comparison, period)
    : typeof value === "string"
      ? resolvePeriod(value, TODAY)
      : (value as Period);
  const begun = unitOf(before) !== undefined && lengthOf(period) < lengthOf(before) && previousPeriod(period).from === before.from;
  return write(begun ? previousPeriod(period) : before);
}

function filterOf(value: unknown): Record<string, string[]> {
  return Object.fromEntries(Object.entries((value ?? {}) as object).map(([dimension, values]) => [plainName(dimension), listOf(values)]));
}

function ownerOf(measure: string | undefined): string | undefined {
  return measure === undefined ? undefined : Object.keys(MEASURES).find((name) => MEASURES[name]?.includes(plainName(measure)));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s-]/g, "_");
}

function write({ from, to }: Period): string {
  return `${from}/${to}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function onlyOf(value: unknown): unknown {
  return Array.isArray(value) ? value.join("+") : undefined;
}
