import { addDays, fromInstant, startOf, toInstant } from "../../core/civil-date.ts";
import type { Fact, Period } from "../../core/fact.ts";
import type { Feed, FeedDescription, FeedQuery } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import type { GithubClient } from "./client.ts";
import { KEPT_DAYS, readCopilot } from "./copilot.ts";
import { receiptOf } from "./receipts.ts";
import type { CopilotDay } from "./schema.ts";

type Counts = CopilotDay["totals_by_ide"][number];
type Row = { value: number | null | undefined; labels: Readonly<Record<string, string>> };

const MEASURES = [
  { name: "copilot_suggestions", unit: "count", field: "code_generation_activity_count" },
  { name: "copilot_acceptances", unit: "count", field: "code_acceptance_activity_count" },
  { name: "copilot_suggested_lines", unit: "lines", field: "loc_suggested_to_add_sum" },
  { name: "copilot_accepted_lines", unit: "lines", field: "loc_added_sum" },
  { name: "copilot_chat_requests", unit: "count", field: "user_initiated_interaction_count" },
] as const;
/** People: those of one day are not others than those of the next. */
const ACTIVE_USERS = { name: "copilot_active_users", unit: "users", aggregate: "mean" } as const;

/** What a report breaks its numbers down by. Of two at once there are only these. */
const TABLES = [
  { dimensions: ["editor"], rows: (day: CopilotDay) => day.totals_by_ide.map((r) => ({ counts: r, labels: { editor: r.ide } })) },
  { dimensions: ["feature"], rows: (day: CopilotDay) => day.totals_by_feature.map((r) => ({ counts: r, labels: { feature: r.feature } })) },
  {
    dimensions: ["language", "feature"],
    rows: (day: CopilotDay) =>
      day.totals_by_language_feature.map((r) => ({ counts: r, labels: { language: r.language, feature: r.feature } })),
  },
  {
    dimensions: ["language", "model"],
    rows: (day: CopilotDay) => day.totals_by_language_model.map((r) => ({ counts: r, labels: { language: r.language, model: r.model } })),
  },
  {
    dimensions: ["model", "feature"],
    rows: (day: CopilotDay) => day.totals_by_model_feature.map((r) => ({ counts: r, labels: { model: r.model, feature: r.feature } })),
  },
] as const;
const DIMENSIONS = ["language", "editor", "feature", "model"];
const RECENT_DAYS = 28;

/** What people did with Copilot, a day at a time. */
export function copilotFeed(client: GithubClient): Feed {
  let described: { text: string; about: FeedDescription } | undefined;
  const name = "github_copilot";

  async function describe(signal: AbortSignal): Promise<FeedDescription> {
    const today = fromInstant(client.now());
    const { days, until } = await readCopilot(client, { from: addDays(today, -RECENT_DAYS), to: today }, signal);
    const last = until ?? today;
    const about: FeedDescription = {
      title: "GitHub Copilot",
      measures: [...MEASURES.map((m) => ({ name: m.name, unit: m.unit })), ACTIVE_USERS],
      dimensions: DIMENSIONS.map((dimension) => ({ name: dimension, values: valuesOf([...days.values()], dimension), more: true })),
      covers: { from: addDays(last, -KEPT_DAYS), to: last },
    };
    const text = JSON.stringify(about);
    if (described?.text !== text) described = { text, about };
    return described.about;
  }

  return {
    name,
    kind: "ai_usage",
    withoutPeriod: "recent",
    describe,
    async query(query, signal) {
      const measure = measureOf(query.measure);
      const table = tableOf(measure.name, query);
      const today = fromInstant(client.now());
      const period = query.period ?? { from: addDays(today, -KEPT_DAYS), to: today };
      const { days, parts, until, truncated } = await readCopilot(client, period, signal);
      const asked = [...days.values()].filter(({ day }) => day >= period.from && day <= period.to).sort((a, b) => (a.day < b.day ? -1 : 1));
      const facts = factsOf(asked, measure, table, query, period);
      const early = addDays(today, -KEPT_DAYS);
      const notes = [
        ...(until !== undefined && until < period.to ? [`GitHub has reported up to ${until}; later days are missing, not zero.`] : []),
        ...(period.from < early ? [`GitHub keeps these reports for a year; days before ${early} are missing, not zero.`] : []),
      ];
      const receipt = receiptOf(
        client,
        { what: "copilot", query: `${measure.name}${byWords(query)}`, window: period, notes, truncated },
        parts,
      );
      return { facts, receipts: [receipt] };
    },
  };
}

interface Measure {
  name: string;
  unit: string;
  aggregate?: "mean";
  field?: keyof Omit<Counts, "ide">;
}

function measureOf(wanted: string | undefined): Measure {
  const all: readonly Measure[] = [...MEASURES, ACTIVE_USERS];
  const found = wanted === undefined ? all[0] : all.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(`GitHub Copilot has no measure “${wanted}”. It has ${listWords(all.map(({ name }) => name))}.`, { path: "measure" });
}

/** The table that has every dimension asked for; none for totals. */
function tableOf(measure: string, { by = [], filter = {} }: FeedQuery): (typeof TABLES)[number] | undefined {
  const wanted = [...new Set([...by, ...Object.keys(filter)])];
  for (const name of wanted)
    if (!DIMENSIONS.includes(name))
      throw new UserError(`GitHub Copilot has no dimension “${name}”. It has ${listWords(DIMENSIONS)}.`, { path: "by" });
  if (wanted.length === 0) return undefined;
  if (measure === ACTIVE_USERS.name)
    throw new UserError(
      `GitHub counts Copilot’s active users only as a whole, not by ${listWords(wanted)}. Ask for copilot_suggestions instead.`,
      {
        path: "by",
      },
    );
  const found = TABLES.find(({ dimensions }) => wanted.every((name) => (dimensions as readonly string[]).includes(name)));
  if (found) return found;
  const pairs = TABLES.filter(({ dimensions }) => dimensions.length > 1).map(({ dimensions }) => dimensions.join(" and "));
  throw new UserError(`GitHub does not report Copilot by ${listWords(wanted)} at once. Together it has ${listWords(pairs)}.`, {
    path: "by",
  });
}

function rowsOf(day: CopilotDay, measure: Measure, table: (typeof TABLES)[number] | undefined): Row[] {
  if (!measure.field) return [{ value: day.daily_active_users, labels: {} }];
  const { field } = measure;
  if (!table) return [{ value: day[field], labels: {} }];
  return table.rows(day).map(({ counts, labels }) => ({ value: counts[field], labels }));
}

function factsOf(
  days: readonly CopilotDay[],
  measure: Measure,
  table: (typeof TABLES)[number] | undefined,
  { by = [], filter = {}, grain }: FeedQuery,
  period: Period,
): Fact[] {
  const sums = new Map<string, { at: Date; labels: Record<string, string>; sum: number; n: number }>();
  for (const day of days)
    for (const { value, labels } of rowsOf(day, measure, table)) {
      if (typeof value !== "number") continue;
      if (!Object.entries(filter).every(([name, values]) => values.includes(labels[name] ?? ""))) continue;
      const bucket = grain ? startOf(grain, day.day) : period.from;
      const own = Object.fromEntries(by.map((name) => [name, labels[name] ?? ""]));
      const key = JSON.stringify([bucket, ...Object.values(own)]);
      const known = sums.get(key) ?? { at: toInstant(bucket), labels: own, sum: 0, n: 0 };
      known.sum += value;
      known.n += 1;
      sums.set(key, known);
    }
  return [...sums.values()].map(({ at, labels, sum, n }) => ({
    ...{ at, labels, measure: measure.name, unit: measure.unit },
    value: measure.aggregate === "mean" ? sum / n : sum,
  }));
}

function valuesOf(days: readonly CopilotDay[], dimension: string): string[] {
  const sums = new Map<string, number>();
  const table = TABLES.find(({ dimensions }) => (dimensions as readonly string[]).includes(dimension));
  for (const day of days)
    for (const { counts, labels } of table?.rows(day) ?? []) {
      const value = (labels as Readonly<Record<string, string>>)[dimension];
      if (value) sums.set(value, (sums.get(value) ?? 0) + (counts.code_generation_activity_count ?? 0));
    }
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}

function byWords({ by = [] }: FeedQuery): string {
  return by.length === 0 ? "" : ` by ${listWords(by)}`;
}
