import { z } from "zod";
import { toCsv } from "../../core/csv.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import { askerOf, sightOf } from "../../identity/sight.ts";
import { projects } from "../../records/projects.ts";
import type { Outcome, Records } from "../../records/record-store.ts";
import { patchSchema, type Resource, type StoredRecord, show, shownSchema } from "../../records/resource.ts";
import { validate } from "../validate.ts";
import { ifMatch, ifNoneMatch, readList, tagOf, userOf, wantsCsv } from "./record-request.ts";

/** Where one kind of record answers; `alias` is the kind's other name in the path. */
export interface RecordRoutesOptions {
  records: Records;
  resource: Resource;
  /** Another name of the kind in the path. */
  alias?: string;
}

/** Create, list, read, change, archive and restore, the same for every kind. Reading takes a viewer, changing an analyst. */
export function recordRoutes({ records, resource, alias }: RecordRoutesOptions): Route[] {
  const { name, singular } = resource;
  const base = `/api/v1/${alias ?? name}`;
  const docs = (summary: string, path: string) => ({
    summary,
    tag: alias ?? name,
    ...(alias ? { aliasOf: `/api/v1/${name}${path}` } : {}),
  });
  const shown = z.toJSONSchema(shownSchema(resource), { io: "output", unrepresentable: "any" });
  const patch = patchSchema(resource);
  const input = (schema: z.ZodObject) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const one = { keyed: true, projectKeys: true, path: `${base}/{id}` } as const;
  const idOf = (request: HttpRequest) => request.params.id ?? "";
  const answered = (outcome: Outcome, status = 200) => respond(outcome, resource, status, base);
  const archiving = (verb: "archive" | "restore"): Route => ({
    ...{ method: "POST", path: `${base}/{id}/${verb}`, access: "analyst", keyed: true, projectKeys: true },
    docs: { ...docs(`${verb === "archive" ? "Archive" : "Restore"} one`, `/{id}/${verb}`), response: shown },
    handle: async (request) => answered(await records.setArchived(resource, idOf(request), verb === "archive", askerOf(userOf(request)))),
  });
  return [
    {
      ...{ method: "GET", path: base, access: "viewer", keyed: true, projectKeys: true },
      docs: {
        ...docs(`The ${name}, newest first`, ""),
        query: LIST_QUERY,
        meta: { nextCursor: { type: "string", description: "`cursor` of the next page; absent on the last." } },
        response: { type: "array", items: shown },
        otherTypes: ["text/csv"],
      },
      async handle(request) {
        const query = readList(request.query);
        const { records: page, next } = await records.list(resource, query, sightOf(userOf(request)));
        if (wantsCsv(request)) return csvOf(resource, page, next);
        return { status: 200, data: page.map(show), meta: next ? { nextCursor: next } : {} };
      },
    },
    {
      ...{ method: "POST", path: base, access: "analyst", keyed: true },
      // Another project is none that a key of one could see.
      ...(name === projects.name ? {} : { projectKeys: true }),
      docs: {
        ...docs(`Create ${articleOf(singular)}`, ""),
        headers: REPEATABLE,
        body: input(resource.fields),
        response: shown,
        status: 201,
      },
      async handle(request) {
        const key = keyOf(request);
        const data = validate(resource.fields, request.json());
        return answered(await records.create(resource, data, askerOf(userOf(request)), key), 201);
      },
    },
    {
      ...{ ...one, method: "GET", access: "viewer" },
      docs: { ...docs(`One ${singular}`, "/{id}"), headers: IF_NONE_MATCH, response: shown },
      async handle(request) {
        const found = await records.get(resource, idOf(request), sightOf(userOf(request)));
        if (!found) throw missing(resource);
        const headers = { etag: tagOf(found) };
        if (ifNoneMatch(request, found)) return { status: 304, headers, raw: "" };
        return { status: 200, headers, data: show(found) };
      },
    },
    {
      ...{ ...one, method: "PATCH", access: "analyst" },
      docs: { ...docs(`Change ${articleOf(singular)}`, "/{id}"), headers: IF_MATCH, body: input(patch), response: shown },
      async handle(request) {
        const changes = validate(patch, request.json());
        const apply = (data: Readonly<Record<string, unknown>>) => validate(resource.fields, merged(data, changes));
        const change = { action: "update", version: ifMatch(request), apply };
        return answered(await records.change(resource, idOf(request), change, askerOf(userOf(request))));
      },
    },
    archiving("archive"),
    archiving("restore"),
  ];
}

const REPEATABLE = {
  "Idempotency-Key": { type: "string", minLength: 1, maxLength: 200, description: "Sent again with the same body, it is the same record." },
};
const IF_NONE_MATCH = { "If-None-Match": { type: "string", description: "ETag as it was read: answers 304 while nothing has changed." } };
const IF_MATCH = { "If-Match": { type: "string", description: "ETag as it was read: answers 412 when somebody was faster." } };

const LIST_QUERY = {
  limit: { type: "integer", minimum: 1, maximum: 200, description: "Most to give; 50 without it." },
  cursor: { type: "string", description: "`meta.nextCursor` of the page before." },
  archived: { enum: ["false", "true", "all"], description: "false without it: only those that are not archived." },
  project: { type: "string", description: "Only those of the project with this id." },
  status: { type: "string" },
  name: { type: "string", description: "Only the one of this name, where names are unique." },
  from: { type: "string", format: "date-time", description: "Only those at or after this instant." },
  to: { type: "string", format: "date-time", description: "Only those at or before this instant." },
};

/** The record, or the problem that what became of a request is. */
export function respond(outcome: Outcome, resource: Resource, status: number, base = `/api/v1/${resource.name}`): HttpResponse {
  switch (outcome.state) {
    case "done":
    case "repeated": {
      const { record, state } = outcome;
      const created = status === 201 ? { location: `${base}/${record.id}` } : {};
      const repeated: Record<string, string> = state === "repeated" ? { "idempotency-replayed": "true" } : {};
      return { status, headers: { etag: tagOf(record), ...created, ...repeated }, data: show(record) };
    }
    case "missing":
      throw missing(resource);
    case "stale":
      throw new HttpError(
        412,
        `This ${resource.singular} was changed since you read it. Read it again (its ETag is now "${outcome.version}").`,
      );
    case "conflict":
      throw new HttpError(409, outcome.message, { errors: outcome.path ? [faultOf(outcome)] : [] });
    case "wrong":
      throw new HttpError(422, `${outcome.path} ${outcome.message}.`, { errors: [faultOf(outcome)] });
  }
}

function faultOf({ path, message }: { path: string; message: string }): { path: string; message: string } {
  return { path, message };
}

export function missing({ singular, name }: Resource): HttpError {
  return new HttpError(404, `There is no ${singular} of this id that you may see. GET /api/v1/${name} lists them.`);
}

/** null clears a field. */
function merged(data: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...data, ...changes }).filter(([, value]) => value !== null && value !== undefined));
}

const LONGEST_KEY = 200;

function keyOf({ headers }: HttpRequest): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && key.trim() !== "" && key.length <= LONGEST_KEY) return key;
  const message = `must have 1 to ${LONGEST_KEY} characters`;
  throw new HttpError(400, `The header Idempotency-Key ${message}.`, { errors: [{ path: "Idempotency-Key", message }] });
}

function csvOf(resource: Resource, page: readonly StoredRecord[], next: string | undefined): HttpResponse {
  const columns = Object.keys(shownSchema(resource).shape);
  const rows = page.map((record) => {
    const shown = show(record);
    return Object.fromEntries(columns.map((column) => [column, cellOf(shown[column])]));
  });
  const link: Record<string, string> = next ? { "next-cursor": next } : {};
  return { status: 200, headers: { "content-type": "text/csv; charset=utf-8", ...link }, raw: toCsv(columns, rows) };
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value.join("; ") : JSON.stringify(value);
}

function articleOf(singular: string): string {
  return `${/^[aeiou]/.test(singular) ? "an" : "a"} ${singular}`;
}
