import { z } from "zod";

/** ExportTraceServiceRequest in its JSON form (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"); fields that are not used are passed over. */

const nano = z.union([z.string().regex(/^\d{1,20}$/), z.int().min(0)]).transform(BigInt);
const attributes = z.array(z.object({ key: z.string(), value: z.unknown() })).nullish();

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().nullish(),
  name: z.string().nullish(),
  startTimeUnixNano: nano.nullish(),
  endTimeUnixNano: nano.nullish(),
  attributes,
  events: z.array(z.object({ name: z.string().nullish(), attributes })).nullish(),
  status: z.object({ message: z.string().nullish(), code: z.union([z.int(), z.string()]).nullish() }).nullish(),
});

export const traceRequestSchema = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).nullish(),
        scopeSpans: z
          .array(z.object({ scope: z.object({ name: z.string().nullish() }).nullish(), spans: z.array(spanSchema).nullish() }))
          .nullish(),
      }),
    )
    .nullish(),
});

export type OtlpSpan = z.output<typeof spanSchema>;
export type TraceRequest = z.output<typeof traceRequestSchema>;
export type Attributes = ReadonlyMap<string, unknown>;

const DEEPEST = 8;

/** Key → plain value. The last of two with one key counts. */
export function attributesOf(list: z.output<typeof attributes>, depth = 0): Attributes {
  return new Map((list ?? []).map(({ key, value }) => [key, plain(value, depth)]));
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return null;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value as Record<string, unknown>;
  if (intValue !== undefined) return wholeNumber(intValue);
  if (arrayValue !== undefined || kvlistValue !== undefined) return depth < DEEPEST ? nested(arrayValue, kvlistValue, depth) : "[deep]";
  return stringValue ?? boolValue ?? doubleValue ?? bytesValue ?? null;
}

/** A number where it is exact, else its text. */
function wholeNumber(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function nested(array: unknown, pairs: unknown, depth: number): unknown {
  const values = ((array ?? pairs) as { values?: unknown } | null)?.values;
  if (!Array.isArray(values)) return array === undefined ? {} : [];
  if (array !== undefined) return values.map((item) => plain(item, depth + 1));
  const known = values.filter((item) => typeof (item as { key?: unknown } | null)?.key === "string") as { key: string; value: unknown }[];
  return Object.fromEntries(known.map(({ key, value }) => [key, plain(value, depth + 1)]));
}
