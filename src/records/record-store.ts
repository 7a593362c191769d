import { createHash } from "node:crypto";
import type { Kysely, SelectQueryBuilder, Transaction } from "kysely";
import type { Database } from "../storage/database.ts";
import type { RecordRow, Schema } from "../storage/schema.ts";
import { appendAudit, lockAudit } from "./audit.ts";
import { type Cursor, writeCursor } from "./cursor.ts";
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

type Fields = Readonly<Record<string, unknown>>;

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

const LOOKED_AT_ONCE = 50;

/** The first in the queue; with `only` the first whose field has the value. */
async function oldest(
  rows: SelectQueryBuilder<Schema, "records", RecordRow>,
  status: string,
  only: Step["only"],
): Promise<RecordRow | undefined> {
  const queue = rows.where("records.state", "=", status).where("records.archived_at", "is", null);
  // The database looks for the text; where in the fields it stands is for us to see.
  const some = only ? queue.where("records.data", "like", `%${JSON.stringify(only.value).replace(/[\\%_]/g, "_")}%`) : queue;
  let last: RecordRow | undefined;
  for (;;) {
    const { at = "", id = "" } = last ?? {};
    const page = await some
      .where((eb) => eb.or([eb("records.at", ">", at), eb.and([eb("records.at", "=", at), eb("records.id", ">", id)])]))
      .orderBy("records.at")
      .orderBy("records.id")
      .limit(only ? LOOKED_AT_ONCE : 1)
      .execute();
    const found = page.find(({ data }) => !only || (JSON.parse(data) as Fields)[only.field] === only.value);
    last = page.at(-1);
    if (found || !last || !only) return found;
  }
}

interface Work {
  resource: Resource;
  by: Asker;
  now: Date;
}

async function createIn(
  trx: Transaction<Schema>,
  work: Work & { newId(): string },
  given: Fields,
  key: string | undefined,
): Promise<Outcome> {
  const { resource, by, now, newId } = work;
  const external = resource.externalId?.(given);
  const fingerprint = key === undefined ? null : sha256(JSON.stringify(given));
  const id = key !== undefined ? idOf(resource.name, by.id, key) : external !== undefined ? recordIdOf(resource.name, external) : newId();
  await lockAudit(trx);
  const known = await trx.selectFrom("records").selectAll().where("id", "=", id).executeTakeFirst();
  if (known && external !== undefined && key === undefined)
    return changeIn(trx, work, id, { action: "update", apply: (data) => ({ ...data, ...given }) });
  if (known)
    return known.fingerprint === fingerprint
      ? { state: "repeated", record: recordOf(resource, known) }
      : { state: "wrong", path: "Idempotency-Key", message: "was used before for another request; take a new one" };
  const { lifecycle } = resource;
  if (lifecycle && given.status !== undefined && given.status !== lifecycle.initial)
    return { state: "conflict", path: "status", message: `must be ${lifecycle.initial} at first` };
  const begun = lifecycle ? { ...given, status: lifecycle.initial } : given;
  const data = resource.settle?.(begun, null, now) ?? begun;
  const problem = await problemWith(trx, work, data, undefined);
  if (problem) return problem;
  const time = now.toISOString();
  const row: RecordRow = {
    id,
    kind: resource.name,
    ...columnsOf(resource, id, data),
    at: resource.at?.(data) ?? time,
    data: JSON.stringify(data),
    version: 1,
    fingerprint,
    created_at: time,
    created_by: by.id,
    updated_at: time,
    archived_at: null,
  };
  await trx.insertInto("records").values(row).execute();
  await keepMembers(trx, resource, id, data);
  await note(trx, work, "create", id, { fields: data });
  return { state: "done", record: recordOf(resource, row) };
}

async function changeIn(trx: Transaction<Schema>, work: Work, id: string, change: Change): Promise<Outcome> {
  const { resource, by, now } = work;
  await lockAudit(trx);
  const row = await seen(trx, resource, by.sight).where("records.id", "=", id).executeTakeFirst();
  if (!row) return { state: "missing" };
  if (change.version !== undefined && change.version !== row.version) return { state: "stale", version: row.version };
  if (row.archived_at !== null) return { state: "conflict", path: "", message: `This ${resource.singular} is archived. Restore it first.` };
  const before = JSON.parse(row.data) as Fields;
  const wanted = change.apply(before);
  const jump = illegalStep(resource, before.status, wanted.status);
  if (jump) return { state: "conflict", path: "status", message: jump };
  const data = resource.settle?.(wanted, before, now) ?? wanted;
  const problem = await problemWith(trx, work, data, id);
  if (problem) return problem;
  const changes = differences(before, data);
  if (Object.keys(changes).length === 0) return { state: "done", record: recordOf(resource, row) };
  const columns = { ...columnsOf(resource, id, data), at: resource.at?.(data) ?? row.at, data: JSON.stringify(data) };
  const after = { ...row, ...columns, version: row.version + 1, updated_at: now.toISOString() };
  await trx
    .updateTable("records")
    .set({ ...columns, version: after.version, updated_at: after.updated_at })
    .where("id", "=", id)
    .execute();
  await keepMembers(trx, resource, id, data);
  if (!change.quiet) await note(trx, work, change.action, id, { changes });
  return { state: "done", record: recordOf(resource, after) };
}

async function archiveIn(trx: Transaction<Schema>, work: Work, id: string, archived: boolean): Promise<Outcome> {
  const { resource, by, now } = work;
  await lockAudit(trx);
  const row = await seen(trx, resource, by.sight).where("records.id", "=", id).executeTakeFirst();
  if (!row) return { state: "missing" };
  if ((row.archived_at !== null) === archived) return { state: "done", record: recordOf(resource, row) };
  const problem = archived ? undefined : await problemWith(trx, work, JSON.parse(row.data) as Fields, id);
  if (problem) return problem;
  const time = now.toISOString();
  const columns = { archived_at: archived ? time : null, updated_at: time, version: row.version + 1 };
  await trx.updateTable("records").set(columns).where("id", "=", id).execute();
  await note(trx, work, archived ? "archive" : "restore", id, {});
  return { state: "done", record: recordOf(resource, { ...row, ...columns }) };
}

/** What speaks against the fields as they would be: a name that is taken, a project or an account that is not there. */
async function problemWith(
  trx: Transaction<Schema>,
  { resource, by }: Work,
  data: Fields,
  id: string | undefined,
): Promise<Outcome | undefined> {
  if (by.sight !== "all" && "only" in by.sight && columnsOf(resource, id ?? "", data).project_id !== by.sight.only)
    return { state: "wrong", path: "projectId", message: "must be that of the project your key is for" };
  const unique = resource.unique?.(data);
  if (unique) {
    const taken = await trx
      .selectFrom("records")
      .select("id")
      .where("kind", "=", resource.name)
      .where("unique_name", "=", unique.value.toLowerCase())
      .where("archived_at", "is", null)
      .executeTakeFirst();
    if (taken && taken.id !== id)
      return { state: "conflict", path: unique.field, message: `There is another ${resource.singular} of this ${unique.field}.` };
  }
  for (const [field, kind] of [
    ["projectId", "projects"],
    ["accountId", "accounts"],
  ] as const) {
    if (typeof data[field] !== "string") continue;
    const there = await seenOf(trx, kind, by.sight).where("records.id", "=", data[field]).executeTakeFirst();
    if (!there) return { state: "wrong", path: field, message: `names no ${kind.slice(0, -1)} that is there` };
  }
  return undefined;
}

function illegalStep({ lifecycle, singular }: Resource, from: unknown, to: unknown): string | undefined {
  if (!lifecycle || from === to) return undefined;
  const next = lifecycle.next[String(from)] ?? [];
  if (next.includes(String(to))) return undefined;
  const may = next.length > 0 ? `It can become ${next.join(" or ")}.` : "It has ended.";
  return `This ${singular} is ${from} and cannot become ${to ?? "without a status"}. ${may}`;
}

/** Rows of the kind that the person may see: of no project, of one without members, or of one that names the person. */
function seen(kysely: Kysely<Schema>, resource: Resource, sight: Sight): SelectQueryBuilder<Schema, "records", RecordRow> {
  return seenOf(kysely, resource.name, sight);
}

function seenOf(kysely: Kysely<Schema>, kind: string, sight: Sight): SelectQueryBuilder<Schema, "records", RecordRow> {
  const all = kysely.selectFrom("records").selectAll("records").where("records.kind", "=", kind);
  if (sight === "all") return all;
  if ("only" in sight) return all.where("records.project_id", "=", sight.only);
  const members = (named: readonly string[] | undefined) => {
    const rows = kysely
      .selectFrom("record_members")
      .select("record_id")
      .whereRef("record_id", "=", "records.project_id" as never);
    return named ? rows.where("member", "in", [...named]) : rows;
  };
  return all.where((eb) =>
    eb.or([
      eb("records.project_id", "is", null),
      eb.not(eb.exists(members(undefined))),
      ...(sight.length > 0 ? [eb.exists(members(sight))] : []),
    ]),
  );
}

function filtered(
  rows: SelectQueryBuilder<Schema, "records", RecordRow>,
  query: ListQuery,
): SelectQueryBuilder<Schema, "records", RecordRow> {
  const { after, archived = "no", project, status, from, to, name } = query;
  let some = rows;
  if (archived !== "all") some = some.where("records.archived_at", archived === "yes" ? "is not" : "is", null);
  if (project !== undefined) some = some.where("records.project_id", "=", project);
  if (status !== undefined) some = some.where("records.state", "=", status);
  if (from !== undefined) some = some.where("records.at", ">=", from);
  if (to !== undefined) some = some.where("records.at", "<=", to);
  if (name !== undefined) some = some.where("records.unique_name", "=", name.toLowerCase());
  if (after)
    some = some.where((eb) =>
      eb.or([eb("records.at", "<", after.at), eb.and([eb("records.at", "=", after.at), eb("records.id", "<", after.id)])]),
    );
  return some;
}

function columnsOf(resource: Resource, id: string, data: Fields): Pick<RecordRow, "project_id" | "unique_name" | "state"> {
  const project = resource.name === "projects" ? id : data.projectId;
  return {
    project_id: typeof project === "string" ? project : null,
    unique_name: resource.unique?.(data).value.toLowerCase() ?? null,
    state: typeof data.status === "string" ? data.status : null,
  };
}

/** The owner sees it too, where not everyone does. */
async function keepMembers(trx: Transaction<Schema>, resource: Resource, id: string, { members, owner }: Fields): Promise<void> {
  if (resource.name !== "projects") return;
  await trx.deleteFrom("record_members").where("record_id", "=", id).execute();
  const named = Array.isArray(members) ? members.filter((member) => typeof member === "string") : [];
  if (named.length === 0) return;
  const all = new Set([...named, ...(typeof owner === "string" ? [owner] : [])].map((name) => name.toLowerCase()));
  await trx
    .insertInto("record_members")
    .values([...all].map((member) => ({ record_id: id, member })))
    .execute();
}

async function note(trx: Transaction<Schema>, { resource, by, now }: Work, verb: string, id: string, detail: Fields): Promise<void> {
  if (resource.quiet) return;
  await appendAudit(trx, { actor: by.id, action: `${verb} ${resource.singular}`, target: id, detail }, now);
}

function differences(before: Fields, after: Fields): Record<string, { from: unknown; to: unknown }> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, { from: before[name] ?? null, to: after[name] ?? null }]));
}

function recordOf(resource: Resource, row: RecordRow): StoredRecord {
  const data = JSON.parse(row.data) as Fields;
  return {
    id: row.id,
    data,
    derived: resource.derive?.(data) ?? {},
    version: row.version,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    archivedAt: row.archived_at === null ? null : new Date(row.archived_at),
  };
}

/** Of what has an id of its own outside. */
export function recordIdOf(kind: string, externalId: string): string {
  return idOf(kind, "", externalId);
}

/** The same for the same parts, in the form of other ids. */
function idOf(...parts: readonly string[]): string {
  const hex = sha256(JSON.stringify(parts));
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
