import { auc } from "../analytics/churn/auc.ts";
import { calibrationBins, calibrationError } from "../analytics/churn/calibration.ts";
import { type Column, chooseColumns, readLike, sourceOf } from "../analytics/churn/columns.ts";
import { NO_LABEL, readLabels } from "../analytics/churn/label.ts";
import { columnsGivingAway } from "../analytics/churn/leakage.ts";
import {
  LEAST_OF_EACH,
  LEAST_ROWS,
  MOST_ROWS,
  type OutcomeModel,
  outcomeProbabilities,
  type Quality,
  sampleRows,
  trainingSteps,
} from "../analytics/churn/model.ts";
import { contributions, reasonsOf } from "../analytics/churn/reasons.ts";
import { formatNumber } from "../core/format.ts";
import type { Table } from "../core/table.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

export interface LearnOptions {
  label: string;
  id?: string;
  /** Value of the label that is the outcome; needed where it is not yes, true, 1, churned … */
  positive?: string;
  /** Columns to use although they give the label away. */
  keep?: readonly string[];
  /** Columns not to use. */
  without?: readonly string[];
  /** Column of times: quality is measured forward. */
  time?: string;
}

/** What was learnt from a table, and what a reader of its figures must know. */
export interface Learnt {
  model: OutcomeModel;
  columns: readonly Column[];
  /** The rows learnt from. */
  rows: Uint32Array;
  /** The label's value that counts as the outcome. */
  positive: string;
  /** Columns left out because they give the label away, and why. */
  refused: readonly { name: string; why: string }[];
  ignored: readonly { name: string; why: string }[];
  notes: readonly string[];
}

/**
 * Learns the outcome in column `label` from all other columns. Between steps of some tenths of a second it lets `pause` do what else
 * there is to do, which is told the share done and may throw. Throws UserError for what the table lacks.
 */
export async function learnOutcome(table: Table, options: LearnOptions, pause: (done: number) => Promise<void>): Promise<Learnt> {
  const { label, id, keep = [], without = [] } = options;
  const labels = readLabels(label, table.column(label), options.positive);
  for (const name of [...keep, ...without, ...(id ? [id] : []), ...(options.time ? [options.time] : [])]) table.column(name);
  const rows = Uint32Array.from(labels.values.keys()).filter((i) => labels.values[i] !== NO_LABEL);
  const y = Float64Array.from(rows, (i) => labels.values[i] ?? 0);
  refuseTooFew(label, labels.positive, y);
  const { columns: all, ignored } = chooseColumns(table, label, id);
  const wanted = all.filter((column) => !without.includes(column.name));
  const looked = sampleRows(rows);
  const outcomes = Float64Array.from(looked, (i) => labels.values[i] ?? 0);
  const judged = wanted.filter((column) => !keep.includes(column.name));
  const told = columnsGivingAway(judged, label, looked, outcomes);
  const refused = [...told].map(([name, why]) => ({ name, why }));
  const columns = wanted.filter((column) => !told.has(column.name));
  if (columns.length === 0)
    throw new UserError(
      `There is no column to learn “${label}” from.${refused.length ? ` ${listWords(refused.map((r) => r.name))} would give it away.` : ""}${ignored.map(({ name, why }) => ` “${name}” ${why}.`).join("")} Add columns that were known beforehand.`,
      { path: "label" },
    );
  const times = options.time === undefined ? undefined : timesOf(all, options.time);
  const model = await inSteps(trainingSteps(columns, rows, labels.values, times ? { times } : {}), pause);
  const dates = columns.filter((column) => column.kind === "number" && column.date).map((column) => column.name);
  const notes = [
    ...(labels.negatives.length > 1
      ? [`“${labels.positive}” is the outcome; ${listWords(labels.negatives.map((n) => `“${n}”`))} count as its opposite.`]
      : []),
    ...(labels.blank > 0 ? [`${labels.blank} rows without a “${label}” were not learnt from.`] : []),
    ...(rows.length > MOST_ROWS ? [`Learnt from a sample of ${model.quality.rows} of ${rows.length} rows.`] : []),
    ...(times && model.quality.how === "stratified"
      ? ["The outcome is too rare at times to measure forward in time, so the quality is of mixed times."]
      : []),
    ...(!times && dates.length > 0
      ? [
          `${listWords(dates)} ${dates.length > 1 ? "are dates" : "is a date"}: for rows later than those learnt from, the quality is likely worse than measured here; name the time to measure it forward.`,
        ]
      : []),
  ];
  return { model, columns, rows, positive: labels.positive, refused, ignored, notes };
}

const CHUNK = 2_000;

/** Probability and reasons of each row of a table; pauses as learning does. Throws UserError when a column it was learnt from is missing. */
export async function scoreTable(
  learnt: Learnt,
  table: Table,
  pause: (done: number) => Promise<void>,
): Promise<{ probabilities: Float64Array; reasons: string[][] }> {
  const missing = [...new Set(learnt.columns.map(sourceOf))].filter((name) => !table.columns.includes(name));
  if (missing.length > 0)
    throw new UserError(
      `The rows to score lack ${listWords(missing)}, which the model was learnt from. Add ${missing.length > 1 ? "them" : "it"}.`,
    );
  const columns = learnt.columns.map((column) => readLike(table, column));
  const probabilities = new Float64Array(table.length);
  const reasons: string[][] = [];
  for (let from = 0; from < table.length; from += CHUNK) {
    const rows = Uint32Array.from({ length: Math.min(CHUNK, table.length - from) }, (_, i) => from + i);
    probabilities.set(outcomeProbabilities(learnt.model, columns, rows), from);
    for (const [k, found] of contributions(learnt.model, columns, rows).entries())
      reasons.push(reasonsOf(found, learnt.model.design, columns, from + k));
    await pause(Math.min(1, (from + CHUNK) / table.length));
  }
  return { probabilities, reasons };
}

async function inSteps<T>(steps: Generator<number, T>, pause: (done: number) => Promise<void>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause(step.value);
  }
}

function refuseTooFew(label: string, positive: string, y: Float64Array): void {
  const positives = y.reduce((sum, v) => sum + v, 0);
  if (y.length >= LEAST_ROWS && Math.min(positives, y.length - positives) >= LEAST_OF_EACH) return;
  throw new UserError(
    `Too little to learn from: ${y.length} rows, ${positives} of them “${label}” = ${positive}. It takes ${LEAST_ROWS} rows with a known outcome, ${LEAST_OF_EACH} of each kind.`,
    { path: "label" },
  );
}

function timesOf(columns: readonly Column[], name: string): Float64Array {
  const column = columns.find((c) => c.name === name);
  if (column?.kind === "number" && column.values.every(Number.isFinite)) return column.values;
  throw new UserError(`The times in “${name}” cannot be put in order: each row needs a date such as 2026-10-01, or a number.`, {
    path: "time",
  });
}

/** "Cross-validated AUC 0.850 (5 folds), calibration error 0.012, Brier score 0.133; knowing nothing gets 0.5 and 0.195." */
export function qualityWords({ auc, ece, brier, folds, how, rows, positives }: Quality): string {
  const base = (positives / rows) * (1 - positives / rows);
  const way = how === "forward" ? `${folds} steps forward in time` : `${folds} folds`;
  return `Cross-validated AUC ${auc.toFixed(3)} (${way}), calibration error (ECE) ${ece.toFixed(3)}, Brier score ${brier.toFixed(3)}; knowing nothing gets AUC 0.5, Brier ${base.toFixed(3)}.`;
}

/** How far the probabilities can be leaned on. */
export function sureness({ auc, ece }: Quality): string {
  const ranking =
    auc >= 0.8
      ? "The ranking is good"
      : auc >= 0.7
        ? "The ranking is fair"
        : auc >= 0.6
          ? "The ranking is weak"
          : "The ranking is hardly better than chance";
  const level =
    ece <= 0.03 ? "the probabilities came true as stated" : `the probabilities were off by ${(100 * ece).toFixed(0)} points on average`;
  return `${ranking}; on rows not learnt from, ${level}.`;
}

/** The columns that move the odds most, over the rows learnt from: "Contract: moves the odds 2.3 times either way, typically". */
export function overallReasons({ model, columns, rows }: Pick<Learnt, "model" | "columns" | "rows">, most = 5): string[] {
  const found = contributions(model, columns, rows.length > CHUNK ? rows.filter((_, k) => k % Math.ceil(rows.length / CHUNK) === 0) : rows);
  const size = new Float64Array(columns.length);
  for (const row of found) for (const { column, logOdds } of row) size[column] = (size[column] ?? 0) + Math.abs(logOdds) / found.length;
  return [...size.entries()]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .filter(([, mean]) => mean >= 0.05)
    .map(
      ([k, mean]) =>
        `${columns[k]?.name}: moves the odds ${formatNumber(Number(Math.exp(mean).toPrecision(2)))} times up or down on average`,
    );
}

/** AUC and calibration on the scored rows themselves, when their outcome is already known; undefined when it is not. */
export function triedOn(learnt: Learnt, table: Table, label: string, probabilities: Float64Array): string | undefined {
  if (!table.columns.includes(label)) return undefined;
  const cells = table.column(label).map((cell) => cell?.trim() ?? "");
  const known = cells.flatMap((cell, i) => (cell === "" ? [] : [i]));
  const truth = known.map((i) => (cells[i] === learnt.positive ? 1 : 0));
  if (!truth.includes(1) || !truth.includes(0)) return undefined;
  const said = known.map((i) => probabilities[i] ?? 0);
  return `${known.length} of the scored rows have a known outcome: AUC ${auc(truth, said).toFixed(3)}, calibration error ${calibrationError(calibrationBins(truth, said)).toFixed(3)} there.`;
}
