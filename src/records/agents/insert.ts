import { CompiledQuery, type Kysely, type Transaction } from "kysely";
import { builtOnce } from "../../storage/built-once.ts";
import type { Database } from "../../storage/database.ts";
import type { AgentDayRow, AgentDayUserCountRow, AgentEventRow, AgentRow, Schema } from "../../storage/schema.ts";
import { compare, DAY_SUMS, daysOf } from "./rows.ts";

/**
 * Stores events with their agents and daily sums, in the caller's transaction, and gives those that were new: an event whose agent
 * and id are known is left as it is and counted nowhere twice.
 */
export type InsertEvents = (trx: Transaction<Schema>, rows: readonly AgentEventRow[]) => Promise<readonly AgentEventRow[]>;

export function createInsert({ kysely, dialect }: Pick<Database, "kysely" | "dialect">): InsertEvents {
  const agentStatement = builtOnce(agentUpsert(kysely));
  const dayStatement = builtOnce(dayUpsert(kysely));
  const eventStatement = rowsStatement<{ agent_id: string; id: string }, (typeof COLUMNS)[number]>(
    dialect,
    ["agent_events", COLUMNS],
    "on conflict (agent_id, id) do nothing returning agent_id, id",
  );
  const userStatement = rowsStatement<{ agent_id: string; day: string }, (typeof USER_COLUMNS)[number]>(
    dialect,
    ["agent_day_users", USER_COLUMNS],
    "on conflict do nothing returning agent_id, day",
  );
  const countStatement = builtOnce(countUpsert(kysely));

  return async (trx, rows) => {
    const ordered = [...rows].sort((a, b) => compare(a.agent_id, b.agent_id) || compare(a.id, b.id));
    for (const agent of agentsOf(ordered)) await trx.executeQuery(agentStatement(AGENT_COLUMNS.map((name) => agent[name])));
    const fresh = new Set<string>();
    for (const part of partsOf(ordered)) {
      const { rows: stored } = await trx.executeQuery(eventStatement(part));
      for (const { agent_id, id } of stored) fresh.add(keyOf(agent_id, id));
    }
    // The first of two events with one id in one request is the one that was stored.
    const inserted = ordered.filter((row) => fresh.delete(keyOf(row.agent_id, row.id)));
    for (const day of daysOf(inserted)) await trx.executeQuery(dayStatement(DAY_COLUMNS.map((name) => day[name])));
    const met: { agent_id: string; day: string }[] = [];
    for (const part of partsOf(usersOf(inserted))) met.push(...(await trx.executeQuery(userStatement(part))).rows);
    for (const { agent_id, day, users } of countsOf(met)) await trx.executeQuery(countStatement([agent_id, day, users]));
    return inserted;
  };
}

function keyOf(agent: string, id: string): string {
  // No text that is stored holds a NUL.
  return `${agent}\0${id}`;
}

const AGENT_COLUMNS = ["id", "registered_at", "first_event_at", "last_event_at"] as const satisfies readonly (keyof AgentRow)[];

function agentsOf(rows: readonly AgentEventRow[]): AgentRow[] {
  return [...Map.groupBy(rows, (row) => row.agent_id)].map(([id, events]) => {
    const times = events.map(({ at }) => at).sort();
    const [first = "", last = ""] = [times[0], times.at(-1)];
    return { id, registered_at: events[0]?.received_at ?? last, first_event_at: first, last_event_at: last };
  });
}

function agentUpsert(kysely: Kysely<Schema>) {
  return kysely
    .insertInto("agents")
    .columns(AGENT_COLUMNS)
    .values({ id: "", registered_at: "", first_event_at: "", last_event_at: "" })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        first_event_at: eb
          .case()
          .when("excluded.first_event_at", "<", eb.ref("agents.first_event_at"))
          .then(eb.ref("excluded.first_event_at"))
          .else(eb.ref("agents.first_event_at"))
          .end(),
        last_event_at: eb
          .case()
          .when("excluded.last_event_at", ">", eb.ref("agents.last_event_at"))
          .then(eb.ref("excluded.last_event_at"))
          .else(eb.ref("agents.last_event_at"))
          .end(),
      })),
    );
}

const COLUMNS = [
  "agent_id",
  "id",
  "at",
  "type",
  "model",
  "user_id",
  "response_ms",
  "tokens",
  "input_tokens",
  "output_tokens",
  "cost_nano",
  "feedback",
  "error",
  "content",
  "metadata",
  "received_at",
] as const satisfies readonly (keyof AgentEventRow)[];

/** Few lengths of statement, so that each is prepared once. */
const PART_SIZES = [64, 32, 16, 8, 4, 2, 1];

function* partsOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  let at = 0;
  for (const size of PART_SIZES) for (; rows.length - at >= size; at += size) yield rows.slice(at, at + size);
}

/** An insert of many rows, built by hand: the query builder takes ten times as long as the database does. */
function rowsStatement<Result, Column extends string>(
  dialect: Database["dialect"],
  [table, columns]: readonly [string, readonly Column[]],
  ending: string,
): (rows: readonly Readonly<Record<Column, string | number | null>>[]) => CompiledQuery<Result> {
  const texts = new Map<number, string>();
  const textOf = (count: number) => {
    const mark = (row: number, column: number) => (dialect === "postgres" ? `$${row * columns.length + column + 1}` : "?");
    const values = Array.from({ length: count }, (_, row) => `(${columns.map((_, column) => mark(row, column)).join(", ")})`);
    return `insert into ${table} (${columns.join(", ")}) values ${values.join(", ")} ${ending}`;
  };
  return (rows) => {
    const text = texts.get(rows.length) ?? textOf(rows.length);
    texts.set(rows.length, text);
    return CompiledQuery.raw(
      text,
      rows.flatMap((row) => columns.map((column) => row[column])),
    ) as CompiledQuery<Result>;
  };
}

const DAY_COLUMNS = ["agent_id", "day", "model", ...DAY_SUMS] as const satisfies readonly (keyof AgentDayRow)[];

function dayUpsert(kysely: Kysely<Schema>) {
  const sums = Object.fromEntries(DAY_SUMS.map((name) => [name, 0])) as Record<(typeof DAY_SUMS)[number], number>;
  return kysely
    .insertInto("agent_days")
    .values({ agent_id: "", day: "", model: "", ...sums })
    .onConflict((conflict) =>
      conflict
        .columns(["agent_id", "day", "model"])
        .doUpdateSet((eb) =>
          Object.fromEntries(DAY_SUMS.map((name) => [name, eb(eb.ref(`agent_days.${name}`), "+", eb.ref(`excluded.${name}`))])),
        ),
    );
}

const USER_COLUMNS = ["agent_id", "day", "model", "user_id"] as const;

type DayUser = Record<(typeof USER_COLUMNS)[number], string>;

/** In one order everywhere, so that two processes that add the same wait for each other instead of blocking each other. */
function usersOf(rows: readonly AgentEventRow[]): DayUser[] {
  const users = new Map<string, DayUser>();
  for (const { agent_id, at, user_id } of rows) {
    if (user_id === null) continue;
    const user = { agent_id, day: at.slice(0, 10), model: "", user_id };
    users.set(JSON.stringify([agent_id, user.day, user_id]), user);
  }
  return [...users].sort(([a], [b]) => compare(a, b)).map(([, user]) => user);
}

/** How many came to each day, in the order above. */
function countsOf(met: readonly { agent_id: string; day: string }[]): AgentDayUserCountRow[] {
  const days = Map.groupBy(met, ({ agent_id, day }) => JSON.stringify([agent_id, day]));
  return [...days]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([, some]) => some.slice(0, 1).map(({ agent_id, day }) => ({ agent_id, day, users: some.length })));
}

function countUpsert(kysely: Kysely<Schema>) {
  return kysely
    .insertInto("agent_day_user_counts")
    .values({ agent_id: "", day: "", users: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(["agent_id", "day"])
        .doUpdateSet((eb) => ({ users: eb(eb.ref("agent_day_user_counts.users"), "+", eb.ref("excluded.users")) })),
    );
}
