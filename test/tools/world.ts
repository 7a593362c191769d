import { addDays, daysBetween, toInstant } from "../../src/core/civil-date.ts";
import type { Fact, Period } from "../../src/core/fact.ts";
import type { Feed, FeedKind } from "../../src/core/feed.ts";
import type { TableBlock } from "../../src/core/reply.ts";
import type { Finding, Tool, ToolContext } from "../../src/core/tool.ts";
import { UserError, VendorError } from "../../src/errors.ts";
import { tools } from "../../src/tools/index.ts";
import { fixtureFeed } from "../kit/fixture-feed.ts";

/** A Saturday. */
export const NOW = new Date("2026-11-21T09:30:00Z");

export function contextOf(feeds: readonly Feed[], change: Partial<ToolContext> & { timeZone?: string } = {}): ToolContext {
  const { timeZone = "UTC", ...rest } = change;
  return {
    user: { id: "test:user", name: "Test", timeZone, roles: ["viewer"] },
    audience: "direct",
    now: NOW,
    signal: AbortSignal.timeout(60_000),
    feeds,
    tools,
    ...rest,
  };
}

/** Day, labels, amount, and the unit unless it is the feed's. */
export type Row = readonly [day: string, labels: Readonly<Record<string, string>>, value: number, unit?: string];

export interface LedgerOptions {
  kind?: FeedKind;
  measure?: string;
  unit?: string;
  withoutPeriod?: Feed["withoutPeriod"];
}

export function ledger(name: string, rows: readonly Row[], options: LedgerOptions = {}): Feed {
  const { kind = "costs", measure = "cost", unit = "USD", withoutPeriod = "all" } = options;
  const facts: Fact[] = rows.map(([day, labels, value, own]) => ({ at: toInstant(day), measure, value, unit: own ?? unit, labels }));
  const dimensions = [...new Set(rows.flatMap(([, labels]) => Object.keys(labels)))];
  const described = unit.length === 3 ? "currency" : unit;
  return fixtureFeed({ name, kind, measures: [{ name: measure, unit: described }], dimensions, facts, withoutPeriod });
}

/** One row per day with the value of that day. */
export function daily(period: Period, labels: Readonly<Record<string, string>>, value: (day: string, index: number) => number): Row[] {
  return Array.from({ length: daysBetween(period.from, period.to) + 1 }, (_, i) => {
    const day = addDays(period.from, i);
    return [day, labels, value(day, i)] as Row;
  });
}

/** The sum of the rows of a period that have the labels: added up here, not by the tools. */
export function sumOf(rows: readonly Row[], period?: Period, labels: Readonly<Record<string, string>> = {}): number {
  return rows
    .filter(([day]) => !period || (day >= period.from && day <= period.to))
    .filter(([, own]) => Object.entries(labels).every(([k, v]) => own[k] === v))
    .reduce((sum, [, , value]) => sum + value, 0);
}

/** A feed that cannot be reached: at the description, or only when it is asked. */
export function failing(feed: Feed, when: "describe" | "query"): Feed {
  const fail = () => Promise.reject(new VendorError(feed.name, "The vendor did not answer.", { detail: "HTTP 502" }));
  return { ...feed, ...(when === "describe" ? { describe: fail } : {}), query: fail };
}

/** The same feed without any dates. */
export function undated(feed: Feed): Feed {
  return {
    ...feed,
    async describe(signal) {
      const { covers: _, ...about } = await feed.describe(signal);
      return about;
    },
    async query(query, signal) {
      if (query.period) throw new UserError(`“${feed.name}” has no time column.`, { path: "period" });
      const { receipts, ...answer } = await feed.query(query, signal);
      return { ...answer, receipts: receipts.map(({ window: _, ...receipt }) => receipt) };
    },
  };
}

/** Runs a tool as a door does: the input is checked first. */
export async function run(tool: Tool, input: Record<string, unknown>, context: ToolContext): Promise<Finding> {
  return tool.run(tool.input.parse(input), context);
}

export function wordsOf(finding: Finding): string {
  const [first] = finding.blocks;
  return first?.type === "markdown" ? first.text : "";
}

export function tableOf(finding: Finding, index = 0): TableBlock {
  const table = finding.blocks.filter((b) => b.type === "table")[index];
  if (table?.type !== "table") throw new Error("the finding has no such table");
  return table;
}

export async function refusalOf(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`);
  return error;
}
