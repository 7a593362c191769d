import type { Table } from "../../core/table.ts";

/** A column of a table as a model may use it. */
export type Column = NumberColumn | CategoryColumn;

export interface NumberColumn {
  kind: "number";
  name: string;
  /** NaN where missing. */
  values: Float64Array;
  /** Days since 1970, where the cells are dates. */
  date?: true;
}

export interface CategoryColumn {
  kind: "category";
  name: string;
  values: readonly (string | null)[];
  /** The values are the letters before the number of keys such as "WEB-12" in this column. */
  prefixOf?: string;
}

export interface ColumnChoice {
  columns: Column[];
  /** Columns no model should learn from, and why, in words that follow the name. */
  ignored: { name: string; why: string }[];
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const KEY = /^([A-Za-z][A-Za-z0-9_]*)[-_/#:]\d+$/;
const ID_NAME = /(?:^|[\s_.-])(?:ids?|keys?|uuid|guid|number|no|nr|code|hash)$|Id$|ID$|Key$|Number$/i;
const BLANK = /^(?:n\/?a|nan|null|none|-|[+-]?inf(?:inity)?)?$/i;
const DAY_MS = 86_400_000;
/** Share of cells that must be numbers for a column of numbers; the few others count as missing. */
const NUMERIC_SHARE = 0.98;

/**
 * Numbers stay numbers, ISO dates become days, other text becomes categories. Left out: columns with one value, and identifiers (text
 * that hardly repeats; whole numbers, all different, that count or are called "id"). Of keys such as "WEB-12" the letters are kept.
 */
export function chooseColumns(table: Table, label: string, id: string | undefined): ColumnChoice {
  const columns: Column[] = [];
  const ignored: ColumnChoice["ignored"] = [];
  for (const name of table.columns) {
    if (name === label) continue;
    const column = readColumn(table, name);
    const why = name === id ? "" : unfit(column);
    if (why === undefined) columns.push(column);
    else {
      const prefix = column.kind === "category" ? prefixColumn(column) : undefined;
      if (prefix) columns.push(prefix);
      if (why) ignored.push({ name, why: prefix ? `${why}; only the part before the number is used` : why });
    }
  }
  return { columns, ignored };
}

/** The same column of another table, read as it was here. Throws UserError when the table lacks it. */
export function readLike(table: Table, like: Column): Column {
  if (like.kind === "category" && like.prefixOf !== undefined) return { ...like, values: clean(table.column(like.prefixOf)).map(prefixOf) };
  const cells = clean(table.column(like.name));
  if (like.kind === "category") return { ...like, values: cells };
  return { ...like, values: Float64Array.from(cells, like.date ? dayOf : numberOf) };
}

/** The column a plan was made from, in the table. */
export function sourceOf(column: Column): string {
  return column.kind === "category" ? (column.prefixOf ?? column.name) : column.name;
}

function readColumn(table: Table, name: string): Column {
  const cells = clean(table.column(name));
  const present = cells.filter((cell) => cell !== null);
  const share = (read: (cell: string) => number) => present.filter((cell) => Number.isFinite(read(cell))).length / present.length;
  if (share(numberOf) >= NUMERIC_SHARE) return { kind: "number", name, values: Float64Array.from(cells, numberOf) };
  if (share(dayOf) >= NUMERIC_SHARE) return { kind: "number", name, values: Float64Array.from(cells, dayOf), date: true };
  return { kind: "category", name, values: cells };
}

/** Trimmed; null for what is blank or says that it is. */
function clean(cells: readonly (string | null)[]): (string | null)[] {
  return cells.map((cell) => {
    const text = cell?.trim() ?? "";
    return BLANK.test(text) ? null : text;
  });
}

function numberOf(cell: string | null): number {
  const value = cell === null ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Days since 1970; NaN for what is no ISO date. A time without a zone is read as UTC. */
export function dayOf(cell: string | null): number {
  if (cell === null || !DATE.test(cell)) return Number.NaN;
  const [, day = "", time = "", zone = ""] = /^([\d-]{10})(?:[T ]([\d:.]+)(.*))?$/.exec(cell) ?? [];
  if (time === "") return Date.parse(day) / DAY_MS;
  const offset = zone.length === 3 ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  return Date.parse(`${day}T${time}${offset || "Z"}`) / DAY_MS;
}

function unfit(column: Column): string | undefined {
  const present = column.kind === "number" ? [...column.values].filter(Number.isFinite) : column.values.filter((v) => v !== null);
  const distinct = new Set<string | number>(present).size;
  if (distinct === 0) return "is empty";
  if (distinct === 1 && present.length === column.values.length) return "has one value";
  if (column.kind === "category")
    return distinct > 20 && distinct > 0.5 * present.length ? "hardly repeats a value, as identifiers do" : undefined;
  const whole = column.values.every((v) => Number.isNaN(v) || Number.isInteger(v));
  if (column.date || !whole || present.length < 20 || distinct < present.length) return undefined;
  const counts = column.values.every((v, i) => i === 0 || Math.abs(v - (column.values[i - 1] ?? 0)) === 1);
  return counts || ID_NAME.test(column.name) ? "tells rows apart, as identifiers do" : undefined;
}

function prefixColumn(column: CategoryColumn): CategoryColumn | undefined {
  const values = column.values.map(prefixOf);
  const present = values.filter((v) => v !== null);
  const distinct = new Set(present).size;
  const fits = present.length > 0.9 * values.length && distinct > 1 && distinct < 0.2 * values.length;
  return fits ? { kind: "category", name: `${column.name} prefix`, values, prefixOf: column.name } : undefined;
}

function prefixOf(cell: string | null): string | null {
  return (cell !== null && KEY.exec(cell)?.[1]) || null;
}
