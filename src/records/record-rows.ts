import { createHash } from "node:crypto";
import type { Kysely, SelectQueryBuilder } from "kysely";
import type { RecordRow, Schema } from "../storage/schema.ts";
import type { Fields, ListQuery, Sight, Step } from "./record-store.ts";
import type { Resource, StoredRecord } from "./resource.ts";

/** Rows of records: which a person sees, which of them are meant, and what they are as a record. */

/** Rows of the kind that the person may see: of no project, of one without members, or of one that names the person. */
export function seen(kysely: Kysely<Schema>, resource: Resource, sight: Sight): SelectQueryBuilder<Schema, "records", RecordRow> {
  return seenOf(kysely, resource.name, sight);
}

export function seenOf(kysely: Kysely<Schema>, kind: string, sight: Sight): SelectQueryBuilder<Schema, "records", RecordRow> {
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

export function filtered(
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

const LOOKED_AT_ONCE = 50;

/** The first in the queue; with `only` the first whose field has the value. */
export async function oldest(
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

export function recordOf(resource: Resource, row: RecordRow): StoredRecord {
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
export function idOf(...parts: readonly string[]): string {
  const hex = sha256(JSON.stringify(parts));
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
