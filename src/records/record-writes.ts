import type { Transaction } from "kysely";
import type { RecordRow, Schema } from "../storage/schema.ts";
import { appendAudit, lockAudit } from "./audit.ts";
import { idOf, recordIdOf, recordOf, seen, seenOf, sha256 } from "./record-rows.ts";
import type { Asker, Change, Fields, Outcome } from "./record-store.ts";
import type { Resource } from "./resource.ts";

/** Changes of records, each in the caller's transaction with its line in the audit log. */

interface Work {
  resource: Resource;
  by: Asker;
  now: Date;
}

export async function createIn(
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

export async function changeIn(trx: Transaction<Schema>, work: Work, id: string, change: Change): Promise<Outcome> {
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

export async function archiveIn(trx: Transaction<Schema>, work: Work, id: string, archived: boolean): Promise<Outcome> {
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
