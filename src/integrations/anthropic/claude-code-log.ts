import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import { clip } from "../../core/period.ts";
import type { Cached } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { DayRow } from "./add-up.ts";
import { type AnthropicClient, AT_ONCE } from "./client.ts";
import { type ClaudeCodeDay, claudeCodePage } from "./schema.ts";
import { freshFor, monthsOf, SETTLING_DAYS } from "./windows.ts";

/** A person's day with Claude Code in one terminal. */
export interface CodingRow extends DayRow {
  /** A person by e-mail address, or a key by name. */
  person: string;
  sessions: number;
  linesAdded: number;
  linesRemoved: number;
  commits: number;
  pullRequests: number;
  /** Proposed edits the person took, and all proposed. */
  accepted: number;
  proposed: number;
  /** At list price; of each model. */
  costs: readonly { model: string; amount: bigint; currency: string }[];
}

export interface CodingReading {
  rows: readonly CodingRow[];
  parts: readonly Cached<unknown>[];
  truncated?: string;
}

/** Each day is a request of its own; more than so many days back are not read. */
export const MOST_DAYS = 400;
/** Of a day, each of a thousand people. */
const MOST_PAGES = 5;
const OPERATION = "read Claude Code";

export type ClaudeCodeLog = (period: Period, signal: AbortSignal) => Promise<CodingReading>;

/** The days of the period, each asked for once its figures have settled. Throws VendorError. */
export function createClaudeCodeLog(client: AnthropicClient): ClaudeCodeLog {
  const settled = new Map<CivilDate, Day>();

  async function day(date: CivilDate, signal: AbortSignal): Promise<Day> {
    const known = settled.get(date);
    if (known) return known;
    const request = { path: "/usage_report/claude_code", query: { starting_at: date, limit: 1_000 }, operation: OPERATION };
    const { items, truncated } = await client.pages(request, claudeCodePage, { what: "people", pages: MOST_PAGES }, signal);
    const today = fromInstant(client.now());
    const read = {
      readAt: client.now(),
      rows: items.flatMap(({ data }) => data.map(rowOf)),
      ...(truncated ? { truncated: `${date}: ${truncated}` } : {}),
    };
    if (date < addDays(today, -SETTLING_DAYS)) settled.set(date, read);
    for (const old of settled.keys()) if (settled.size > 2 * MOST_DAYS) settled.delete(old);
    return read;
  }

  return async (period, signal) => {
    signal.throwIfAborted();
    const today = fromInstant(client.now());
    const reach = reachOf(today);
    const within = clip(period, reach);
    const months = within ? monthsOf(within, today) : [];
    const parts: Cached<readonly Day[]>[] = [];
    for (const month of months) {
      const window = clip(month, period) ?? month;
      const load = (during: AbortSignal) => inTurn(daysOf(window), AT_ONCE, (date) => day(date, during));
      const options = { ttlMs: freshFor(window, today), operation: OPERATION };
      const part = await client.http.cached(`claude code ${window.from} ${window.to}`, load, signal, options);
      parts.push({ ...part, fetchedAt: part.value.reduce((at, { readAt }) => (readAt < at ? readAt : at), part.fetchedAt) });
    }
    const days = parts.flatMap(({ value }) => value);
    const cut = [
      ...(period.from < reach.from ? [`days before ${reach.from}, which are not read because each is a request`] : []),
      ...days.flatMap(({ truncated }) => truncated ?? []),
    ];
    const rows = days.flatMap((read) => read.rows).filter((row) => row.day >= period.from && row.day <= period.to);
    return { rows, parts, ...(cut.length > 0 ? { truncated: cut.join("; ") } : {}) };
  };
}

interface Day {
  readAt: Date;
  rows: readonly CodingRow[];
  truncated?: string;
}

/** The days that are read. */
export function reachOf(today: CivilDate): Period {
  return { from: addDays(today, -MOST_DAYS), to: today };
}

function daysOf({ from, to }: Period): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

function rowOf({ date, actor, customer_type, terminal_type, core_metrics, tool_actions, model_breakdown }: ClaudeCodeDay): CodingRow {
  const person = (actor.type === "user_actor" ? actor.email_address : actor.api_key_name) ?? "somebody unknown";
  const actions = Object.values(tool_actions ?? {});
  const accepted = actions.reduce((sum, action) => sum + action.accepted, 0);
  return {
    day: date,
    person,
    labels: { person, ...(terminal_type ? { terminal: terminal_type } : {}), ...(customer_type ? { billing: customer_type } : {}) },
    sessions: core_metrics.num_sessions,
    linesAdded: core_metrics.lines_of_code.added,
    linesRemoved: core_metrics.lines_of_code.removed,
    commits: core_metrics.commits_by_claude_code,
    pullRequests: core_metrics.pull_requests_by_claude_code,
    accepted,
    proposed: accepted + actions.reduce((sum, action) => sum + action.rejected, 0),
    costs: (model_breakdown ?? []).map(({ model, estimated_cost: { amount, currency } }) => ({ model, amount, currency })),
  };
}

/** A row for each model, with its cost and nothing else: sessions and lines are not told apart by model. */
export function byModel(rows: readonly CodingRow[]): CodingRow[] {
  const nothing = { sessions: 0, linesAdded: 0, linesRemoved: 0, commits: 0, pullRequests: 0, accepted: 0, proposed: 0 };
  return rows.flatMap((row) =>
    row.costs.map((cost) => ({ ...row, ...nothing, labels: { ...row.labels, model: cost.model }, costs: [cost] })),
  );
}
