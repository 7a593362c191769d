import { addDays, fromInstant, toInstant } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import type { Cached } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import { type AnthropicClient, AT_ONCE, type Get, isRefused } from "./client.ts";
import type { MinorAmount } from "./money.ts";
import { costPage, olderCostPage, olderUsagePage, usagePage } from "./schema.ts";
import { freshFor, isWithinReach, monthsOf } from "./windows.ts";

/** A day of one model, workspace, key and product, by their ids. What a report does not split by is absent. */
export interface ReportRow {
  day: CivilDate;
  ids: { model?: string; workspace?: string; key?: string; product?: string };
  tokens?: { input: number; output: number; cacheRead: number; cacheWrite: number };
  /** Absent in the older reports. */
  requests?: number;
  cost?: { amount: MinorAmount; currency: string };
}

export interface Report {
  rows: readonly ReportRow[];
  /** The older reports have neither requests nor products, and no keys of costs. */
  isOlder: boolean;
  truncated?: string;
  /** Up to here Anthropic has counted. */
  refreshedAt?: string;
}

export interface Reading {
  reports: readonly Report[];
  parts: readonly Cached<unknown>[];
  /** Months that could not be had, in words. */
  left: readonly string[];
}

export type Subject = "usage" | "cost";
export type Reports = (subject: Subject, period: Period, signal: AbortSignal) => Promise<Reading>;

const BETA = { "anthropic-beta": "analytics-usage-cost-2026-08-24" };
const GROUPS = ["model", "workspace_id", "api_key_id", "product"];
/** Of a month, each of a thousand rows or of all its days. */
const MOST_PAGES = 30;
const REFUSED_MS = 3_600_000;
/** Days a page of the older reports may hold. */
const OLDER_DAYS = 31;

/**
 * The organisation's usage and cost by day, read month by month. The newer reports answer where they reach and the key may ask
 * them; else the older ones do. Throws VendorError.
 */
export function createReports(client: AnthropicClient): Reports {
  let refusedAt: Date | undefined;

  async function month(subject: Subject, window: Period, today: CivilDate, signal: AbortSignal): Promise<Report> {
    const isRefusedLately = refusedAt !== undefined && client.now().getTime() - refusedAt.getTime() < REFUSED_MS;
    if (!isWithinReach(window, today) || isRefusedLately) return older(client, subject, window, signal);
    try {
      return await newer(client, subject, window, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const report = await older(client, subject, window, signal);
      refusedAt = client.now();
      return report;
    }
  }

  return async (subject, period, signal) => {
    signal.throwIfAborted();
    const today = fromInstant(client.now());
    const months = monthsOf(period, today);
    const given = await inTurn(months, AT_ONCE, async (window) => {
      try {
        const load = (during: AbortSignal) => month(subject, window, today, during);
        const options = { ttlMs: freshFor(window, today), operation: `read ${subject}` };
        return await client.http.cached(`${subject} ${window.from}`, load, signal, options);
      } catch (error) {
        // A key of the newer reports alone cannot see the years before them; the rest is still an answer.
        if (isRefused(error) && !isWithinReach(window, today) && months.some((m) => isWithinReach(m, today))) return window;
        throw error;
      }
    });
    const parts = given.filter((part) => "value" in part);
    const left = given.flatMap((part) => ("value" in part ? [] : [`${part.from} to ${part.to}, which this key may not see`]));
    return { reports: parts.map(({ value }) => value), parts, left };
  };
}

async function newer(client: AnthropicClient, subject: Subject, window: Period, signal: AbortSignal): Promise<Report> {
  const start = toInstant(window.from);
  // The end is exclusive, and nothing lies ahead.
  const end = new Date(Math.min(toInstant(addDays(window.to, 1)).getTime(), client.now().getTime()));
  if (end <= start) return { rows: [], isOlder: false };
  const request: Get = {
    path: `/analytics/${subject}`,
    query: {
      ...{ starting_at: instant(start), ending_at: instant(end), time_bucket_width: "1d", "group_by[]": GROUPS },
      ...{ order_by: "time", order: "asc", limit: 1_000 },
    },
    headers: BETA,
    operation: `read ${subject}`,
  };
  const rowsOf =
    subject === "cost"
      ? readRows(client, request, costPage, ({ starting_at, group, cost }) => ({ day: starting_at, ids: idsOf(group), cost }), signal)
      : readRows(
          client,
          request,
          usagePage,
          ({ starting_at, group, usage }) => ({
            ...{ day: starting_at, ids: idsOf(group), tokens: tokensOf(usage) },
            ...(usage.requests === null ? {} : { requests: usage.requests }),
          }),
          signal,
        );
  return { ...(await rowsOf), isOlder: false };
}

interface NewerPage<T> {
  data: T[];
  has_more: boolean;
  next_page: string | null;
  data_refreshed_at?: string | null | undefined;
}

async function readRows<T>(
  client: AnthropicClient,
  request: Get,
  schema: Parameters<typeof client.pages<NewerPage<T>>>[1],
  rowOf: (item: T) => ReportRow,
  signal: AbortSignal,
): Promise<Omit<Report, "isOlder">> {
  const { items, truncated } = await client.pages(request, schema, { what: "rows", pages: MOST_PAGES }, signal);
  const refreshedAt = items.at(-1)?.data_refreshed_at;
  return {
    rows: items.flatMap(({ data }) => data.map(rowOf)),
    ...(truncated ? { truncated } : {}),
    ...(refreshedAt ? { refreshedAt } : {}),
  };
}

async function older(client: AnthropicClient, subject: Subject, window: Period, signal: AbortSignal): Promise<Report> {
  const query = {
    starting_at: instant(toInstant(window.from)),
    // Days that end after this are left out, so it is the morning after the last one.
    ending_at: instant(toInstant(addDays(window.to, 1))),
    ...{ bucket_width: "1d", limit: OLDER_DAYS },
  };
  if (subject === "cost") {
    const request = { path: "/cost_report", query: { ...query, "group_by[]": ["workspace_id", "description"] }, operation: "read cost" };
    const { items, truncated } = await client.pages(request, olderCostPage, { what: "days", pages: MOST_PAGES }, signal);
    const rows = items.flatMap(({ data }) =>
      data.flatMap(({ starting_at, results }) =>
        results.map(({ amount, currency, ...group }) => ({ day: starting_at, ids: idsOf(group, true), cost: { amount, currency } })),
      ),
    );
    return { rows, isOlder: true, ...(truncated ? { truncated } : {}) };
  }
  const groups = ["model", "workspace_id", "api_key_id"];
  const request = { path: "/usage_report/messages", query: { ...query, "group_by[]": groups }, operation: "read usage" };
  const { items, truncated } = await client.pages(request, olderUsagePage, { what: "days", pages: MOST_PAGES }, signal);
  const rows = items.flatMap(({ data }) =>
    data.flatMap(({ starting_at, results }) => results.map((row) => ({ day: starting_at, ids: idsOf(row, true), tokens: tokensOf(row) }))),
  );
  return { rows, isOlder: true, ...(truncated ? { truncated } : {}) };
}

interface Group {
  model?: string | null | undefined;
  workspace_id?: string | null | undefined;
  api_key_id?: string | null | undefined;
  product?: string | null | undefined;
}

/** The id under which names know the workspace that the older reports leave nameless. */
export const DEFAULT_WORKSPACE = "default";

function idsOf({ model, workspace_id, api_key_id, product }: Group, isOlder = false): ReportRow["ids"] {
  const workspace = workspace_id ?? (isOlder ? DEFAULT_WORKSPACE : undefined);
  return {
    ...(model ? { model } : {}),
    ...(workspace ? { workspace } : {}),
    ...(api_key_id ? { key: api_key_id } : {}),
    ...(product ? { product } : {}),
  };
}

interface Tokens {
  uncached_input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation: { ephemeral_1h_input_tokens: number; ephemeral_5m_input_tokens: number };
}

function tokensOf({ uncached_input_tokens, output_tokens, cache_read_input_tokens, cache_creation }: Tokens): ReportRow["tokens"] & object {
  return {
    input: uncached_input_tokens,
    output: output_tokens,
    cacheRead: cache_read_input_tokens,
    cacheWrite: cache_creation.ephemeral_1h_input_tokens + cache_creation.ephemeral_5m_input_tokens,
  };
}

/** Without milliseconds, as Anthropic writes them. */
function instant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
