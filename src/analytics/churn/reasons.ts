import type { Column } from "./columns.ts";
import { type Design, designMatrix } from "./design.ts";
import type { OutcomeModel } from "./model.ts";

/** What one column adds to the log odds of a row, against the average row of the training data. */
export interface Contribution {
  /** Position of the column. */
  column: number;
  logOdds: number;
}

/**
 * Σ coefficient × (value − mean) over the features of each column, for each row; a product counts half for each of its two columns.
 * The reasons are those of the logistic part, which can be taken apart exactly; the trees agree with it in kind, not in every digit.
 */
export function contributions(
  model: Pick<OutcomeModel, "design" | "logistic">,
  columns: readonly Column[],
  rows: Uint32Array,
): Contribution[][] {
  const { design, logistic } = model;
  const matrix = designMatrix(design, columns, rows);
  return Array.from(rows, (_, i) => {
    const sums = new Float64Array(design.plans.length);
    for (const [j, source] of design.sources.entries()) {
      // The matrix is standardised, so each value already has its mean taken off.
      const part = ((matrix.values[i * matrix.columns + j] ?? 0) * (logistic.weights[j] ?? 0)) / source.length;
      for (const k of source) sums[k] = (sums[k] ?? 0) + part;
    }
    return [...sums].map((logOdds, column) => ({ column, logOdds })).sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
  });
}

/** Less than this changes the odds by under a tenth. */
const WORTH_SAYING = 0.1;

/** "Contract Month-to-month raises the odds 2.1 times", the strongest first; at most `most`. */
export function reasonsOf(found: readonly Contribution[], design: Design, columns: readonly Column[], row: number, most = 3): string[] {
  return found
    .filter(({ logOdds }) => Math.abs(logOdds) >= WORTH_SAYING)
    .slice(0, most)
    .map(({ column, logOdds }) => `${valueWords(design, columns, column, row)} ${effectWords(logOdds)}`);
}

/** "raises the odds 2.1 times", "lowers the odds 3 times" */
function effectWords(logOdds: number): string {
  return `${logOdds > 0 ? "raises" : "lowers"} the odds ${Number(Math.exp(Math.min(Math.abs(logOdds), 7)).toPrecision(2))} times`;
}

function valueWords(design: Design, columns: readonly Column[], k: number, row: number): string {
  const plan = design.plans[k];
  const column = columns[k];
  if (!plan || !column) return "";
  if (column.kind === "category" || plan.kind === "category") {
    const value = column.kind === "category" ? column.values[row] : null;
    return value === null || value === undefined ? `missing ${plain(plan.name)}` : `${plain(plan.name)} ${plain(value)}`;
  }
  const value = column.values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return `missing ${plain(plan.name)}`;
  if (plan.date) return `${plain(plan.name)} ${new Date(value * 86_400_000).toISOString().slice(0, 10)}`;
  return `${plain(plan.name)} ${plainNumber(value)} (average ${plainNumber(Number(plan.mean.toPrecision(3)))})`;
}

/** Foreign words in a list parted by semicolons. */
function plain(text: string): string {
  return text.replace(/[;\r\n]+/g, ",").slice(0, 60);
}

/** "1,234", "1.25", "0.0012"; without Intl, which is too slow for a million rows. */
function plainNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2);
  if (size >= 1000) return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return String(Number(size === 0 || size >= 0.01 ? value.toFixed(2) : value.toPrecision(2)));
}
