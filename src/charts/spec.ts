import type { Period } from "../core/fact.ts";
import { formatPeriod } from "../core/period.ts";
import type { Column } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import { unitName } from "./format.ts";
import { cleanText, isolate, wrapToWidth } from "./labels.ts";
import { BOLD_WIDTH, PADDING, SIZE, THEMES } from "./theme.ts";

/** What every chart says about itself. */
export interface Heading {
  /** The finding in words: "3 of 20 services make 80 % of cost". */
  title: string;
  /** Unit of the values as in facts: "USD", "count", "ms", "ratio" … */
  unit?: string;
  /** What was measured, by what: "cost by service". */
  subject?: string;
  period?: Period;
  /** Further words for the subtitle, each short: "demo data". */
  notes?: readonly string[];
}

export type Row = Readonly<Record<string, string | number | null>>;

/** Pixels of every chart, and what is left between its paddings. */
export const WIDTH = 1200;
export const HEIGHT = 700;
export const INNER_WIDTH = WIDTH - 2 * PADDING;

const MOST_ALT_CHARACTERS = 1500;

interface Parts {
  datasets: Readonly<Record<string, readonly Row[]>>;
  /** Values for expressions; outside data enters a spec here or in `datasets`, never as a property or an expression. */
  params: Readonly<Record<string, unknown>>;
  body: Readonly<Record<string, unknown>>;
  height?: number;
}

/**
 * A whole Vega-Lite specification. Its marks take colours from the parameter `theme`, its title from parameters,
 * so two charts of one kind differ in `datasets` and `params` alone.
 */
export function buildSpec(heading: Heading, parts: Parts, extraNotes: readonly string[] = []): Record<string, unknown> {
  const params = {
    theme: THEMES.light,
    title: wrapToWidth(cleanText(heading.title), INNER_WIDTH / BOLD_WIDTH, SIZE.title, 2),
    subtitle: wrapToWidth(subtitle(heading, extraNotes), INNER_WIDTH, SIZE.subtitle, 2),
    ...parts.params,
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: WIDTH,
    height: parts.height ?? HEIGHT,
    title: { text: { expr: "title" }, subtitle: { expr: "subtitle" } },
    params: Object.entries(params).map(([name, value]) => ({ name, value })),
    datasets: parts.datasets,
    ...parts.body,
  };
}

/** Column of a chart's own values in a table of its figures. */
export function valueColumn(label: string, { unit }: Pick<Heading, "unit">): Column {
  return { label, type: "number", ...(unit ? { unit } : {}) };
}

/** "Cost by service · October 2026 · USD" */
export function subtitle(heading: Heading, extraNotes: readonly string[] = []): string {
  const parts = [capitalised(cleanText(heading.subject ?? "")), heading.period ? formatPeriod(heading.period) : "", unitName(heading.unit)];
  return [...parts, ...(heading.notes ?? []), ...extraNotes]
    .map((part) => isolate(cleanText(part)))
    .filter((part) => part !== "")
    .join("  ·  ");
}

/** Title, what was measured and when, then the figures; cut at a length no reader minds. */
export function altText(heading: Heading, sentences: readonly string[]): string {
  const lead = [heading.title, subtitle(heading).replaceAll("  ·  ", ", ")]
    .map((part) => cleanText(part).replace(/[.\s]+$/u, ""))
    .filter((part) => part !== "");
  const text = [...lead.map((part) => `${part}.`), ...sentences].join(" ");
  return text.length > MOST_ALT_CHARACTERS ? `${text.slice(0, MOST_ALT_CHARACTERS - 1).toWellFormed()}…` : text;
}

/** Throws UserError when there is nothing to draw or a value is no number. */
export function checkValues(items: readonly { label: string; values: readonly (number | null | undefined)[] }[]): void {
  if (items.length === 0) throw new UserError("There is nothing to draw: no values were found. Try a longer period or a wider filter.");
  for (const { label, values } of items) {
    if (values.some((value) => value !== null && value !== undefined && !Number.isFinite(value))) {
      throw new UserError(
        `“${isolate(cleanText(label).slice(0, 60).toWellFormed())}” has a value that is not a number, so the chart would be wrong. Check the source of that value.`,
      );
    }
  }
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
