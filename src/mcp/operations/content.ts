import { z } from "zod";
import type { Feed, FeedDescription } from "../../core/feed.ts";
import { defineOperation, flag } from "./define.ts";
import { paretoOf, type Reading } from "./reading.ts";

const SHOW = /^(?:shows?|titles?|content|programmes?|programs?|series|film|movie)(?:_?name)?$/i;
const GENRE = /^genres?$/i;
const TIER = /^(?:tier|plan)$/i;
const VIEWING = /view|watch|hours|minutes/i;
const MONEY = /revenue|income|earnings/i;

const HOW = "describe a dataset with a dimension such as “show” and a measure such as “viewing_hours”";

interface Catalogue {
  feed: Feed;
  about: FeedDescription;
  show: string;
  genre: string | undefined;
  tier: string | undefined;
}

export const contentCatalog = defineOperation({
  name: "content_catalog",
  title: "Content catalogue",
  description: "What each show is watched and earns, from a dataset that has shows.",
  parameters: z.object({
    genre: z.string().max(100).optional().describe("Only this genre"),
    tier: z.string().max(100).optional().describe("Only this tier"),
    limit: z.coerce.number().int().min(1).max(1_000).default(50).describe("Most shows to give"),
    include_pareto: flag(true, "Whether to say which shows make most of the viewing"),
  }),
  reads: ["metrics"],
  async work({ genre, tier, limit, include_pareto }, reading) {
    const found = await findCatalogue(reading);
    reading.lacks("no source tells which show keeps a customer", "by_retention_contribution");
    if (!found)
      return {
        shows: reading.lacks(`no dataset has shows; ${HOW}`, "shows"),
        performance_summary: null,
        genre_analysis: null,
        monetization_summary: null,
        pareto_analysis: null,
      };
    const filter = { ...filterBy(found.genre, genre), ...filterBy(found.tier, tier) };
    const totals = await totalsBy(found.show, found, filter, reading);
    const genres = found.genre
      ? await totalsBy(found.genre, found, filter, reading)
      : reading.lacks("the dataset has no genre", "genre_analysis");
    const names = found.about.measures.map((m) => m.name);
    const viewing = names.find((name) => VIEWING.test(name));
    const money = names.find((name) => MONEY.test(name));
    const ofViewing =
      viewing === undefined ? [] : totals.flatMap((t) => (typeof t[viewing] === "number" ? [{ label: t.name, value: t[viewing] }] : []));
    return {
      shows: totals.slice(0, limit),
      n: totals.length,
      performance_summary: { shows: totals.length, measures: names },
      genre_analysis: genres,
      monetization_summary:
        money === undefined ? reading.lacks("the dataset has no revenue", "monetization_summary") : sumOf(totals, money),
      ...(include_pareto
        ? {
            pareto_analysis: {
              by_viewing_hours:
                viewing === undefined
                  ? reading.lacks("the dataset has no measure of viewing", "by_viewing_hours")
                  : paretoOf(ofViewing, viewing),
              by_retention_contribution: null,
            },
          }
        : {}),
    };
  },
});

/** The shows with what they add up to, or null: for the Pareto of all. */
export async function viewingPareto(reading: Reading) {
  const found = await findCatalogue(reading);
  const viewing = found?.about.measures.find((m) => VIEWING.test(m.name))?.name;
  if (!found || viewing === undefined) return reading.lacks(`no dataset has shows; ${HOW}`, "content_pareto");
  const totals = await totalsBy(found.show, found, {}, reading);
  return paretoOf(
    totals.flatMap((t) => (typeof t[viewing] === "number" ? [{ label: t.name, value: t[viewing] }] : [])),
    viewing,
  );
}

async function findCatalogue({ context }: Reading): Promise<Catalogue | null> {
  for (const feed of context.feeds.filter(({ kind }) => kind === "metrics")) {
    const about = await feed.describe(context.signal, "names").catch(() => undefined);
    const named = (pattern: RegExp) => about?.dimensions.find((d) => pattern.test(d.name))?.name;
    const show = named(SHOW);
    if (about && show) return { feed, about, show, genre: named(GENRE), tier: named(TIER) };
  }
  return null;
}

function filterBy(dimension: string | undefined, value: string | undefined): Record<string, string[]> {
  return dimension && value ? { [dimension]: [value] } : {};
}

/** Every measure per value of a dimension. A measure in two currencies stands once per currency. */
async function totalsBy(dimension: string, { feed, about }: Catalogue, filter: Record<string, string[]>, reading: Reading) {
  const rows = new Map<string, { name: string; [measure: string]: string | number }>();
  for (const { name: measure } of about.measures) {
    const facts = (await reading.facts(measure, feed, { measure, by: [dimension], filter })) ?? [];
    const several = new Set(facts.map((f) => f.unit)).size > 1;
    for (const { labels, value, unit } of facts) {
      const name = labels[dimension] ?? "(not set)";
      const row = rows.get(name) ?? { name };
      row[several ? `${measure} (${unit})` : measure] = value;
      rows.set(name, row);
    }
  }
  return [...rows.values()];
}

function sumOf(rows: readonly Record<string, string | number>[], measure: string): Record<string, number> {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((k) => k === measure || k.startsWith(`${measure} (`));
  return Object.fromEntries(keys.map((k) => [k, rows.reduce((sum, row) => sum + (typeof row[k] === "number" ? row[k] : 0), 0)]));
}
