import { civilDate } from "../core/civil-date.ts";
import type { Fact, Receipt } from "../core/fact.ts";
import type { Feed, FeedDescription } from "../core/feed.ts";
import { lastCompleteDays } from "../core/period.ts";
import type { RecordKind } from "../core/records.ts";
import type { Table } from "../core/table.ts";
import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { noSource } from "./feed-question.ts";
import { resolveFilter } from "./filter-values.ts";
import { sameName } from "./same-name.ts";

/** Things of a kind as rows of one source: a column per label, number and time. */
export interface FeedRows {
  source: string;
  table: Table;
  /** Column with the name of each row. */
  id: string;
  /** Columns that hold ISO times. */
  times: readonly string[];
  receipts: readonly Receipt[];
  notes: readonly string[];
  feed: Feed;
}

export interface RowsQuestion {
  dataset?: string | undefined;
  filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/**
 * Reads one source row by row: its records where it gives them, else its facts split by every dimension at once, which is a row per
 * customer when one of them names the customer. Throws UserError when no source fits. Of several the largest is taken, and a note names the others.
 */
export async function readRows(kind: RecordKind, question: RowsQuestion, ids: readonly string[], context: ToolContext): Promise<FeedRows> {
  const notes: string[] = [];
  const feed = await chooseFeed(kind, question.dataset, context, notes);
  const wanted = Object.keys(question.filter ?? {}).length > 0;
  const about = await feed.describe(context.signal, wanted ? "values" : "names");
  const filter = resolveFilter(
    question.filter ?? {},
    [about],
    about.dimensions.map((d) => d.name),
  );
  const narrowed = wanted ? { filter } : {};
  const rows = feed.records ? await fromRecords(feed, narrowed, context) : await fromFacts(feed, about, narrowed, ids, context);
  return { ...rows, notes: [...rows.notes, ...notes] };
}

async function chooseFeed(kind: RecordKind, dataset: string | undefined, context: ToolContext, notes: string[]): Promise<Feed> {
  if (dataset !== undefined) {
    const found = context.feeds.find((f) => sameName(f.name, dataset));
    if (found) return found;
    const names = context.feeds.map((f) => f.name);
    const near = closest(dataset, names);
    throw new UserError(
      `There is no dataset “${dataset}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(names) || "none"}.`,
      {
        path: "dataset",
        suggestions: near ? [near] : [],
      },
    );
  }
  const [first, ...more] = context.feeds.filter((f) => f.kind === kind);
  if (!first) throw new UserError(noSource(kind, context), { path: "dataset" });
  if (more.length === 0) return first;
  const sized = await Promise.all([first, ...more].map(async (feed) => ({ feed, size: await sizeOf(feed, context) })));
  const [largest, ...others] = sized.sort((a, b) => b.size - a.size).map(({ feed }) => feed);
  notes.push(`From ${largest?.name}; ${listWords(others.map(({ name }) => name))} can be asked for by name.`);
  return largest ?? first;
}

/** What there was lately, by the source's first measure; 0 where it does not answer. */
async function sizeOf(feed: Feed, context: ToolContext): Promise<number> {
  const period = lastCompleteDays(RECENT_DAYS, civilDate(context.now, context.user.timeZone));
  const answer = await feed.query({ period }, context.signal).catch(() => undefined);
  context.signal.throwIfAborted();
  return answer?.facts.reduce((sum, { value }) => sum + value, 0) ?? 0;
}

const RECENT_DAYS = 90;

async function fromRecords(
  feed: Feed,
  query: { filter?: Readonly<Record<string, readonly string[]>> },
  context: ToolContext,
): Promise<FeedRows> {
  const answer = await feed.records?.(query, context.signal);
  const records = answer?.records ?? [];
  const columns = new Map<string, (string | null)[]>([["id", records.map((r) => r.id)]]);
  const put = (name: string, i: number, value: string) => {
    const cells = columns.get(name) ?? records.map(() => null);
    cells[i] = value;
    columns.set(name, cells);
  };
  const times = new Set<string>();
  for (const [i, { labels, numbers, times: own }] of records.entries()) {
    for (const [name, value] of Object.entries(labels)) put(name, i, value);
    for (const [name, value] of Object.entries(numbers)) put(name, i, String(value));
    for (const [name, value] of Object.entries(own)) {
      times.add(name);
      put(name, i, value.toISOString());
    }
  }
  const named = ["account", "name"].find((name) => columns.get(name)?.every((cell) => cell !== null));
  return {
    source: feed.name,
    table: tableOf(columns),
    id: named ?? "id",
    times: [...times],
    receipts: answer?.receipts ?? [],
    notes: [],
    feed,
  };
}

async function fromFacts(
  feed: Feed,
  about: FeedDescription,
  query: { filter?: Readonly<Record<string, readonly string[]>> },
  ids: readonly string[],
  context: ToolContext,
): Promise<FeedRows> {
  const by = about.dimensions.map((d) => d.name);
  const id = ids.flatMap((wanted) => by.find((name) => sameName(name, wanted)) ?? []).at(0) ?? by.find((name) => /(?:^|_)id$/i.test(name));
  if (id === undefined)
    throw new UserError(
      `“${feed.name}” has no dimension that names each row. Describe one called ${ids[0] ?? "id"}; it has ${listWords(by, 12) || "none"}.`,
      { path: "dataset" },
    );
  const gathered = createRows(id);
  const receipts: Receipt[] = [];
  for (const measure of about.measures) {
    const answer = await feed.query({ ...query, measure: measure.name, by }, context.signal);
    receipts.push(...answer.receipts);
    gathered.add(measure.name, answer.facts);
  }
  const { rows, changing } = gathered;
  const names = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
  const columns = new Map(names.map((name) => [name, [...rows.values()].map((row) => row.get(name) ?? null)]));
  const notes = changing() > 0 ? [`Some rows of a ${id} differ in a dimension; one of the values was taken for each.`] : [];
  return { source: feed.name, table: tableOf(columns), id, times: [], receipts, notes, feed };
}

/** Facts put together by the value of the dimension `id`. */
function createRows(id: string) {
  const rows = new Map<string, Map<string, string>>();
  let changing = 0;
  const addLabels = (row: Map<string, string>, labels: Fact["labels"]) => {
    for (const [dimension, value] of Object.entries(labels)) {
      if (value === NOT_SET) continue;
      const before = row.get(dimension);
      if (before !== undefined && before !== value) changing += 1;
      row.set(dimension, value);
    }
  };
  return {
    rows,
    changing: () => changing,
    add(measure: string, facts: readonly Fact[]) {
      const units = new Set(facts.map((f) => f.unit));
      for (const fact of facts) {
        const name = fact.labels[id];
        if (name === undefined || name === NOT_SET) continue;
        const row = rows.get(name) ?? new Map<string, string>();
        rows.set(name, row);
        addLabels(row, fact.labels);
        // Amounts of two currencies are two columns: they are never added.
        const column = units.size > 1 ? `${measure} ${fact.unit ?? ""}`.trim() : measure;
        row.set(column, String(Number(row.get(column) ?? 0) + fact.value));
      }
    },
  };
}

const NOT_SET = "(not set)";

function tableOf(cells: ReadonlyMap<string, readonly (string | null)[]>): Table {
  const columns = [...cells.keys()];
  const column = (name: string) => {
    const found = cells.get(name);
    if (found) return found;
    const near = closest(name, columns);
    throw new UserError(`There is no column “${name}”.${near ? ` Did you mean “${near}”?` : ` There is ${listWords(columns, 15)}.`}`);
  };
  return {
    columns,
    length: cells.values().next().value?.length ?? 0,
    column,
    numbers(name) {
      const texts = column(name);
      const values = Float64Array.from(texts, (text) => (text === null ? Number.NaN : Number(text)));
      const empty = texts.filter((text) => text === null).length;
      return { values, empty, bad: values.filter((v) => Number.isNaN(v)).length - empty };
    },
  };
}

/** The column meant by a name a person or a model wrote. Throws UserError that names the near ones. */
export function columnNamed(table: Table, wanted: string, path: string): string {
  const found = table.columns.find((name) => sameName(name, wanted));
  if (found) return found;
  const near = closest(wanted, table.columns);
  throw new UserError(
    `There is no column “${wanted.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(table.columns, 15)}.`,
    { path, suggestions: near ? [near] : [] },
  );
}
