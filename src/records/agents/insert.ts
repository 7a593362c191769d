import { CompiledQuery, type Transaction } from "kysely";
import { fromInstant } from "../../core/civil-date.ts";
import type { Database } from "../../storage/database.ts";
import type { AgentEventRow, Schema } from "../../storage/schema.ts";
import { compare, DAY_SUMS, daysOf } from "./rows.ts";

/**
 * Stores events with their agents and daily sums, in the caller's transaction, and gives those that were new: an event whose agent
 * and id are known is left as it is and counted nowhere twice.
 */
export async function insertEvents(
  trx: Transaction<Schema>,
  rows: readonly AgentEventRow[],
  dialect: Database["dialect"],
): Promise<readonly AgentEventRow[]> {
  const ordered = [...rows].sort((a, b) => compare(a.agent_id, b.agent_id) || compare(a.id, b.id));
  await registerAgents(trx, ordered);
  const fresh = new Set<string>();
  for (const part of partsOf(ordered)) {
    const { rows: stored } = await trx.executeQuery<{ agent_id: string; id: string }>(insertStatement(part, dialect));
    for (const { agent_id, id } of stored) fresh.add(keyOf(agent_id, id));
  }
  // The first of two events with one id in one request is the one that was stored.
  const inserted = ordered.filter((row) => fresh.delete(keyOf(row.agent_id, row.id)));
  await addToDays(trx, inserted);
  return inserted;
}

function keyOf(agent: string, id: string): string {
  return JSON.stringify([agent, id]);
}

async function registerAgents(trx: Transaction<Schema>, rows: readonly AgentEventRow[]): Promise<void> {
  for (const [id, events] of Map.groupBy(rows, (row) => row.agent_id)) {
    const times = events.map(({ at }) => at).sort();
    const [first = "", last = ""] = [times[0], times.at(-1)];
    await trx
      .insertInto("agents")
      .values({ id, registered_at: events[0]?.received_at ?? last, first_event_at: first, last_event_at: last })
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
      )
      .execute();
  }
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
const PART_SIZES = [64, 8, 1];

function* partsOf(rows: readonly AgentEventRow[]): Generator<readonly AgentEventRow[]> {
  let at = 0;
  for (const size of PART_SIZES) for (; rows.length - at >= size; at += size) yield rows.slice(at, at + size);
}

const statements = new Map<string, string>();

/** Built by hand: the query builder takes ten times as long as the database does. Every value is a text, a finite number or null. */
function insertStatement(rows: readonly AgentEventRow[], dialect: Database["dialect"]): CompiledQuery<{ agent_id: string; id: string }> {
  const key = `${dialect}:${rows.length}`;
  const text = statements.get(key) ?? statementOf(rows.length, dialect);
  statements.set(key, text);
  return CompiledQuery.raw(
    text,
    rows.flatMap((row) => COLUMNS.map((column) => row[column])),
  ) as CompiledQuery<{ agent_id: string; id: string }>;
}

function statementOf(count: number, dialect: Database["dialect"]): string {
  const mark = (row: number, column: number) => (dialect === "postgres" ? `$${row * COLUMNS.length + column + 1}` : "?");
  const values = Array.from({ length: count }, (_, row) => `(${COLUMNS.map((_, column) => mark(row, column)).join(", ")})`);
  return `insert into agent_events (${COLUMNS.join(", ")}) values ${values.join(", ")} on conflict (agent_id, id) do nothing returning agent_id, id`;
}

async function addToDays(trx: Transaction<Schema>, rows: readonly AgentEventRow[]): Promise<void> {
  for (const day of daysOf(rows)) {
    await trx
      .insertInto("agent_days")
      .values(day)
      .onConflict((conflict) =>
        conflict
          .columns(["agent_id", "day", "model"])
          .doUpdateSet((eb) =>
            Object.fromEntries(DAY_SUMS.map((name) => [name, eb(eb.ref(`agent_days.${name}`), "+", eb.ref(`excluded.${name}`))])),
          ),
      )
      .execute();
  }
  const users = new Map<string, { agent_id: string; day: string; model: string; user_id: string }>();
  for (const { agent_id, at, model, user_id } of rows) {
    if (user_id === null) continue;
    const user = { agent_id, day: fromInstant(new Date(at)), model: model ?? "", user_id };
    users.set(JSON.stringify(Object.values(user)), user);
  }
  const sorted = [...users].sort(([a], [b]) => compare(a, b)).map(([, user]) => user);
  for (let at = 0; at < sorted.length; at += USERS_AT_ONCE)
    await trx
      .insertInto("agent_day_users")
      .values(sorted.slice(at, at + USERS_AT_ONCE))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

const USERS_AT_ONCE = 200;
