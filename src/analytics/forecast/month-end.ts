import { type Range, type SeriesForecast, sumInterval } from "./forecast-series.ts";

export interface MonthEndInput {
  /** Sum of the settled days of the month. */
  known: number;
  forecast: SeriesForecast;
  /** Steps of the forecast that belong to the month: from, up to and without `to`; equal when none is left. */
  from: number;
  to: number;
}

export interface MonthEnd extends Range {
  known: number;
  /** What the days ahead are expected to add. */
  ahead: number;
}

/**
 * What a month (a quarter, any period) will come to: days that are settled, and the forecast of the others. What is known is certain,
 * so the interval is that of the days ahead alone. Days that are only provisional belong among the forecast ones.
 */
export function monthEnd({ known, forecast, from, to }: MonthEndInput): MonthEnd {
  const ahead = to > from ? sumInterval(forecast, from, to) : { mean: 0, lo80: 0, hi80: 0, lo95: 0, hi95: 0 };
  return {
    known,
    ahead: ahead.mean,
    mean: known + ahead.mean,
    lo80: known + ahead.lo80,
    hi80: known + ahead.hi80,
    lo95: known + ahead.lo95,
    hi95: known + ahead.hi95,
  };
}
