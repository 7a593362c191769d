import { civilDate } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import type { Database } from "../../storage/database.ts";
import { createGroupCommit } from "../../storage/group-commit.ts";
import type { AgentEventRow, AgentRow } from "../../storage/schema.ts";
import { type ContentRule, withRule } from "./content.ts";
import { countUsersAnew } from "./count-users.ts";
import { type AgentEvent, OWN_AGENT } from "./event.ts";
import { createInsert } from "./insert.ts";
import { readOwnAgent, readOwnDays } from "./own-turns.ts";
import { type AgentReading, createDayReads } from "./reads.ts";
import { dropOldEvents } from "./retention.ts";
import { rowOf } from "./rows.ts";
import { type AgentDay, type AgentFigures, type AgentModel, figuresOf } from "./summary.ts";

export { QueueFull } from "../../storage/group-commit.ts";
export type { AgentEvent } from "./event.ts";
export { OWN_AGENT } from "./event.ts";
export type { AgentDay, AgentFigures, AgentModel } from "./summary.ts";

/** What AI agents report, and what became of it. */
export interface Agents {
  /**
   * Stores the events; the first registers its agent. Resolves once they are on disk: they survive a crash. An event whose agent and
   * id are known already changes nothing and counts as a duplicate. Rejects with QueueFull when too much waits, else with the
   * database's error; then nothing of this call was stored.
   */
  ingest(events: readonly { agent: string; event: AgentEvent }[]): Promise<{ accepted: number; duplicates: number }>;
  /** Every agent, the latest heard of first; Firstmate itself among them once it was asked something. */
  list(): Promise<AgentSummary[]>;
  /** null when it has never reported. */
  read(agent: string): Promise<AgentSummary | null>;
  /** Days with events only, oldest first: a day that is absent had none. null when there is no such agent. */
  metrics(agent: string, period: Period): Promise<AgentMetrics | null>;
  /** Deletes events and daily sums that are older than they are kept, and counts the users of the last days anew. */
  tidy(): Promise<void>;
  /** Calls `listener` once: now, when any agent has reported, else when this process has stored the first events. */
  whenReporting(listener: () => void): Promise<void>;
  /** The first instant whose events are still taken. */
  oldest(): Date;
}

export interface AgentSummary {
  id: string;
  registeredAt: Date;
  firstEventAt: Date;
  lastEventAt: Date;
}

export interface AgentMetrics {
  agent: string;
  period: Period;
  days: readonly AgentDay[];
  models: readonly AgentModel[];
  total: AgentFigures;
}

export interface AgentsOptions {
  now(): Date;
  content: ContentRule;
  eventDays: number;
  summaryDays: number;
}

const DAY_MS = 86_400_000;
/** An upgrade of many processes is over by then, and what agents report late has arrived. */
const UPGRADE_DAYS = 7;
const MOST_WAITING = 20_000;
const MOST_AT_ONCE = 500;

export function createAgents(database: Database, options: AgentsOptions): Agents {
  const { kysely } = database;
  const { now, content, eventDays, summaryDays } = options;
  const days = createDayReads(kysely);
  const insert = createInsert(database);

  const queue = createGroupCommit<AgentEventRow, number>({
    mostWaiting: MOST_WAITING,
    mostAtOnce: MOST_AT_ONCE,
    async store(groups) {
      const inserted = new Set(await kysely.transaction().execute((trx) => insert(trx, groups.flat())));
      return groups.map((rows) => rows.filter((row) => inserted.has(row)).length);
    },
  });

  let listeners: (() => void)[] = [];
  const noteFirst = () => {
    for (const listener of listeners) listener();
    listeners = [];
  };

  async function read(agent: string): Promise<AgentSummary | null> {
    const row =
      agent === OWN_AGENT
        ? await readOwnAgent(kysely)
        : await kysely.selectFrom("agents").selectAll().where("id", "=", agent).executeTakeFirst();
    return row ? summaryOf(row) : null;
  }

  return {
    async ingest(events) {
      const receivedAt = now();
      const rows = events.map(({ agent, event }) => rowOf(agent, withRule(event, content), receivedAt));
      const accepted = rows.length === 0 ? 0 : await queue.add(rows);
      if (accepted > 0) noteFirst();
      return { accepted, duplicates: rows.length - accepted };
    },

    async list() {
      const rows = await kysely.selectFrom("agents").selectAll().execute();
      const own = await readOwnAgent(kysely);
      return [...rows, ...(own ? [own] : [])].map(summaryOf).sort((a, b) => b.lastEventAt.getTime() - a.lastEventAt.getTime());
    },

    read,

    async metrics(agent, period) {
      const reading = agent === OWN_AGENT ? await readOwnDays(kysely, period) : await days.read(agent, period);
      if (reading.rows.length === 0 && !(await read(agent))) return null;
      return metricsOf(agent, period, reading);
    },

    async tidy() {
      const before = (days: number) => new Date(now().getTime() - days * DAY_MS);
      await dropOldEvents(kysely, { events: before(eventDays), days: civilDate(before(summaryDays), "UTC") });
      await countUsersAnew(database, civilDate(before(UPGRADE_DAYS), "UTC"));
    },

    async whenReporting(listener) {
      const known = await kysely.selectFrom("agents").select("id").limit(1).executeTakeFirst();
      if (known) listener();
      else listeners.push(listener);
    },

    oldest: () => new Date(now().getTime() - eventDays * DAY_MS),
  };
}

function metricsOf(agent: string, period: Period, { rows, users }: AgentReading): AgentMetrics {
  const days = [...Map.groupBy(rows, ({ day }) => day)].map(([date, some]: [CivilDate, typeof rows]) => ({
    date,
    ...figuresOf(some),
    uniqueUsers: users.get(date) ?? null,
  }));
  const models = [...Map.groupBy(rows, ({ model }) => model)].map(([model, some]) => ({ model: model || null, ...figuresOf(some) }));
  return { agent, period, days, models, total: figuresOf(rows) };
}

function summaryOf(row: AgentRow): AgentSummary {
  return {
    id: row.id,
    registeredAt: new Date(row.registered_at),
    firstEventAt: new Date(row.first_event_at),
    lastEventAt: new Date(row.last_event_at),
  };
}
