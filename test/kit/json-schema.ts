/**
 * Checks values against the part of JSON Schema (2020-12) that our documents use, and against more: a property that is there and
 * not described is a problem too. Throws for a keyword it does not know, so nothing is passed over.
 */
export type Schema = Readonly<Record<string, unknown>>;

interface Place {
  schema: Schema;
  value: unknown;
  /** Where a `$ref` begins. */
  root: Schema;
  at: string;
}

/** The problems of `value`, each with its place. */
export function problemsOf(schema: Schema, value: unknown, root: Schema, at = "$"): string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    const check = CHECKS[keyword];
    if (!check) throw new Error(`${at}: unknown keyword ${keyword}`);
    return check(wanted, { schema, value, root, at });
  });
}

/** What a JSON pointer reference names. Throws when it names nothing. */
export function resolve(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const step of reference.replace(/^#\//, "").split("/")) found = (found as Record<string, unknown> | undefined)?.[step];
  if (!reference.startsWith("#/") || typeof found !== "object" || found === null) throw new Error(`${reference} names nothing`);
  return found as Schema;
}

type Check = (wanted: unknown, place: Place) => string[];

const saysNothing: Check = () => [];

const CHECKS: Readonly<Record<string, Check>> = {
  $schema: saysNothing,
  description: saysNothing,
  title: saysNothing,
  default: saysNothing,
  format: saysNothing,
  $ref: (wanted, { value, root, at }) => problemsOf(resolve(String(wanted), root), value, root, at),
  type: holds((value, wanted) => [wanted].flat().some((type) => isOfType(value, String(type)))),
  const: holds((value, wanted) => value === wanted),
  enum: holds((value, wanted) => (wanted as unknown[]).includes(value)),
  pattern: holds((value, wanted) => typeof value !== "string" || new RegExp(String(wanted), "u").test(value)),
  minLength: holds((value, wanted) => typeof value !== "string" || value.length >= Number(wanted)),
  maxLength: holds((value, wanted) => typeof value !== "string" || value.length <= Number(wanted)),
  minItems: holds((value, wanted) => !Array.isArray(value) || value.length >= Number(wanted)),
  maxItems: holds((value, wanted) => !Array.isArray(value) || value.length <= Number(wanted)),
  minimum: holds((value, wanted) => typeof value !== "number" || value >= Number(wanted)),
  maximum: holds((value, wanted) => typeof value !== "number" || value <= Number(wanted)),
  required: ofRecord((wanted, record, { at }) =>
    (wanted as string[]).filter((name) => !Object.hasOwn(record, name)).map((name) => `${at}: ${name} is missing`),
  ),
  properties: ofRecord((wanted, record, { schema, root, at }) =>
    Object.entries(record).flatMap(([name, inner]) => {
      const known = (wanted as Record<string, Schema>)[name];
      if (known) return problemsOf(known, inner, root, `${at}.${name}`);
      return schema.additionalProperties === undefined ? [`${at}: ${name} is not described`] : [];
    }),
  ),
  additionalProperties: ofRecord((wanted, record, { schema, root, at }) => {
    if (wanted === true) return [];
    const others = Object.keys(record).filter((name) => !Object.hasOwn((schema.properties as object | undefined) ?? {}, name));
    if (wanted === false) return others.map((name) => `${at}: ${name} is not allowed`);
    return others.flatMap((name) => problemsOf(wanted as Schema, record[name], root, `${at}.${name}`));
  }),
  propertyNames: ofRecord((wanted, record, { root, at }) =>
    Object.keys(record).flatMap((name) => problemsOf(wanted as Schema, name, root, `${at} name`)),
  ),
  items: (wanted, { value, root, at }) =>
    Array.isArray(value) ? value.flatMap((item, i) => problemsOf(wanted as Schema, item, root, `${at}[${i}]`)) : [],
  anyOf(wanted, { value, root, at }) {
    const branches = (wanted as Schema[]).map((branch) => problemsOf(branch, value, root, at));
    return branches.toSorted((a, b) => a.length - b.length)[0] ?? [];
  },
};

function holds(test: (value: unknown, wanted: unknown) => boolean): Check {
  return (wanted, { value, at, schema }) =>
    test(value, wanted) ? [] : [`${at}: ${JSON.stringify(value)?.slice(0, 80)} is against ${JSON.stringify(schema).slice(0, 120)}`];
}

function ofRecord(check: (wanted: unknown, record: Readonly<Record<string, unknown>>, place: Place) => string[]): Check {
  return (wanted, place) => {
    const { value } = place;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? check(wanted, value as Readonly<Record<string, unknown>>, place)
      : [];
  };
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
