import { kaplanMeier, type SurvivalCurve, survivalAt } from "../survival/kaplan-meier.ts";

/** A survival curve as a table: times going up, and what is left at each. */
export interface Curve {
  times: Float64Array;
  survival: Float64Array;
}

/** Rows the parent counts for. */
const PARENT_ROWS = 50;

/**
 * The curve of a group drawn to that of its parent: S = (n·S_group + k·S_parent) / (n + k), k = 50: a group of a handful is its
 * parent, one of hundreds is itself. (Empirical-Bayes shrinkage of a distribution: the posterior mean of a Dirichlet process with
 * the parent as its base, Susarla and Van Ryzin 1976, without the term for censoring.)
 */
export function shrunkenCurve(group: SurvivalCurve, parent: Curve): Curve {
  const times = Float64Array.from(new Set([...parent.times, ...group.steps.map((s) => s.time)])).sort();
  const share = group.n / (group.n + PARENT_ROWS);
  const survival = times.map((t) => share * survivalAt(group, t) + (1 - share) * leftAt(parent, t));
  return { times, survival };
}

export function curveOf(times: Float64Array, happened: ArrayLike<number>): Curve {
  const { steps } = kaplanMeier(times, happened);
  return { times: Float64Array.from(steps, (s) => s.time), survival: Float64Array.from(steps, (s) => s.survival) };
}

export function leftAt({ times, survival }: Curve, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return survival[low - 1] ?? 1;
}

/**
 * Where a time stands among those of the curve, 0–1: the middle between the share done before it and the share done by it, so that things
 * that always take equally long stand in the middle of each other (the mid-distribution function; Parzen 1997).
 */
export function rankIn(curve: Curve, time: number): number {
  const rounding = 1e-9 * Math.max(1, Math.abs(time));
  return 1 - (leftAt(curve, time - rounding) + leftAt(curve, time + rounding)) / 2;
}

/** First time by which the share is done. `open`: the curve does not come so far down, and this is its last time, a lower bound. */
export function timeOf({ times, survival }: Curve, share: number): { time: number; open: boolean } {
  const k = survival.findIndex((s) => s <= 1 - share + 1e-12);
  return k < 0 ? { time: times.at(-1) ?? 0, open: true } : { time: times[k] ?? 0, open: false };
}
