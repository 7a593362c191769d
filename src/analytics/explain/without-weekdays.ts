/**
 * A daily series without the shape of its week: each day less the median of its weekday, plus the median of all. Medians, so that a
 * step inside the series stays where it is. Series under four weeks are given back as they are: there is no week to see. NaN marks a
 * missing day and stays so. `series[0]` may be any weekday.
 */
export function withoutWeekdays(series: readonly number[]): number[] {
  if (series.length < FOUR_WEEKS) return [...series];
  const all = median(series.filter(Number.isFinite));
  const usual = Array.from({ length: 7 }, (_, day) => median(series.filter((value, i) => i % 7 === day && Number.isFinite(value))));
  return series.map((value, i) => value - (usual[i % 7] ?? all) + all);
}

const FOUR_WEEKS = 28;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
