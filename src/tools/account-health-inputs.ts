import { type Column, chooseColumns } from "../analytics/churn/columns.ts";
import { NO_LABEL, readLabels } from "../analytics/churn/label.ts";
import { columnsGivingAway } from "../analytics/churn/leakage.ts";
import { LEAST_OF_EACH, LEAST_ROWS } from "../analytics/churn/model.ts";
import { rankInput } from "../analytics/health/inputs.ts";
import { equalHealth, type HealthModel, learnHealth } from "../analytics/health/learn.ts";
import { wordsOf } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { outcomeColumn } from "./churn-risk-label.ts";
import { columnNamed, type FeedRows } from "./churn-risk-rows.ts";

export interface HealthQuestion {
  label?: string | undefined;
  positive?: string | undefined;
  good?: readonly string[] | undefined;
  bad?: readonly string[] | undefined;
}

/** How health is read in one table, and whom it is read for. */
export interface AccountModel {
  model: HealthModel;
  columns: readonly Column[];
  /** Rows of accounts that have not left. */
  present: Uint32Array;
  /** Weights learnt from outcomes, or equal. */
  weights: "learnt" | "equal";
  notes: string[];
}

/** Words in a column's name that say that more of it is good, or bad. */
const GOOD = new Set([
  "usage",
  "active",
  "adoption",
  "logins",
  "login",
  "sessions",
  "seats",
  "nps",
  "csat",
  "satisfaction",
  "tenure",
  "engagement",
  "growth",
  "features",
  "users",
]);
const BAD = new Set([
  "tickets",
  "incidents",
  "complaints",
  "errors",
  "outages",
  "overdue",
  "unpaid",
  "late",
  "escalations",
  "downgrades",
  "refunds",
  "inactive",
]);

/**
 * Learns inputs and weights from outcomes where the table has enough of them; else number columns count alike, in the direction named
 * by the asker or plain from their names. Throws UserError when nothing can be read.
 */
export function accountModel(rows: FeedRows, asked: HealthQuestion): AccountModel {
  const { table, id } = rows;
  const outcome = outcomeColumn(table, asked);
  const labels = outcome && readLabels(outcome.label, table.column(outcome.label), outcome.positive).values;
  const all = Uint32Array.from({ length: table.length }, (_, i) => i);
  const present = labels ? all.filter((i) => labels[i] !== 1) : all;
  const { columns } = chooseColumns(table, outcome?.label ?? "", id);
  const stated = (asked.good?.length ?? 0) + (asked.bad?.length ?? 0) > 0;
  if (outcome && labels && !stated) {
    const known = all.filter((i) => labels[i] !== NO_LABEL);
    const lost = Float64Array.from(known, (i) => (labels[i] === 1 ? 1 : 0));
    const gone = lost.reduce((a, b) => a + b, 0);
    if (known.length >= LEAST_ROWS && Math.min(gone, known.length - gone) >= LEAST_OF_EACH) {
      const told = columnsGivingAway(columns, outcome.label, known, lost);
      const used = columns.filter((column) => !told.has(column.name) && !(column.kind === "number" && column.date));
      const notes = [...told].map(([name, why]) => `“${name}” was not used: it ${why}.`);
      if (used.length > 0)
        return {
          model: learnHealth(
            used,
            known,
            lost.map((v) => 1 - v),
          ),
          columns: used,
          present,
          weights: "learnt",
          notes,
        };
    }
  }
  return { ...equalModel(rows, columns, present, asked), present, weights: "equal" };
}

function equalModel(
  { table, source }: FeedRows,
  columns: readonly Column[],
  present: Uint32Array,
  { good = [], bad = [] }: HealthQuestion,
) {
  const up = good.map((name) => columnNamed(table, name, "good"));
  const down = bad.map((name) => columnNamed(table, name, "bad"));
  const notes: string[] = [];
  const inputs = columns.flatMap((column, k) => {
    if (column.kind !== "number" || column.date) return [];
    const rising = up.includes(column.name)
      ? true
      : down.includes(column.name)
        ? false
        : up.length + down.length > 0
          ? undefined
          : directionOf(column.name);
    if (rising === undefined) return [];
    if (!up.includes(column.name) && !down.includes(column.name))
      notes.push(`More ${column.name} is taken as ${rising ? "good" : "bad"}, by its name.`);
    const values = Float64Array.from(present, (i) => column.values[i] ?? Number.NaN);
    return [{ column: k, input: rankInput(column.name, values, rising) }];
  });
  if (inputs.length === 0)
    throw new UserError(
      `“${source}” has no outcome to learn from (a column such as “churned”, with ${LEAST_ROWS} rows and ${LEAST_OF_EACH} of each kind) and no number column whose good end is plain. Name some as good or bad.`,
      { path: "good" },
    );
  notes.unshift("No outcome is known, so every input counts alike; how well the score tells who leaves is not known.");
  return { model: equalHealth(inputs, columns, present), columns, notes };
}

function directionOf(name: string): boolean | undefined {
  const words = wordsOf(name);
  if (words.some((word) => BAD.has(word))) return false;
  return words.some((word) => GOOD.has(word)) ? true : undefined;
}
