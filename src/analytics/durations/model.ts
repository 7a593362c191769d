import type { Column } from "../churn/columns.ts";
import { type Design, designMatrix, fitDesign } from "../churn/design.ts";
import { forwardFolds } from "../churn/folds.ts";
import { kaplanMeier } from "../survival/kaplan-meier.ts";
import { fitBuckleyJames, type LinearFit, linearValues } from "./buckley-james.ts";
import { type Curve, curveOf, leftAt, rankIn, shrunkenCurve, timeOf } from "./shrunken-curve.ts";

/** Things that take time: when each began, how long it took or has taken so far, and whether it is over. */
export interface Spells {
  /** Days since 1970. */
  starts: Float64Array;
  /** Days, above 0. */
  days: Float64Array;
  /** 1 when it is over, 0 when it goes on: then `days` is what has passed. */
  over: Uint8Array;
}

/** Where rows lie on a logarithmic scale, and the curve of what is left of chance. */
export interface DurationModel {
  design: Design;
  location: LinearFit;
  everyone: Curve;
  /** Curves of groups, by the values of the category columns joined, one level after the other. */
  groups: ReadonlyMap<string, Curve>;
  /** The longest time seen, in days; no estimate goes beyond it. */
  longest: number;
  /** Shares of the curve that held the wanted share of later rows: 0.1 may have to be 0.08. */
  levels: Readonly<Record<"p10" | "p50" | "p80" | "p90" | "p95", number>>;
  /** Absent where there are too few rows to try it on later ones. */
  quality?: DurationQuality;
}

export interface DurationQuality {
  /** Share of later rows within the 10–90 % interval. */
  coverage: number;
  /** Mean |ln(1 + actual) − ln(1 + P50)| over later rows, and the same for the plain median of the rows before. */
  logError: number;
  logErrorOfMedian: number;
  rows: number;
}

export interface Estimate {
  p50: number;
  p80: number;
  p95: number;
  /** 10 % and 90 %. */
  low: number;
  high: number;
  /** The largest of these lies beyond what was ever seen: a lower bound. */
  open: boolean;
}

/** Fewer say nothing about their tails. */
export const LEAST_OVER = 30;
const SHRINKAGE = 50;
const HINGES = 4;
const FOLDS = 3;
const LEAST_FOR_FOLDS = 120;
const WIDTH = 0.3;
const PLAIN = { p10: 0.1, p50: 0.5, p80: 0.8, p90: 0.9, p95: 0.95 };

/**
 * Accelerated failure time: ln(1 + days) = location + chance (Wei 1992). The location is linear in the columns with a ridge, so that a
 * group with few rows stays near the whole; the chance is a Kaplan–Meier curve of the residuals, drawn from whole to group. Open rows
 * count as censored in both. The shares read off are corrected by how past forecasts came out, forward in time.
 * Assumes that what is open ends like what was alike and is over. Needs LEAST_OVER rows that are over (RangeError).
 */
export function learnDurations(columns: readonly Column[], spells: Spells): DurationModel {
  const rows = Uint32Array.from(spells.days.keys());
  if (countOver(spells, rows) < LEAST_OVER) throw new RangeError("learnDurations: too few spells that are over");
  const folds = forwardFolds(spells.starts, FOLDS).filter(({ train }) => countOver(spells, train) >= LEAST_FOR_FOLDS);
  const tried = folds.map(({ train, test }) => tryOn(fitParts(columns, spells, train), columns, spells, train, test));
  const longest = spells.days.reduce((most, days) => Math.max(most, days), 0);
  return {
    ...fitParts(columns, spells, rows),
    longest,
    levels: correctedLevels(tried),
    ...(tried.length > 1 ? { quality: qualityOf(tried) } : {}),
  };
}

function countOver({ over }: Spells, rows: Uint32Array): number {
  return rows.reduce((sum, i) => sum + (over[i] ?? 0), 0);
}

type Parts = Pick<DurationModel, "design" | "location" | "everyone" | "groups">;

function fitParts(columns: readonly Column[], { days, over }: Spells, rows: Uint32Array): Parts {
  const design = fitDesign(columns, rows, new Float64Array(columns.length), { hinges: HINGES, strongest: 0 });
  const x = designMatrix(design, columns, rows);
  const response = Float64Array.from(rows, (i) => Math.log1p(days[i] ?? 0));
  const seen = Uint8Array.from(rows, (i) => over[i] ?? 0);
  // The matrix is standardised; a ridge on the plain 0/1 feature is λ / variance there.
  const penalties = Float64Array.from(design.sources, ([k = 0], j) =>
    design.plans[k]?.kind === "category" ? SHRINKAGE / Math.max(1e-6, (design.deviation[j] ?? 1) ** 2) : 1,
  );
  const location = fitBuckleyJames(x, response, seen, { penalties, width: WIDTH });
  const expected = linearValues(location, x);
  const residuals = response.map((y, k) => y - (expected[k] ?? 0));
  const everyone = curveOf(residuals, seen);
  return { design, location, everyone, groups: groupCurves(columns, rows, residuals, seen, everyone) };
}

function groupCurves(columns: readonly Column[], rows: Uint32Array, residuals: Float64Array, seen: Uint8Array, everyone: Curve) {
  const curves = new Map<string, Curve>();
  const paths = Array.from(rows, (i) => pathsOf(columns, i));
  const depth = paths[0]?.length ?? 0;
  for (let level = 0; level < depth; level++) {
    for (const [path, members] of Map.groupBy(paths.keys(), (k) => paths[k]?.[level] ?? "")) {
      const parent = curves.get(paths[members[0] ?? 0]?.[level - 1] ?? "") ?? everyone;
      const group = kaplanMeier(
        Float64Array.from(members, (k) => residuals[k] ?? 0),
        members.map((k) => seen[k] ?? 0),
      );
      curves.set(path, shrunkenCurve(group, parent));
    }
  }
  return curves;
}

/** The group of a row by its first category column, by its first two … */
function pathsOf(columns: readonly Column[], row: number): string[] {
  const values = columns.flatMap((column) => (column.kind === "category" ? [column.values[row] ?? ""] : []));
  return values.map((_, k) => JSON.stringify(values.slice(0, k + 1)));
}

function curveFor({ groups, everyone }: Parts, columns: readonly Column[], row: number): Curve {
  return pathsOf(columns, row).reduce((found, path) => groups.get(path) ?? found, everyone);
}

/** How a forecast made before came out, for each row that began after. */
interface Tried {
  /** Rank of the outcome in the curve it was given, 0–1. */
  ranks: Float64Array;
  over: Uint8Array;
  /** |ln(1 + actual) − ln(1 + P50)|, and the same for the median of the rows before. */
  errors: Float64Array;
  plainErrors: Float64Array;
}

function tryOn(parts: Parts, columns: readonly Column[], { days, over }: Spells, train: Uint32Array, test: Uint32Array): Tried {
  const expected = linearValues(parts.location, designMatrix(parts.design, columns, test));
  const actual = Float64Array.from(test, (i) => Math.log1p(days[i] ?? 0));
  const curves = Array.from(test, (i) => curveFor(parts, columns, i));
  const before = Float64Array.from(train, (i) => Math.log1p(days[i] ?? 0));
  const plain = timeOf(
    curveOf(
      before,
      Array.from(train, (i) => over[i] ?? 0),
    ),
    0.5,
  ).time;
  return {
    ranks: actual.map((y, k) => rankIn(curves[k] ?? parts.everyone, y - (expected[k] ?? 0))),
    over: Uint8Array.from(test, (i) => over[i] ?? 0),
    errors: actual.map((y, k) => Math.abs(y - Math.max(0, (expected[k] ?? 0) + timeOf(curves[k] ?? parts.everyone, 0.5).time))),
    plainErrors: actual.map((y) => Math.abs(y - plain)),
  };
}

/**
 * As wide around the middle as it took to hold 80 % of later rows, half way from the plain 40 % to each side: the past is a small
 * sample. Only the width is corrected; a shift of the past need not come again.
 */
function correctedLevels(tried: readonly Tried[]): DurationModel["levels"] {
  if (tried.length === 0) return PLAIN;
  const distances = Float64Array.from(tried.flatMap(({ ranks }) => [...ranks.map((rank) => Math.abs(rank - 0.5))]));
  const over = tried.flatMap((fold) => [...fold.over]);
  const half = Math.min(0.49, (timeOf(curveOf(distances, over), 0.8).time + 0.4) / 2);
  return { ...PLAIN, p10: 0.5 - half, p90: 0.5 + half };
}

/** Each fold is judged with the width the other folds ask for. */
function qualityOf(tried: readonly Tried[]): DurationQuality {
  let [inside, rows, error, plain] = [0, 0, 0, 0];
  for (const fold of tried) {
    const { p10, p90 } = correctedLevels(tried.filter((other) => other !== fold));
    for (const [k, rank] of fold.ranks.entries()) {
      if (!fold.over[k]) continue;
      rows += 1;
      if (rank >= p10 && rank <= p90) inside += 1;
      error += fold.errors[k] ?? 0;
      plain += fold.plainErrors[k] ?? 0;
    }
  }
  return { coverage: inside / rows, logError: error / rows, logErrorOfMedian: plain / rows, rows };
}

/**
 * Estimates in days, from the beginning, for rows of any table with the same columns. With `ages` (days so far) they are those of rows
 * that are still open at that age: P(T ≤ t | T > age). NaN and 0 mean a row that has only begun.
 */
export function estimateDurations(model: DurationModel, columns: readonly Column[], rows: Uint32Array, ages?: Float64Array): Estimate[] {
  const expected = linearValues(model.location, designMatrix(model.design, columns, rows));
  return Array.from(rows, (i, k) => {
    const curve = curveFor(model, columns, i);
    const location = expected[k] ?? 0;
    const age = ages?.[k] || 0;
    const left = age > 0 ? leftAt(curve, Math.log1p(age) - location) : 1;
    const at = (level: number) => {
      const { time, open } = timeOf(curve, 1 - (1 - level) * left);
      const days = Math.max(0, age, Math.expm1(time + location));
      return { days: Math.max(age, Math.min(days, model.longest)), open: open || days > model.longest };
    };
    const { levels } = model;
    const [low, p50, p80, high, p95] = [at(levels.p10), at(levels.p50), at(levels.p80), at(levels.p90), at(levels.p95)];
    return { low: low.days, p50: p50.days, p80: p80.days, high: high.days, p95: p95.days, open: p95.open };
  });
}
