import type { Database } from "../storage/database.ts";
import { lockAudit } from "./audit.ts";
import { type Cursor, writeCursor } from "./cursor.ts";
import { filtered, oldest, recordOf, seen } from "./record-rows.ts";
import { archiveIn, changeIn, createIn } from "./record-writes.ts";
import type { Resource, StoredRecord } from "./resource.ts";

/** Names a person goes by, in lower case; "all" for who sees every project; `only` one project's id, for who sees that and nothing else. */
export type Sight = "all" | readonly string[] | { only: string };

export interface Asker {
  /** Id, as it is written down. */
  id: string;
  sight: Sight;
}

export interface ListQuery {
  limit: number;
  after?: Cursor | undefined;
  archived?: "no" | "yes" | "all";
  project?: string | undefined;
  status?: string | undefined;
  /** Instants, both included: of what lists are ordered by. */
  from?: string | undefined;
  to?: string | undefined;
  /** Exact but for case, of those with a unique name. */
  name?: string | undefined;
}

/** What became of a change. Nothing was changed unless it says "done". */
export type Outcome<Data = Fields> =
  | { state: "done"; record: StoredRecord<Data> }
  /** This very request was met before; the record is as it is by now. */
  | { state: "repeated"; record: StoredRecord<Data> }
  | { state: "missing" }
  /** It was changed since the caller read it. */
  | { state: "stale"; version: number }
  /** It contradicts what is there. */
  | { state: "conflict"; path: string; message: string }
  /** It names what is not there. */
  | { state: "wrong"; path: string; message: string };

export type Fields = Readonly<Record<string, unknown>>;

export interface Change {
  /** Gives the fields as they are to be. Throws to refuse; then nothing happens. */
  apply(data: Fields): Fields;
  /** Refused when the record has another version. */
  version?: number | undefined;
  action: string;
  /** Not written down in the audit log: it says no more than that somebody is there. */
  quiet?: true;
}

/** Records of all kinds. Each write is one transaction with its line in the audit log. Projects others may not see do not exist. */
export interface Records {
  /** `key` makes it safe to repeat: the same key of the same asker gives the same record, once. */
  create(resource: Resource, data: Fields, by: Asker, key?: string): Promise<Outcome>;
  get(resource: Resource, id: string, sight: Sight): Promise<StoredRecord | null>;
  /** Newest first. `next` is absent on the last page. */
  list(resource: Resource, query: ListQuery, sight: Sight): Promise<{ records: StoredRecord[]; next?: string }>;
  change(resource: Resource, id: string, change: Change, by: Asker): Promise<Outcome>;
  /** Archives or restores. Doing it twice changes nothing. */
  setArchived(resource: Resource, id: string, archived: boolean, by: Asker): Promise<Outcome>;
  /** The oldest with this status gets another; null when there is none. Of many callers at once each gets its own. */
  take(resource: Resource, step: Step, by: Asker): Promise<StoredRecord | null>;
}

/** From one status to another, with `also` these fields; `only` those whose field has the value. */
export interface Step {
  from: string;
  to: string;
  also?: Fields;
  only?: { field: string; value: string };
}

export function createRecords(database: Database, now: () => Date, newId: () => string): Records {
  const { kysely } = database;
  return {
    create: (resource, data, by, key) =>
      kysely.transaction().execute((trx) => createIn(trx, { resource, by, now: now(), newId }, data, key)),
    change: (resource, id, change, by) => kysely.transaction().execute((trx) => changeIn(trx, { resource, by, now: now() }, id, change)),
    setArchived: (resource, id, archived, by) =>
      kysely.transaction().execute((trx) => archiveIn(trx, { resource, by, now: now() }, id, archived)),

    async get(resource, id, sight) {
      const row = await seen(kysely, resource, sight).where("records.id", "=", id).executeTakeFirst();
      return row ? recordOf(resource, row) : null;
    },

    async list(resource, query, sight) {
      const rows = await filtered(seen(kysely, resource, sight), query)
        .orderBy("records.at", "desc")
        .orderBy("records.id", "desc")
        .limit(query.limit + 1)
        .execute();
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      const more = rows.length > page.length && last ? { next: writeCursor(last) } : {};
      return { records: page.map((row) => recordOf(resource, row)), ...more };
    },

    take: (resource, { from, to, also, only }, by) =>
      kysely.transaction().execute(async (trx) => {
        await lockAudit(trx);
        const row = await oldest(seen(trx, resource, by.sight), from, only);
        if (!row) return null;
        const change: Change = { action: "start", apply: (data) => ({ ...data, ...also, status: to }) };
        const outcome = await changeIn(trx, { resource, by, now: now() }, row.id, change);
        return outcome.state === "done" ? outcome.record : null;
      }),
  };
}
