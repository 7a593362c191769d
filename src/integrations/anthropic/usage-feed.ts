import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../../core/fact.ts";
import type { Feed, FeedDescription } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import { type Amount, addUp, type DayRow, dimensionsIn, type Measure, measureOf, valuesOf } from "./add-up.ts";
import type { AnthropicClient } from "./client.ts";
import type { createNames, Names } from "./names.ts";
import { receiptOf } from "./receipts.ts";
import type { Reading, ReportRow, Reports } from "./reports.ts";
import { coversOf } from "./windows.ts";

type Row = ReportRow & DayRow;

const NAME = "anthropic_usage";
const SOURCE = "Anthropic usage";
const DIMENSIONS = ["model", "workspace", "key", "product"];
const DESCRIBED_DAYS = 30;

/** Cost is after discounts and before credits. Tokens are of requests; `input_tokens` are those not read from a cache. */
const MEASURES: readonly Measure<Row>[] = [
  { name: "cost", unit: "currency", of: ({ cost }) => cost },
  { name: "input_tokens", unit: "tokens", of: ({ tokens }) => number(tokens?.input) },
  { name: "output_tokens", unit: "tokens", of: ({ tokens }) => number(tokens?.output) },
  { name: "cache_read_tokens", unit: "tokens", of: ({ tokens }) => number(tokens?.cacheRead) },
  { name: "cache_write_tokens", unit: "tokens", of: ({ tokens }) => number(tokens?.cacheWrite) },
  {
    name: "tokens",
    unit: "tokens",
    of: ({ tokens }) => number(tokens && tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite),
  },
  { name: "requests", unit: "count", of: ({ requests }) => number(requests) },
];

/** What the organisation uses of Claude's API and what it costs, by UTC day. */
export function usageFeed(client: AnthropicClient, read: Reports, readNames: ReturnType<typeof createNames>): Feed {
  const today = () => fromInstant(client.now());
  let described: { text: string; about: FeedDescription } | undefined;

  async function describe(dimensions: FeedDescription["dimensions"]): Promise<FeedDescription> {
    const about: FeedDescription = {
      title: "Anthropic usage and cost",
      measures: MEASURES.map(({ name, unit }) => ({ name, unit })),
      dimensions,
      covers: coversOf(today()),
    };
    const text = JSON.stringify(about);
    if (described?.text !== text) described = { text, about };
    return described.about;
  }

  return {
    name: NAME,
    kind: "ai_usage",
    withoutPeriod: "recent",

    async query(query, signal) {
      signal.throwIfAborted();
      const measure = measureOf(SOURCE, MEASURES, query.measure);
      const asked = dimensionsIn(SOURCE, DIMENSIONS, query);
      const period = query.period ?? coversOf(today());
      const isNamed = asked.includes("workspace") || asked.includes("key");
      const [reading, names] = await Promise.all([
        read(measure.name === "cost" ? "cost" : "usage", period, signal),
        isNamed ? readNames(signal) : undefined,
      ]);
      const rows = reading.reports.flatMap((report) => report.rows.map((row) => labelled(row, names?.value)));
      const receipt = receiptOf(
        client,
        {
          ...{
            what: `usage-${measure.name}`,
            source: "Anthropic usage and cost",
            window: period,
            path: measure.name === "cost" ? "/cost" : "/usage",
          },
          query: `${measure.name}${query.by?.length ? ` by ${listWords(query.by)}` : ""}`,
          ...said(reading, measure.name, asked, names?.value),
          provisional: provisionalSince(reading, period, today()),
        },
        [...reading.parts, ...(names ? [names] : [])],
      );
      return { facts: addUp(rows, measure, query, period), receipts: [receipt] };
    },

    async describe(signal, detail = "values") {
      signal.throwIfAborted();
      if (detail === "names") return describe(DIMENSIONS.map((name) => ({ name, values: [], more: true })));
      const recent = { from: addDays(today(), -DESCRIBED_DAYS), to: today() };
      const [reading, names] = await Promise.all([read("usage", recent, signal), readNames(signal)]);
      const rows = reading.reports.flatMap((report) => report.rows.map((row) => labelled(row, names.value)));
      return describe(
        // Values of earlier days are not looked up, so there may always be more.
        DIMENSIONS.map((name) => ({ name, values: valuesOf(rows, name, ({ tokens }) => tokens?.output ?? 0), more: true })),
      );
    },
  };
}

function number(value: number | undefined): Amount | undefined {
  return value === undefined ? undefined : { value };
}

function labelled(row: ReportRow, names: Names | undefined): Row {
  const { model, workspace, key, product } = row.ids;
  return {
    ...row,
    labels: {
      ...(model ? { model } : {}),
      ...(workspace ? { workspace: names?.workspace.get(workspace) ?? workspace } : {}),
      ...(key ? { key: names?.key.get(key) ?? key } : {}),
      ...(product ? { product } : {}),
    },
  };
}

/** What a reader must know: what the older reports lack, names that are missing, what was left out. */
function said(
  { reports, left }: Reading,
  measure: string,
  asked: readonly string[],
  names: Names | undefined,
): Pick<Receipt, "notes"> & { truncated?: string } {
  const truncated = [...left, ...reports.flatMap((report) => report.truncated ?? [])].join("; ");
  const older = reports.filter(({ isOlder }) => isOlder);
  const days = older.flatMap(({ rows }) => rows.map(({ day }) => day)).sort();
  const lacks = [
    ...(measure === "requests" ? ["requests"] : []),
    ...(measure === "cost" && asked.includes("key") ? ["cost by key"] : []),
    ...(asked.includes("product") ? ["products"] : []),
  ];
  const notes = [
    ...(names?.note ? [names.note] : []),
    ...(older.length > 0 && lacks.length > 0
      ? [
          `Anthropic’s older reports, used for ${days[0] ?? "some days"} to ${days.at(-1) ?? "some"}, have no ${listWords(lacks)}: missing, not zero.`,
        ]
      : []),
  ];
  return { notes, ...(truncated ? { truncated } : {}) };
}

/** Today is not over; and the day Anthropic last counted on may be half counted. */
function provisionalSince({ reports }: Reading, { to }: Period, today: CivilDate): CivilDate | undefined {
  const counted = reports.flatMap(({ refreshedAt }) => (refreshedAt ? [fromInstant(new Date(refreshedAt))] : [])).sort();
  const latest = counted.at(-1);
  const since = latest !== undefined && latest < today ? latest : today;
  return to >= since ? since : undefined;
}
