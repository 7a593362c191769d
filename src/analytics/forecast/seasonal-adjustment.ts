import { autocorrelations, average } from "./autocorrelation.ts";

/** A series without its season, and the way back. */
export interface Adjustment {
  adjusted: Float64Array;
  /** A value of the adjusted series at position `t` (0 is the first of the history) with its season put back. */
  restore(value: number, t: number): number;
}

const LEAST_INDEX = 0.01;

/** shrunken: indices as far as they are trusted. tested: the plain ones, if the series passes the test for a season, else none. */
export type Trust = "shrunken" | "tested";

/**
 * Classical decomposition.
 *
 * The level is the centred moving average over one season; an index is the mean ratio (difference where a value is not positive) of
 * its phase to that level. "shrunken" draws them towards "no season" by James and Stein's factor
 * max(0, 1 − (m − 3)·(s² / per) / Σ index²), s² the variance within phases, per the values a phase has: a season that is mostly noise
 * fades out by itself, and no test is needed. Miller and Williams, Shrinkage estimators of time series seasonal factors (IJF 2003).
 *
 * Gives the series itself for a season of 1 and for less than two and a half seasons.
 */
export function adjustSeason(x: Float64Array, season: number, trust: Trust = "shrunken"): Adjustment {
  const multiplicative = x.every((value) => value > 0);
  const there = season > 1 && x.length >= 2.5 * season && (trust === "shrunken" || isSeasonal(x, season));
  const indices = there ? indicesOf(x, season, multiplicative, trust) : undefined;
  if (!indices) return { adjusted: x, restore: (value) => value };
  const at = (t: number) => indices[t % season] ?? 0;
  return multiplicative
    ? { adjusted: x.map((value, t) => value / at(t)), restore: (value, t) => value * at(t) }
    : { adjusted: x.map((value, t) => value - at(t)), restore: (value, t) => value + at(t) };
}

/**
 * Is there a season? |r_m| > 1.645·√((1 + 2·Σ_{k<m} r_k²) / n), the 90 % test of the M4 competition. Under three seasons: no.
 */
export function isSeasonal(x: Float64Array, season: number): boolean {
  if (season < 2 || x.length < 3 * season) return false;
  const r = autocorrelations(x, season);
  const squares = r.subarray(1, season).reduce((sum, value) => sum + value * value, 0);
  return Math.abs(r[season] ?? 0) > 1.645 * Math.sqrt((1 + 2 * squares) / x.length);
}

function indicesOf(x: Float64Array, season: number, multiplicative: boolean, trust: Trust): Float64Array | undefined {
  const phases = phasesOf(x, season, multiplicative);
  const means = phases.map(average);
  const centre = average(means);
  let within = 0;
  let values = 0;
  for (const [p, phase] of phases.entries()) {
    for (const value of phase) within += (value - (means[p] ?? 0)) ** 2;
    values += phase.length;
  }
  const freedom = values - season;
  const between = means.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  if (freedom < 3 || !(between > 0)) return undefined;
  const noise = (within / freedom) * (season / values);
  const keep = trust === "tested" ? 1 : Math.max(0, 1 - (Math.max(0, season - 3) * noise) / between);
  const scale = multiplicative && trust === "tested" ? centre : 1;
  return Float64Array.from(means, (value) =>
    multiplicative ? Math.max(LEAST_INDEX, 1 + (keep * (value - centre)) / scale) : keep * (value - centre),
  );
}

/** Ratios or differences to the centred moving average, by phase of the season. */
function phasesOf(x: Float64Array, season: number, multiplicative: boolean): number[][] {
  const phases: number[][] = Array.from({ length: season }, () => []);
  const half = season >> 1;
  const even = season % 2 === 0;
  let sum = 0;
  for (let t = 0; t < 2 * half + 1; t++) sum += x[t] ?? 0;
  for (let t = half; t < x.length - half; t++) {
    const ends = (x[t - half] ?? 0) + (x[t + half] ?? 0);
    const level = (even ? sum - ends / 2 : sum) / season;
    phases[t % season]?.push(multiplicative ? (x[t] ?? 0) / level : (x[t] ?? 0) - level);
    sum += (x[t + half + 1] ?? 0) - (x[t - half] ?? 0);
  }
  return phases;
}
