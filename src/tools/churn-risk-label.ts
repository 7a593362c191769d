import { readLabels } from "../analytics/churn/label.ts";
import type { Table } from "../core/table.ts";
import { UserError } from "../errors.ts";
import { columnNamed } from "./churn-risk-rows.ts";

/** Names under which sources keep whether a customer left, the plainest first. */
const NAMES = [/^churn(?:ed)?$/i, /churn/i, /^(?:left|lost|cancell?ed|attrit(?:ed|ion)|exited)$/i, /^status$/i];
/** What a status is called when the customer has gone. */
const GONE = /^(?:churned|churn|left|lost|cancell?ed|ended|closed|inactive|attrited)$/i;

/** The column with the outcome and, where it is not plain, the value that means "left"; undefined when the table has none. */
export function outcomeColumn(
  table: Table,
  asked?: { label?: string | undefined; positive?: string | undefined },
): { label: string; positive?: string } | undefined {
  if (asked?.label !== undefined)
    return { label: columnNamed(table, asked.label, "label"), ...(asked.positive ? { positive: asked.positive } : {}) };
  for (const name of NAMES.flatMap((pattern) => table.columns.filter((column) => pattern.test(column)))) {
    const cells = table.column(name);
    const gone = [...new Set(cells)].find((cell) => cell !== null && GONE.test(cell.trim()));
    const found = asked?.positive ?? gone ?? undefined;
    if (readable(name, cells, found)) return { label: name, ...(found ? { positive: found } : {}) };
  }
  return undefined;
}

/** The column that is called like an outcome, though it cannot be read as one: to say why it cannot. */
export function outcomeNamed(table: Table): string | undefined {
  return table.columns.find((column) => /churn/i.test(column));
}

function readable(name: string, cells: readonly (string | null)[], positive: string | undefined): boolean {
  try {
    readLabels(name, cells, positive);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
