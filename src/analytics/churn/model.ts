import { auc } from "./auc.ts";
import { type BinPlan, binColumns, planBins } from "./bins.ts";
import { type BoostedTrees, boostedLogOdds, fitBoostedTrees } from "./boosted-trees.ts";
import { brierScore, type CalibrationBin, calibrationBins, calibrationError } from "./calibration.ts";
import type { Column } from "./columns.ts";
import { type Design, designMatrix, fitDesign } from "./design.ts";
import { type Fold, forwardFolds, stratifiedFolds } from "./folds.ts";
import { fitLogistic, type Logistic, logOdds, type Matrix, sigmoid } from "./logistic.ts";
import { fitNonNegativeLogistic } from "./nonnegative-logistic.ts";
import { seededRandom } from "./seeded-random.ts";
import { columnStrength } from "./strength.ts";

/** Two models of one outcome, and how they are blended into a calibrated probability. */
export interface OutcomeModel {
  design: Design;
  logistic: Logistic;
  bins: readonly BinPlan[];
  trees: BoostedTrees;
  /** Weights of the two log odds. */
  blend: Logistic;
  quality: Quality;
  /** Probability of each row learnt from by a model that did not see it, by position in the table. */
  heldOut: ReadonlyMap<number, number>;
}

/** How good the probabilities are on rows their model did not see. */
export interface Quality {
  /** Mean over the folds. */
  auc: number;
  /** Expected calibration error over ten bins. */
  ece: number;
  brier: number;
  bins: readonly CalibrationBin[];
  folds: number;
  /** How the folds were made. */
  how: "stratified" | "forward";
  /** Rows learnt from, and those of them with the outcome. */
  rows: number;
  positives: number;
}

export interface TrainingOptions {
  /** Of each row; then quality is measured forward in time, which is what a user of the model will meet. */
  times?: Float64Array;
}

/** Below this neither the five folds nor a calibration mean anything. */
export const LEAST_ROWS = 100;
export const LEAST_OF_EACH = 20;
/** More rows are sampled: a few hundred parameters learn nothing from the rest. */
export const MOST_ROWS = 20_000;

const FOLDS = 5;
const RIDGE = 5;
const PRODUCT_RIDGE = 2;
const STRONGEST = 2;
const ROWS_PER_HINGE = 200;
const MOST_HINGES = 9;
const BOOSTING = { trees: 250, depth: 3, rate: 0.05, lambda: 10, leastWeight: 3, rowShare: 0.6, columnShare: 0.5, seed: 1 };

/**
 * A ridge logistic regression with hinges and products, and boosted trees, blended by a logistic regression with weights that are not
 * negative on out-of-fold log odds (stacking, Wolpert 1992; Platt 1999 for its calibration).
 * Assumes that rows are independent and that those to be scored come from where these did. Needs LEAST_ROWS rows and LEAST_OF_EACH of
 * each label; throws RangeError below. `labels` are 0 or 1 for the rows used. Same input, same model.
 */
export function trainOutcomeModel(
  columns: readonly Column[],
  rows: Uint32Array,
  labels: ArrayLike<number>,
  options: TrainingOptions = {},
): OutcomeModel {
  const steps = trainingSteps(columns, rows, labels, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Training in steps of some tenths of a second, so that a server can do other things in between. Yields the share done. */
export function* trainingSteps(
  columns: readonly Column[],
  rows: Uint32Array,
  labels: ArrayLike<number>,
  options: TrainingOptions = {},
): Generator<number, OutcomeModel> {
  const used = sampleRows(rows);
  const y = Float64Array.from(used, (i) => labels[i] ?? 0);
  const positives = y.reduce((sum, v) => sum + v, 0);
  if (used.length < LEAST_ROWS || positives < LEAST_OF_EACH || used.length - positives < LEAST_OF_EACH)
    throw new RangeError("trainOutcomeModel: too few rows of one label");
  const { folds, how } = chooseFolds(used, y, options.times);
  const total = 2 * (folds.length + 1);
  let done = 0;
  const odds: Matrix[] = [];
  for (const fold of folds) {
    const [train, trainY] = [at(used, fold.train), at(y, fold.train)];
    const linear = fitLinear(columns, train, trainY);
    yield ++done / total;
    odds.push(partOdds({ ...linear, ...fitTrees(columns, train, trainY) }, columns, at(used, fold.test)));
    yield ++done / total;
  }
  const linear = fitLinear(columns, used, y);
  yield ++done / total;
  const parts: Parts = { ...linear, ...fitTrees(columns, used, y) };
  const { said, ...quality } = measure(odds, folds, y);
  const heldOut = new Map([...said].map(([k, probability]) => [used[k] ?? 0, probability]));
  return { ...parts, blend: fitBlend(odds, folds, y), heldOut, quality: { ...quality, how, rows: used.length, positives } };
}

/** Probability of the outcome for each of the rows. */
export function outcomeProbabilities(model: OutcomeModel, columns: readonly Column[], rows: Uint32Array): Float64Array {
  return logOdds(model.blend, partOdds(model, columns, rows)).map(sigmoid);
}

type Parts = Pick<OutcomeModel, "design" | "logistic" | "bins" | "trees">;

function fitLinear(columns: readonly Column[], rows: Uint32Array, y: Float64Array): Pick<Parts, "design" | "logistic"> {
  const strengths = Float64Array.from(columns, (column) => columnStrength(column, rows, y).auc);
  const hinges = Math.min(MOST_HINGES, Math.floor(rows.length / ROWS_PER_HINGE));
  const design = fitDesign(columns, rows, strengths, { hinges, strongest: STRONGEST });
  const penalties = Float64Array.from(design.sources, (source) => (source.length > 1 ? PRODUCT_RIDGE : 1));
  return { design, logistic: fitLogistic(designMatrix(design, columns, rows), y, { lambda: RIDGE, penalties }) };
}

function fitTrees(columns: readonly Column[], rows: Uint32Array, y: Float64Array): Pick<Parts, "bins" | "trees"> {
  const bins = planBins(columns, rows, y);
  return { bins, trees: fitBoostedTrees(binColumns(bins, columns, rows), y, BOOSTING) };
}

/** Log odds of both models, side by side. */
function partOdds({ design, logistic, bins, trees }: Parts, columns: readonly Column[], rows: Uint32Array): Matrix {
  const linear = logOdds(logistic, designMatrix(design, columns, rows));
  const boosted = boostedLogOdds(trees, binColumns(bins, columns, rows));
  const values = new Float64Array(2 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    values[2 * i] = linear[i] ?? 0;
    values[2 * i + 1] = boosted[i] ?? 0;
  }
  return { rows: rows.length, columns: 2, values };
}

function fitBlend(odds: readonly Matrix[], folds: readonly Fold[], y: Float64Array, without = -1): Logistic {
  const kept = odds.filter((_, k) => k !== without);
  const labels = folds.flatMap(({ test }, k) => (k === without ? [] : [...at(y, test)]));
  const values = Float64Array.from(kept.flatMap((part) => [...part.values]));
  return fitNonNegativeLogistic({ rows: labels.length, columns: 2, values }, labels, { lambda: 5, target: 0.5 });
}

/** The blend of each fold is fitted on the other folds, so that no row helps to judge itself. */
function measure(odds: readonly Matrix[], folds: readonly Fold[], y: Float64Array) {
  const said = new Map<number, number>();
  let sum = 0;
  for (const [k, { test }] of folds.entries()) {
    const part = odds[k];
    if (!part) continue;
    const probabilities = logOdds(fitBlend(odds, folds, y, k), part).map(sigmoid);
    sum += auc(at(y, test), probabilities);
    for (const [row, i] of test.entries()) said.set(i, probabilities[row] ?? 0);
  }
  const truth = Float64Array.from(said.keys(), (i) => y[i] ?? 0);
  const probabilities = Float64Array.from(said.values());
  const bins = calibrationBins(truth, probabilities);
  return { said, auc: sum / folds.length, ece: calibrationError(bins), brier: brierScore(truth, probabilities), bins, folds: folds.length };
}

function chooseFolds(rows: Uint32Array, y: Float64Array, times: Float64Array | undefined): { folds: Fold[]; how: Quality["how"] } {
  if (times) {
    const folds = forwardFolds(
      Float64Array.from(rows, (i) => times[i] ?? 0),
      FOLDS,
    );
    const hasBoth = (part: Uint32Array) => {
      const sum = at(y, part).reduce((a, b) => a + b, 0);
      return sum >= 2 && sum <= part.length - 2;
    };
    if (folds.every(({ train, test }) => hasBoth(train) && hasBoth(test))) return { folds, how: "forward" };
  }
  return { folds: stratifiedFolds(y, FOLDS), how: "stratified" };
}

/** All rows, or MOST_ROWS of them by chance; the same on every run. */
export function sampleRows(rows: Uint32Array): Uint32Array {
  if (rows.length <= MOST_ROWS) return rows;
  const random = seededRandom(1);
  const share = MOST_ROWS / rows.length;
  return rows.filter(() => random() < share);
}

function at(values: Uint32Array, positions: Uint32Array): Uint32Array;
function at(values: Float64Array, positions: Uint32Array): Float64Array;
function at(values: Uint32Array | Float64Array, positions: Uint32Array): Uint32Array | Float64Array {
  return values instanceof Uint32Array
    ? Uint32Array.from(positions, (i) => values[i] ?? 0)
    : Float64Array.from(positions, (i) => values[i] ?? 0);
}
