import { civilDate } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { formatInstant } from "../core/format.ts";
import { clip, isPeriod, lastCompleteDays } from "../core/period.ts";
import { resolvePeriod } from "../core/period-phrases.ts";
import type { FeedRecord, RecordKind } from "../core/records.ts";
import type { Column, TableBlock } from "../core/reply.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { noSource } from "./feed-question.ts";
import { contentOf, notesText } from "./finding.ts";
import { type RecordReading, readRecords } from "./record-question.ts";

/** What a tool that lists records of a kind is asked. */
export interface ListQuestion {
  period?: Period | string | undefined;
  filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
  top?: number | undefined;
}

export interface ListedRecords extends RecordReading {
  period: Period;
  notes: string[];
}

const RECENT_DAYS = 30;

/** The days asked for, up to today; the last thirty days with today when none are named. Throws UserError. */
export function listPeriod(asked: Period | string | undefined, context: ToolContext): Period {
  const today = civilDate(context.now, context.user.timeZone);
  if (asked === undefined) return { from: lastCompleteDays(RECENT_DAYS - 1, today).from, to: today };
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

/** Reads the records. Throws UserError that names what to connect when no source has the kind. */
export async function readList(kind: RecordKind, question: ListQuestion, context: ToolContext): Promise<ListedRecords> {
  const notes: string[] = [];
  const period = listPeriod(question.period, context);
  const filter = Object.fromEntries(
    Object.entries(question.filter ?? {}).map(([name, value]) => [name, typeof value === "string" ? [value] : value]),
  );
  const reading = await readRecords(kind, { period, ...(Object.keys(filter).length ? { filter } : {}) }, context, notes);
  if (reading.sources.length === 0) throw new UserError(notes[0] ?? noSource(kind, context), { path: "feed" });
  return { ...reading, period, notes };
}

export interface ListColumn extends Column {
  of(record: FeedRecord): string | number | null;
}

const SHOWN = 20;

/** A list as a finding: the words, then the newest records first. `text` is the answer in words. */
export function listFinding(
  list: ListedRecords,
  {
    text,
    title,
    columns,
    records,
    top = SHOWN,
  }: { text: string; title: string; columns: readonly ListColumn[]; records: readonly FeedRecord[]; top?: number | undefined },
): Finding {
  const shown = records.slice(0, top);
  const table: TableBlock = {
    type: "table",
    title,
    columns: columns.map(({ of: _, ...column }) => column),
    rows: shown.map((record) => columns.map(({ of }) => of(record))),
  };
  const more = records.length - shown.length;
  const notes = more > 0 ? [...list.notes, `${more} more are not shown; ask for a shorter period, or name more with top.`] : list.notes;
  const words = `${text}${notesText({ notes })}`;
  return {
    content: contentOf(words, shown.length ? [table] : []),
    blocks: [{ type: "markdown", text: words }, ...(shown.length ? [table] : [])],
    receipts: list.receipts,
  };
}

/** "2026-11-20 09:15 UTC", or nothing. */
export function instantCell(at: Date | undefined): string | null {
  return at ? formatInstant(at) : null;
}

/** A source's text as one line for a table. */
export function textCell(text: string | undefined): string | null {
  return text?.replace(/\s+/g, " ").trim() || null;
}
