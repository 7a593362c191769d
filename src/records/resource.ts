import { z } from "zod";

/** A kind of record: its fields, and what is particular about it. Store, routes and the OpenAPI document come from this. */
export interface Resource<Fields extends z.ZodObject = z.ZodObject> {
  /** Plural, as in the path: "projects". */
  readonly name: string;
  /** "project" */
  readonly singular: string;
  /** What a caller may set; optional ones may be cleared with null later. No defaults: what is not known is absent. */
  readonly fields: Fields;
  /** Fields that come with an answer and are worked out. */
  readonly derived?: z.ZodObject;
  /** Changes are not in the audit log: machines send many. */
  readonly quiet?: true;
  /** What must be unique among those that are not archived, and the field it is. */
  unique?(data: z.output<Fields>): { field: string; value: string };
  /** The caller's own name of the thing: sent again, it is the same record, changed. */
  externalId?(data: z.output<Fields>): string | undefined;
  /** The instant lists are ordered by; creation when absent. ISO-8601 UTC. */
  at?(data: z.output<Fields>): string | undefined;
  readonly lifecycle?: Lifecycle;
  /** Fills what follows from a change of status, such as times. `before` is null at creation. */
  settle?(data: z.output<Fields>, before: z.output<Fields> | null, now: Date): z.output<Fields>;
  derive?(data: z.output<Fields>): Readonly<Record<string, unknown>>;
}

/** The field `status` and which one may follow which. */
export interface Lifecycle {
  readonly initial: string;
  readonly next: Readonly<Record<string, readonly string[]>>;
}

/** Identity, for the inference of `fields` in the functions. */
export function defineResource<Fields extends z.ZodObject>(resource: Resource<Fields>): Resource<Fields> {
  return resource;
}

/** A record as it is given out: its fields between `id` and the rest. */
export interface StoredRecord<Data = Readonly<Record<string, unknown>>> {
  id: string;
  data: Data;
  derived: Readonly<Record<string, unknown>>;
  /** Counts up with every change, from 1. */
  version: number;
  createdAt: Date;
  createdBy: string;
  updatedAt: Date;
  archivedAt: Date | null;
}

const instant = z.iso.datetime();

/** Shape of a record in an answer. */
export function shownSchema({ fields, derived }: Resource): z.ZodObject {
  return z.object({
    id: z.string(),
    ...fields.shape,
    ...(derived?.shape ?? {}),
    version: z.int().min(1),
    createdAt: instant,
    createdBy: z.string(),
    updatedAt: instant,
    archivedAt: instant.nullable(),
  });
}

/** What PATCH takes: every field may be left out, and null clears one that need not be there. */
export function patchSchema({ fields }: Resource): z.ZodObject {
  const shape = Object.entries(fields.shape as Record<string, z.ZodType>).map(([name, type]) => [
    name,
    (type instanceof z.ZodOptional ? z.nullable(type.unwrap() as z.ZodType) : type).optional().describe(type.description ?? ""),
  ]);
  return z.strictObject(Object.fromEntries(shape) as Record<string, z.ZodType>);
}

export function show({ id, data, derived, version, createdAt, createdBy, updatedAt, archivedAt }: StoredRecord): Record<string, unknown> {
  return { id, ...data, ...derived, version, createdAt, createdBy, updatedAt, archivedAt };
}
