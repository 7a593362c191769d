import type { Table } from "../core/table.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

const CURRENCY = /(?:^|[_/ -])(?:billing[_ -]?)?currency(?:[_ -]?code)?$/i;

/**
 * Throws UserError where amounts of several currencies would be added up: the rows of the tables together, or those of one value of
 * `series`. A currency is what a column of that name says.
 */
export function refuseMixedCurrencies(tables: readonly Table[], series?: string): void {
  const name = tables.flatMap((table) => table.columns).find((column) => CURRENCY.test(column));
  if (name === undefined || name === series) return;
  const known = new Map<string, Set<string>>();
  for (const table of tables.filter((table) => table.columns.includes(name))) {
    const keys = series === undefined ? undefined : table.column(series);
    for (const [i, cell] of table.column(name).entries()) {
      const code = cell?.trim() ?? "";
      if (code === "") continue;
      const key = keys?.[i] ?? "";
      const codes = known.get(key) ?? new Set();
      known.set(key, codes.add(code));
    }
  }
  const mixed = [...known].find(([, codes]) => codes.size > 1);
  if (!mixed) return;
  const [key, codes] = mixed;
  throw new UserError(
    `“${name}” says ${listWords([...codes].sort(), 5)}${key === "" ? "" : ` for “${key}”`}: amounts of different currencies cannot be added up. Keep the rows of one currency.`,
  );
}
