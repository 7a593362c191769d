import type { Grain } from "../../core/feed.ts";
import { closest, listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import { recognise } from "./recognise.ts";
import type { DatasetDescription, DatasetMeasure, RecordColumns } from "./schema.ts";

/** A dataset with every name resolved to a column that exists. */
export interface ResolvedDataset {
  time?: string;
  measures: readonly DatasetMeasure[];
  dimensions: readonly { name: string; column: string }[];
  /** The finest step of time that makes sense. */
  grain?: Grain;
  records?: RecordColumns;
}

/** Joins what people wrote with what the source has. Throws UserError that names the missing column and the near ones. */
export function resolveDataset(description: DatasetDescription, columns: readonly string[]): ResolvedDataset {
  const known = recognise(columns);
  const column = (wanted: string, what: string) => {
    const exact = columns.find((c) => c === wanted) ?? columns.find((c) => c.toLowerCase() === wanted.toLowerCase());
    if (exact) return exact;
    const near = closest(wanted, columns);
    throw new UserError(
      `The dataset “${description.name}” has no column “${wanted}” for its ${what}.${near ? ` Did you mean “${near}”?` : ""} It has ${listWords(columns, 12)}.`,
    );
  };
  const measures = description.measures?.map((m) => {
    const {
      currency,
      currency_column,
      unit: plainUnit,
      aggregate,
    } = {
      currency: undefined,
      currency_column: undefined,
      unit: undefined,
      aggregate: undefined,
      ...m,
    };
    const unitColumn = currency_column ? column(currency_column, "currency") : undefined;
    const unit = currency ?? plainUnit;
    return {
      name: m.name,
      column: column(m.column ?? m.name, `measure ${m.name}`),
      ...(unitColumn ? { unitColumn } : unit ? { unit } : {}),
      ...(aggregate ? { aggregate } : {}),
    };
  });
  const dimensions = description.dimensions?.map((d) => ({ name: d.name, column: column(d.column ?? d.name, `dimension ${d.name}`) }));
  const time = description.time === undefined ? known?.time : column(description.time, "time");
  if (!measures && !known)
    throw new UserError(
      `The dataset “${description.name}” is neither a FOCUS nor an AWS bill, so its measures must be described: \`measures: [{ name: …, column: … }]\`. Its columns are ${listWords(columns, 12)}.`,
    );
  return {
    ...(time ? { time } : {}),
    measures: measures ?? known?.measures ?? [],
    dimensions: dimensions ?? known?.dimensions ?? [],
    ...(description.grain ? { grain: description.grain } : {}),
    ...(description.records ? { records: recordColumns(description.records, column) } : {}),
  };
}

function recordColumns(
  { id, title, text, times = {} }: NonNullable<DatasetDescription["records"]>,
  column: (wanted: string, what: string) => string,
): RecordColumns {
  return {
    id: column(id, "records"),
    ...(title ? { title: column(title, "records") } : {}),
    ...(text ? { text: column(text, "records") } : {}),
    times: Object.fromEntries(Object.entries(times).map(([name, wanted]) => [name, column(wanted, `time ${name}`)])),
  };
}
