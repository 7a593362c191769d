import { auc } from "../churn/auc.ts";
import type { Column } from "../churn/columns.ts";
import { stratifiedFolds } from "../churn/folds.ts";
import { fitNonNegativeLogistic } from "../churn/nonnegative-logistic.ts";
import { type HealthInput, inputValue, learntInput } from "./inputs.ts";
import { BANDS, type Band, bandOf, type Health, healthScore } from "./score.ts";

/** What health is read from, how much each counts, and how well it told the outcome where one is known. */
export interface HealthModel {
  /** Positions of the columns and what is made of them. */
  inputs: readonly { column: number; input: HealthInput }[];
  /** Sum 1. */
  weights: Float64Array;
  averages: Float64Array;
  quality?: HealthQuality;
}

export interface HealthQuality {
  /** Chance that a kept account scores above a lost one; mean over folds, on accounts the weights did not see. */
  auc: number;
  /** Lost accounts per band, of the same held-out scores. */
  bands: readonly { band: Band; n: number; lost: number }[];
  rows: number;
  lost: number;
}

const FOLDS = 5;
const RIDGE = 2;

/** Equal weights: nothing is known of what matters. */
export function equalHealth(inputs: HealthModel["inputs"], columns: readonly Column[], rows: Uint32Array): HealthModel {
  const weights = new Float64Array(inputs.length).fill(1 / Math.max(1, inputs.length));
  return { inputs, weights, averages: averagesOf(inputs, columns, rows) };
}

/**
 * Inputs and weights from outcomes: each input monotone, the weights those of a logistic regression that may not be negative, so a
 * better input never lowers the score. Quality is measured on five folds that neither saw. `kept` is 1 or 0 for each of `rows`.
 * Smallest sample as for churn: 100 rows, 20 of each outcome (the caller refuses below).
 */
export function learnHealth(columns: readonly Column[], rows: Uint32Array, kept: Float64Array): HealthModel {
  const scores = new Float64Array(rows.length);
  let sum = 0;
  for (const { train, test } of stratifiedFolds(kept, FOLDS)) {
    const model = fitHealth(
      columns,
      train.map((k) => rows[k] ?? 0),
      Float64Array.from(train, (k) => kept[k] ?? 0),
    );
    for (const k of test) scores[k] = healthOf(model, columns, rows[k] ?? 0).score;
    sum += auc(
      Array.from(test, (k) => kept[k] ?? 0),
      Array.from(test, (k) => known(scores[k] ?? 0)),
    );
  }
  const bands = BANDS.map(({ band }) => {
    const own = [...rows.keys()].filter((k) => bandOf(known(scores[k] ?? 0)) === band);
    return { band, n: own.length, lost: own.filter((k) => kept[k] === 0).length };
  });
  return {
    ...fitHealth(columns, rows, kept),
    quality: { auc: sum / FOLDS, bands, rows: rows.length, lost: kept.filter((v) => v === 0).length },
  };
}

export function healthOf({ inputs, weights, averages }: HealthModel, columns: readonly Column[], row: number): Health {
  const values = Float64Array.from(inputs, ({ column, input }) => {
    const own = columns[column];
    return own ? inputValue(input, own, row) : Number.NaN;
  });
  return healthScore(values, weights, averages);
}

function fitHealth(columns: readonly Column[], rows: Uint32Array, kept: Float64Array): HealthModel {
  const inputs = columns.flatMap((own, column) => {
    const input = learntInput(own, rows, kept);
    return input ? [{ column, input }] : [];
  });
  const averages = averagesOf(inputs, columns, rows);
  const p = inputs.length;
  const values = new Float64Array(rows.length * p);
  for (const [k, row] of rows.entries())
    for (const [j, { column, input }] of inputs.entries()) {
      const own = columns[column];
      const value = own ? inputValue(input, own, row) : Number.NaN;
      // A missing input says nothing: it stands at the average.
      values[k * p + j] = (Number.isNaN(value) ? (averages[j] ?? 0) : value) - (averages[j] ?? 0);
    }
  const { weights } = fitNonNegativeLogistic({ rows: rows.length, columns: p, values }, kept, { lambda: RIDGE });
  const total = weights.reduce((a, b) => a + b, 0);
  return { inputs, weights: total > 0 ? weights.map((w) => w / total) : weights.fill(1 / p), averages };
}

function averagesOf(inputs: HealthModel["inputs"], columns: readonly Column[], rows: Uint32Array): Float64Array {
  return Float64Array.from(inputs, ({ column, input }) => {
    const own = columns[column];
    let [sum, n] = [0, 0];
    if (own)
      for (const row of rows) {
        const value = inputValue(input, own, row);
        if (Number.isNaN(value)) continue;
        sum += value;
        n += 1;
      }
    return n === 0 ? 0.5 : sum / n;
  });
}

/** An account of which nothing is known stands in the middle when it must be ranked. */
function known(score: number): number {
  return Number.isNaN(score) ? 0.5 : score;
}
