import { autocorrelations, differences } from "./autocorrelation.ts";

/** Lengths people live by: quarters, weekdays, months, hours, weeks of a year. */
const CALENDAR = [4, 7, 12, 24, 52];
const DAYS_IN_WEEK = 7;
const MOST_SERIES = 300;
const MOST_LAGS = 400;
const MOST_VALUES = 3_000;

/**
 * The season of series that share a rhythm (the columns of one file), in steps; empty when none is seen.
 *
 * The autocorrelations of the first differences are averaged over the series; the season is the highest local maximum beyond lag 1,
 * or the shortest lag that comes within 90 % of it. It must stand out of the noise, whose standard deviation is 1 / √(all values):
 * by 2 for a length of the calendar, by 3.5 for any other, since there are many others to try, and for all against what is expected.
 * Lags need three seasons of data.
 *
 * `expected`: what the distance of the times suggests. It stands unless the data show another one, and nothing of it.
 */
export function findSeasons(series: readonly Float64Array[], expected?: readonly number[]): readonly number[] {
  const { profile, weight } = averageProfile(series);
  const noise = 1 / Math.sqrt(Math.max(1, weight));
  const stands = (lag: number, deviations: number) => {
    const height = profile[lag] ?? 0;
    return height > (profile[lag - 1] ?? 0) && height >= (profile[lag + 1] ?? 0) && height > Math.max(0.1, deviations * noise);
  };
  const lags = Array.from({ length: Math.max(0, profile.length - 3) }, (_, i) => i + 2);
  const peaks = lags.filter((lag) => stands(lag, CALENDAR.includes(lag) && !expected ? 2 : 3.5));
  const highest = Math.max(0, ...peaks.map((lag) => profile[lag] ?? 0));
  const season = peaks.find((lag) => (profile[lag] ?? 0) >= 0.9 * highest);
  if (season === undefined) return expected ?? [];
  const [likely] = expected ?? [];
  const fits = likely !== undefined && (season % likely === 0 || likely % season === 0);
  const seen = likely !== undefined && (likely >= profile.length - 1 || stands(likely, 2));
  return expected && (fits || seen) ? expected : withWeek(season);
}

/** Hours of a day repeat over a week too. */
export function withWeek(season: number): number[] {
  return season === 24 || season === 48 || season === 96 ? [season, DAYS_IN_WEEK * season] : [season];
}

function averageProfile(series: readonly Float64Array[]): { profile: Float64Array; weight: number } {
  const every = Math.max(1, Math.floor(series.length / MOST_SERIES));
  const chosen = series.filter((x, i) => i % every === 0 && x.length >= 8);
  const sums = new Float64Array(MOST_LAGS + 2);
  const counts = new Float64Array(MOST_LAGS + 2);
  let weight = 0;
  for (const x of chosen) {
    const d = differences(x.subarray(Math.max(0, x.length - MOST_VALUES)));
    const r = autocorrelations(d, Math.min(MOST_LAGS + 1, Math.floor(x.length / 3) + 1));
    weight += d.length;
    for (let k = 0; k < r.length; k++) {
      sums[k] = (sums[k] ?? 0) + (r[k] ?? 0);
      counts[k] = (counts[k] ?? 0) + 1;
    }
  }
  // A lag that only a few long series reach says nothing about the others.
  const enough = Math.max(1, chosen.length / 4);
  const reach = counts.findIndex((count) => count < enough);
  const profile = sums.subarray(0, reach < 0 ? sums.length : reach).map((sum, k) => sum / (counts[k] ?? 1));
  return { profile, weight };
}
