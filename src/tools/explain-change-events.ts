import { addDays, fromInstant, toInstant } from "../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import type { Feed } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import type { FeedRecord, RecordKind } from "../core/records.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError } from "../errors.ts";
import { readRecords } from "./record-question.ts";

/** Something that happened near a change. That it came before is all that is said: nothing here is a cause. */
export interface ChangeEvent {
  kind: RecordKind;
  title: string;
  at: Date;
  /** Hours from the event to the first moment of the day the change began; negative on that day itself, null without such a day. */
  hoursBefore: number | null;
  /** Names it shares with what changed. */
  shared: readonly string[];
  url?: string;
}

export interface EventReading {
  events: readonly ChangeEvent[];
  /** Kinds that no connected source gives, and what would turn them on. */
  missing: readonly string[];
  receipts: readonly Receipt[];
  notes: readonly string[];
}

/** How often a change follows such a thing, relatively: releases first. An order of looking, not a probability. */
const KINDS: Readonly<Partial<Record<RecordKind, { name: string; weight: number }>>> = {
  deploys: { name: "deployments", weight: 1 },
  incidents: { name: "incidents", weight: 0.9 },
  pulls: { name: "merged pull requests", weight: 0.6 },
  pipelines: { name: "pipelines", weight: 0.4 },
  issues: { name: "tickets", weight: 0.4 },
};
const DAYS_BEFORE = 3;
/** A change merged in the window may have been opened long before. */
const OPENED_BEFORE_DAYS = 90;
const MOST_EVENTS = 5;
const HOUR_MS = 3_600_000;
/** Hours after which an event counts for about a third. */
const FADE_HOURS = 36;

/** What happened around the day a change began, or in the period when no day stands out, likeliest first. */
export async function eventsNear(
  change: { began?: CivilDate; window: Period; words: readonly string[] },
  context: ToolContext,
): Promise<EventReading> {
  const window = change.began ? { from: addDays(change.began, -DAYS_BEFORE), to: change.began } : change.window;
  const kinds = Object.keys(KINDS) as RecordKind[];
  const notes: string[] = [];
  const receipts: Receipt[] = [];
  const missing: RecordKind[] = [];
  const found: ChangeEvent[] = [];
  const readings = await Promise.all(kinds.map((kind) => happenings(kind, window, context, notes)));
  for (const [i, reading] of readings.entries()) {
    const kind = kinds[i] as RecordKind;
    if (!reading) missing.push(kind);
    receipts.push(...(reading?.receipts ?? []));
    for (const record of reading?.records ?? []) {
      const event = eventOf(kind, record, window, change);
      if (event) found.push(event);
    }
  }
  const ranked = found.sort((a, b) => weightOf(b) - weightOf(a) || b.at.getTime() - a.at.getTime());
  return { events: ranked.slice(0, MOST_EVENTS), missing: missingWords(missing, context), receipts, notes };
}

/** undefined when no connected source has the kind. */
async function happenings(kind: RecordKind, window: Period, context: ToolContext, notes: string[]) {
  const feeds = context.feeds.filter((feed) => feed.kind === kind);
  if (feeds.length === 0) return undefined;
  const period = { from: addDays(window.from, -OPENED_BEFORE_DAYS), to: window.to };
  const { records, receipts } = await readRecords(kind, { period }, context, notes);
  const added = await Promise.all(
    feeds.filter((feed) => feed.records === undefined).map((feed) => fromFacts(feed, window, context, notes)),
  );
  return { records: [...records, ...added.flatMap((a) => a.records)], receipts: [...receipts, ...added.flatMap((a) => a.receipts)] };
}

const NAMING = ["title", "name", "id", "service", "repository", "environment", "status"];

/** A source that only adds up: a fact per day and name is the next best thing. */
async function fromFacts(
  feed: Feed,
  period: Period,
  { signal }: ToolContext,
  notes: string[],
): Promise<{ records: FeedRecord[]; receipts: Receipt[] }> {
  try {
    const { dimensions } = await feed.describe(signal, "names");
    const names = dimensions.map((d) => d.name);
    const by = [...NAMING.filter((name) => names.includes(name)), ...names].filter((name, i, all) => all.indexOf(name) === i).slice(0, 3);
    const { facts, receipts } = await feed.query({ by, period, grain: "day" }, signal);
    const records = facts.map((fact, i) => ({
      id: `${feed.name}-${i}`,
      at: fact.at,
      title: Object.values(fact.labels).join(" · "),
      ...(fact.url ? { url: fact.url } : {}),
      labels: fact.labels,
      numbers: {},
      times: {},
    }));
    return { records, receipts: [...receipts] };
  } catch (error) {
    signal.throwIfAborted();
    notes.push(`Left out “${feed.name}”: ${explainError(error)}`);
    return { records: [], receipts: [] };
  }
}

function eventOf(
  kind: RecordKind,
  record: FeedRecord,
  window: Period,
  change: { began?: CivilDate; words: readonly string[] },
): ChangeEvent | undefined {
  const at = momentOf(kind, record);
  if (!at || Number.isNaN(at.getTime())) return undefined;
  const day = fromInstant(at);
  if (day < window.from || day > window.to) return undefined;
  const title = cut((record.title ?? record.labels.service ?? record.id).replace(/\s+/g, " ").trim(), 90);
  const text = [title, record.id, ...Object.values(record.labels)].join(" ").toLowerCase();
  return {
    kind,
    title,
    at,
    hoursBefore: change.began ? Math.round(((toInstant(change.began).getTime() - at.getTime()) / HOUR_MS) * 10) / 10 : null,
    shared: [...new Set(change.words.filter((word) => text.includes(word.toLowerCase())))],
    ...(record.url ? { url: record.url } : {}),
  };
}

/** When it took effect; undefined when it had none. */
function momentOf(kind: RecordKind, { at, times, labels }: FeedRecord): Date | undefined {
  if (kind === "pulls") return times.merged ?? (labels.state === undefined ? at : undefined);
  if (kind === "deploys" || kind === "pipelines") {
    if (/^(?:failure|cancelled|running)$/.test(labels.status ?? "")) return undefined;
    if (labels.branch !== undefined && !/^(?:main|master|trunk)$/.test(labels.branch)) return undefined;
    return times.finished ?? at;
  }
  if (kind === "issues") return times.resolved ?? (/change|config|release|migration/i.test(labels.type ?? "") ? at : undefined);
  return times.created ?? at;
}

function weightOf({ kind, hoursBefore, shared }: ChangeEvent): number {
  const near = hoursBefore === null ? 1 : hoursBefore < 0 ? 0.8 : Math.exp(-hoursBefore / FADE_HOURS);
  return (KINDS[kind]?.weight ?? 0) * near * (shared.length > 0 ? 3 : 1);
}

function missingWords(kinds: readonly RecordKind[], { absent = [] }: ToolContext): string[] {
  if (kinds.length === 0) return [];
  const able = absent.filter((source) => source.kinds.some((kind) => (kinds as readonly string[]).includes(kind)));
  const turnOn = able.map(({ title, requires }) => `${requires.join(" and ")} (${title})`);
  const names = listWords(kinds.map((kind) => KINDS[kind]?.name ?? readable(kind)));
  return [
    `No connected source has ${names}, so none of them could be laid beside the change.${turnOn.length ? ` Set ${listWords(turnOn, 4).replace(/ and (?=[^()]*\([^()]*\)$)/, " or ")}.` : ""}`,
  ];
}

/** "deployment gate-api 1842 (2 hours before that day began)" */
export function lagWords({ hoursBefore }: ChangeEvent): string {
  if (hoursBefore === null) return "in the period";
  if (hoursBefore <= 0) return "on that day";
  const hours = Math.round(hoursBefore);
  if (hours < 1) return "within the hour before that day began";
  return hours < 48 ? `${hours} ${hours === 1 ? "hour" : "hours"} before that day began` : `${Math.round(hours / 24)} days before`;
}

function singular(kind: RecordKind): string {
  return {
    deploys: "deployment",
    incidents: "incident",
    pulls: "pull request",
    pipelines: "pipeline",
    issues: "ticket",
    sprints: "sprint",
    customers: "customer",
  }[kind];
}

/** "deployment “gate-api 1842”" */
export function eventName({ kind, title }: ChangeEvent): string {
  return `${singular(kind)} “${plainWords(title)}”`;
}
