import { createHash, createHmac, randomBytes } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { Database } from "../storage/database.ts";
import type { RecordRow, Schema } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";
import { forgetPerson } from "./forget.ts";
import { recordIdOf } from "./record-rows.ts";
import { appSecret } from "./secrets.ts";

/** People who are to be forgotten under all the names they go by: an id of a chat, an e-mail address. */
export interface People {
  /**
   * Deletes what they asked and were told, their sign-ins and the reports to them alone, and the words in activities and events of AI agents that are theirs. Figures
   * stay, under a stand-in that says nothing of them, so that sums of the past stay as they were. Safe to repeat. The audit log keeps
   * what was done to the house, and that `by` had somebody forgotten.
   */
  forget(names: readonly string[], by: string): Promise<Forgotten>;
  /** Who stands in for a person that is forgotten; undefined for everybody else. For what sources tell of them again. */
  standIn(name: string): Promise<string | undefined>;
}

export interface Forgotten {
  /** How many held a name. */
  activities: number;
  events: number;
}

export function createPeople(database: Database, now: () => Date): People {
  const { kysely } = database;
  /** Names are kept as what only this deployment can recognise. */
  const hashOf = async (name: string) =>
    createHmac("sha256", await appSecret(database, "forgotten people"))
      .update(plain(name))
      .digest("hex");

  return {
    async forget(names, by) {
      const people = await Promise.all([...new Set(names.map(plain))].map(async (name) => ({ name, hash: await hashOf(name) })));
      return kysely.transaction().execute(async (trx) => {
        const forgotten: Forgotten = { activities: 0, events: 0 };
        for (const { name, hash } of people) {
          const standIn = await standInFor(trx, hash, now());
          await forgetTurns(trx, name);
          forgotten.activities += await forgetActivities(trx, name, standIn);
          forgotten.events += await forgetEvents(trx, name, standIn);
        }
        await appendAudit(trx, { actor: by, action: "forget person", target: "", detail: { ...forgotten } }, now());
        return forgotten;
      });
    },

    async standIn(name) {
      const row = await kysely
        .selectFrom("forgotten")
        .select("stand_in")
        .where("hash", "=", await hashOf(name))
        .executeTakeFirst();
      return row?.stand_in;
    },
  };
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}

async function standInFor(trx: Transaction<Schema>, hash: string, at: Date): Promise<string> {
  const fresh = { hash, stand_in: `forgotten-${randomBytes(6).toString("hex")}`, at: at.toISOString() };
  await trx
    .insertInto("forgotten")
    .values(fresh)
    .onConflict((conflict) => conflict.column("hash").doNothing())
    .execute();
  const row = await trx.selectFrom("forgotten").select("stand_in").where("hash", "=", hash).executeTakeFirstOrThrow();
  return row.stand_in;
}

const ACTIVITIES = "activities";

/** Ids of chats are written with capitals, so they are looked for without regard to them. */
async function forgetTurns(trx: Transaction<Schema>, name: string): Promise<void> {
  const ids = new Set<string>();
  for (const table of ["turns", "conversations", "sessions", "sign_in_links"] as const) {
    const rows = trx
      .selectFrom(table as "turns")
      .select("user_id")
      .distinct();
    const named = await rows.where((eb) => eb(eb.fn<string>("lower", ["user_id"]), "=", name)).execute();
    for (const { user_id } of named) ids.add(user_id);
  }
  for (const id of ids) await forgetPerson(trx, id);
  // What goes out to the person alone; others read the rest.
  await trx.deleteFrom("digest_subscriptions").where("audience", "=", "direct").where(sql<boolean>`lower(owner) = ${name}`).execute();
  const theirs = sql<boolean>`(lower(user_id) = ${name} or lower(email) = ${name})`;
  const sessions = trx.selectFrom("sessions").select("id").where(theirs);
  await trx.deleteFrom("session_tokens").where("session_id", "in", sessions).execute();
  await trx.deleteFrom("sessions").where(theirs).execute();
  await trx.deleteFrom("sign_in_links").where(theirs).execute();
}

/** Figures stay; the words, which are the person's, do not. */
async function forgetActivities(trx: Transaction<Schema>, name: string, standIn: string): Promise<number> {
  const pattern = `%${escaped(JSON.stringify(name).slice(1, -1))}%`;
  const rows = await trx
    .selectFrom("records")
    .selectAll()
    .where("kind", "=", ACTIVITIES)
    .where(sql<boolean>`lower(data) like ${pattern} escape '\\'`)
    .execute();
  let changed = 0;
  for (const row of rows) changed += await forgetActivity(trx, row, { name, standIn });
  return changed;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

async function forgetActivity(trx: Transaction<Schema>, row: RecordRow, of: { name: string; standIn: string }): Promise<number> {
  const { user, externalId, prompt: _, response: __, ...rest } = JSON.parse(row.data) as Record<string, unknown>;
  if (typeof user !== "string" || plain(user) !== of.name) return 0;
  const outside = typeof externalId === "string" ? externalIdOf(externalId, user, of.standIn) : undefined;
  const data = { ...rest, user: of.standIn, ...(outside === undefined ? {} : { externalId: outside }) };
  const id = outside === undefined ? row.id : recordIdOf(ACTIVITIES, outside);
  await trx
    .updateTable("records")
    .set({ id, data: JSON.stringify(data), version: row.version + 1, fingerprint: null })
    .where("id", "=", row.id)
    .execute();
  return 1;
}

/** As the import would write it: the id holds the name. One that does not is somebody's own, and only known by its hash from now on. */
export function externalIdOf(externalId: string, user: string, standIn: string): string {
  return externalId.endsWith(user)
    ? `${externalId.slice(0, -user.length)}${standIn}`
    : createHash("sha256").update(`${standIn}:${externalId}`).digest("hex");
}

async function forgetEvents(trx: Transaction<Schema>, name: string, standIn: string): Promise<number> {
  const theirs = sql<boolean>`lower(user_id) = ${name}`;
  const { numUpdatedRows } = await trx
    .updateTable("agent_events")
    .set({ user_id: standIn, content: null, error: null, metadata: null })
    .where(theirs)
    .executeTakeFirst();
  const days = await trx.selectFrom("agent_day_users").selectAll().where(theirs).execute();
  await trx.deleteFrom("agent_day_users").where(theirs).execute();
  for (const day of days) {
    await trx
      .insertInto("agent_day_users")
      .values({ ...day, user_id: standIn })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // Two spellings of the name were two users.
    await trx
      .updateTable("agent_day_user_counts")
      .set((eb) => ({
        users: eb
          .selectFrom("agent_day_users")
          .select((e) => e.fn.countAll<number>().as("n"))
          .where("agent_id", "=", day.agent_id)
          .where("day", "=", day.day),
      }))
      .where("agent_id", "=", day.agent_id)
      .where("day", "=", day.day)
      .execute();
  }
  return Number(numUpdatedRows);
}
