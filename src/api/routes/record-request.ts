import { HttpError, type HttpRequest } from "../../core/http.ts";
import type { User } from "../../core/message.ts";
import { readCursor } from "../../records/cursor.ts";
import type { ListQuery } from "../../records/record-store.ts";
import type { StoredRecord } from "../../records/resource.ts";

/** What requests for records say in their address and headers. */

const LIMIT = 50;
const MOST = 200;
const ARCHIVED = { false: "no", true: "yes", all: "all" } as const;

/** Throws HttpError 422 that names every wrong part, and UserError for a cursor that is none. */
export function readList(query: URLSearchParams): ListQuery {
  const errors: { path: string; message: string }[] = [];
  const text = (name: string) => query.get(name) || undefined;
  const limit = readLimit(query, errors);
  const archived = text("archived") ?? "false";
  if (!Object.hasOwn(ARCHIVED, archived)) errors.push({ path: "archived", message: "must be false, true or all" });
  const instant = (name: string) => {
    const given = text(name);
    if (given === undefined) return undefined;
    const at = /^\d{4}-\d{2}-\d{2}/.test(given) ? new Date(given) : new Date(Number.NaN);
    if (Number.isNaN(at.getTime())) errors.push({ path: name, message: "must be an instant such as 2026-11-21T09:00:00Z" });
    else return at.toISOString();
    return undefined;
  };
  const [from, to] = [instant("from"), instant("to")];
  for (const [name, value] of query) if (value.includes("\0")) errors.push({ path: name, message: "must not hold a NUL character" });
  refuse(errors);
  const cursor = text("cursor");
  return {
    limit,
    archived: ARCHIVED[archived as keyof typeof ARCHIVED],
    project: text("project"),
    status: text("status"),
    name: text("name"),
    from,
    to,
    ...(cursor ? { after: readCursor(cursor) } : {}),
  };
}

/** Whole, from 1 to 200. */
export function readLimit(query: URLSearchParams, errors: { path: string; message: string }[]): number {
  const given = query.get("limit") || String(LIMIT);
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > MOST) errors.push({ path: "limit", message: `must be a whole number from 1 to ${MOST}` });
  return limit;
}

export function refuse(errors: readonly { path: string; message: string }[]): void {
  if (errors.length === 0) return;
  throw new HttpError(422, `The request does not fit: ${errors.map(({ path, message }) => `${path} ${message}`).join("; ")}.`, { errors });
}

/** The server lets nobody in without one. */
export function userOf({ user }: HttpRequest): User {
  if (!user) throw new HttpError(401, "This needs a key.");
  return user;
}

export function wantsCsv({ headers }: HttpRequest): boolean {
  return /\btext\/csv\b/i.test(headers.accept ?? "");
}

export function tagOf({ version }: Pick<StoredRecord, "version">): string {
  return `"${version}"`;
}

/** The version the caller has read; undefined when none was named. Throws HttpError 400 for a header that is no ETag of ours. */
export function ifMatch({ headers }: HttpRequest): number | undefined {
  const given = headers["if-match"];
  if (given === undefined || given.trim() === "*") return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(given.trim())?.[1];
  if (version === undefined) throw new HttpError(400, "If-Match must be the ETag of the record as it was read, in quotes.");
  return Number(version);
}

export function ifNoneMatch({ headers }: HttpRequest, record: StoredRecord): boolean {
  const given = headers["if-none-match"];
  const tags = given?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes("*") || tags.includes(tagOf(record));
}
