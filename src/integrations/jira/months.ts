import { fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Cached } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { JiraClient } from "./client.ts";
import { type FoundIssues, type Issue, searchIssues } from "./issues.ts";
import { around, updatedWithin } from "./jql.ts";
import { readSetup, type Setup } from "./setup.ts";
import { AT_ONCE, holds, windowsOf } from "./windows.ts";

export interface MonthsAnswer extends FoundIssues {
  setup: Setup;
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]];
}

interface Month {
  items: ReadonlyMap<string, Issue>;
  /** When all of it was read, and when its changes were. */
  readAt: Date;
  seenAt: Date;
}

const HOUR_MS = 3_600_000;
/** Jira's search runs behind by seconds or minutes, and clocks differ. */
const OVERLAP_MS = 15 * 60_000;

/**
 * Issues by the month they were created in, remembered: a month is read once a day, and in between only what changed in it since.
 * Months that are over and hold nothing open are asked about once an hour, the others every five minutes.
 */
export function createMonths(client: JiraClient): (period: Period, signal: AbortSignal) => Promise<MonthsAnswer> {
  const kept = new Map<string, Month>();

  async function load(setup: Setup, window: Period, signal: AbortSignal): Promise<FoundIssues> {
    const now = client.now();
    const known = kept.get(window.from);
    const age = known ? now.getTime() - known.readAt.getTime() : -1;
    const recent = known && age >= 0 && age < 24 * HOUR_MS ? known : undefined;
    const since = recent ? ` AND ${updatedWithin(now.getTime() - recent.seenAt.getTime() + OVERLAP_MS)}` : "";
    const found = await searchIssues(client, setup, `${around("created", window)}${since} ORDER BY created ASC, key ASC`, signal);
    const items = new Map(recent?.items);
    for (const issue of found.items) if (holds(window, issue.created)) items.set(issue.id, issue);
    // A month that was not read to its end is read again from its beginning.
    if (found.truncated) kept.delete(window.from);
    else kept.set(window.from, { items, readAt: recent?.readAt ?? now, seenAt: now });
    return {
      items: [...items.values()],
      ...(found.truncated ? { truncated: `${found.truncated} created in ${window.from.slice(0, 7)}` } : {}),
    };
  }

  return async (period, signal) => {
    const setup = await readSetup(client, signal);
    const today = fromInstant(client.now());
    const parts = await inTurn(windowsOf(period, today), AT_ONCE, (window) => {
      const known = kept.get(window.from);
      const isSettled =
        window.to < today && known !== undefined && [...known.items.values()].every(({ status }) => status.category === "done");
      const options = { operation: "search issues", ...(isSettled ? { ttlMs: HOUR_MS } : {}) };
      return client.http.cached(`issues ${window.from} ${window.to}`, (during) => load(setup.value, window, during), signal, options);
    });
    const truncated = parts.flatMap(({ value }) => value.truncated ?? []).join("; ");
    const items = parts.flatMap(({ value }) => value.items).filter(({ created }) => holds(period, created));
    return { items, setup: setup.value, parts: [setup, ...parts], ...(truncated ? { truncated } : {}) };
  };
}
