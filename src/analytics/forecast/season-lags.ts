import { differences, undoDifferences } from "./autocorrelation.ts";
import { autoregression } from "./autoregression.ts";

/** The three autoregressions of the pool. They differ in what is taken out first and in how far they look back. */

const FEW = 13;
const RESTRAINT = 10;
const LIGHT_RESTRAINT = 1;

/** On first differences, with a constant: the last values, and the same place of each season. */
export function shortMemory(x: Float64Array, horizon: number, seasons: readonly number[]): Float64Array | undefined {
  const [shortest] = seasons;
  const longest = seasons.at(-1) ?? 1;
  const lags = [
    ...upTo(Math.min(FEW, longest > 1 ? longest + 1 : FEW)),
    ...seasons.flatMap(around),
    ...(shortest !== undefined && longest / shortest <= 7 ? multiples(shortest, longest) : []),
  ];
  return continued(x, horizon, 1, lags, RESTRAINT, true);
}

/** On first differences: every value of the last season. */
export function wholeSeason(x: Float64Array, horizon: number, seasons: readonly number[]): Float64Array | undefined {
  const [shortest] = seasons;
  const longest = seasons.at(-1) ?? 1;
  if (shortest === undefined || shortest > 60) return undefined;
  const further = longest > shortest ? [...near(2 * shortest, 3), ...near(longest, 2)] : [];
  return continued(x, horizon, 1, [...upTo(shortest + 2), ...further], LIGHT_RESTRAINT, false);
}

/** On differences to the season before. */
export function seasonBefore(x: Float64Array, horizon: number, season: number, seasons: readonly number[]): Float64Array | undefined {
  if (x.length < 2.5 * season) return undefined;
  const shorter = seasons.filter((s) => s < season);
  const lags = [...upTo(3), ...shorter.flatMap((s) => [...around(s), 2 * s]), ...around(season)];
  return continued(x, horizon, season, lags, RESTRAINT, false);
}

function continued(
  x: Float64Array,
  horizon: number,
  difference: number,
  wanted: readonly number[],
  restraint: number,
  constant: boolean,
): Float64Array | undefined {
  const d = differences(x, difference);
  const lags = [...new Set(wanted)].filter((lag) => lag > 0 && d.length > 1.5 * lag + 10).sort((a, b) => a - b);
  const coming = autoregression(d, horizon, { lags, restraint, constant });
  return coming && undoDifferences(x, coming, difference);
}

function upTo(last: number): number[] {
  return Array.from({ length: Math.max(0, last) }, (_, i) => i + 1);
}

function around(season: number): number[] {
  return [season - 1, season, season + 1];
}

function near(centre: number, reach: number): number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, i) => centre - reach + i);
}

function multiples(of: number, below: number): number[] {
  return Array.from({ length: Math.ceil(below / of) - 1 }, (_, i) => (i + 1) * of);
}
