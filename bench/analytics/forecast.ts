import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fillGaps } from "../../src/analytics/forecast/fill-gaps.ts";
import { findSeasons } from "../../src/analytics/forecast/find-seasons.ts";
import { forecastSeries } from "../../src/analytics/forecast/forecast-series.ts";
import { etsModel } from "../../src/tools/forecast-library.ts";
import { type Actual, type Forecast, naive2, owa, type Scores, scoreForecasts, seasonalNaive } from "./forecast-scores.ts";
import type { Measurement, Score } from "./score.ts";

interface Competition {
  file: string;
  name: string;
  horizon: number;
  /** Season of the protocol's scale and of its naive methods. */
  period: number;
  goals: Partial<Record<keyof Scores | "owa", number>>;
  published: Partial<Record<keyof Scores | "owa", { who: string; value: number }>>;
}

/** Published figures are of the whole public sets. */
const COMPETITIONS: readonly Competition[] = [
  {
    file: "m3_monthly.json",
    name: "M3 monthly",
    horizon: 18,
    period: 12,
    goals: { smape: 13.05, mase: 0.827 },
    published: { smape: { who: "Theta", value: 13.892 } },
  },
  {
    file: "nn5_daily.json",
    name: "NN5 daily",
    horizon: 56,
    period: 7,
    goals: { mase: 0.86 },
    published: { mase: { who: "TBATS", value: 0.858 } },
  },
  {
    file: "m4_weekly.json",
    name: "M4 weekly",
    horizon: 13,
    period: 1,
    goals: { owa: 0.81, msis: 13.4 },
    published: { owa: { who: "the best entrant", value: 0.739 }, msis: { who: "the best entrant", value: 16.2 } },
  },
  {
    file: "m4_hourly.json",
    name: "M4 hourly",
    horizon: 48,
    period: 24,
    goals: { owa: 0.675 },
    published: { owa: { who: "the best entrant", value: 0.41 } },
  },
];

/** Forecasts and intervals of public competitions, and how much dearer they are than the seasonal naive method. */
export const measureForecast: Measurement = async (folder) => {
  const path = (file: string) => join(folder, "measure-only", "forecast", file);
  const there = COMPETITIONS.filter(({ file }) => existsSync(path(file)));
  if (there.length === 0) return undefined;
  const scores: Score[] = [];
  for (const competition of there)
    scores.push(...(await measureOne(competition, JSON.parse(readFileSync(path(competition.file), "utf8")))));
  return scores;
};

interface Given {
  x: (number | null)[];
  xx: (number | null)[];
}

async function measureOne({ name, horizon, period, goals, published }: Competition, given: readonly Given[]): Promise<Score[]> {
  const ets = await etsModel();
  const raw = given.map(({ x }) => Float64Array.from(x, (value) => value ?? Number.NaN));
  const series: Actual[] = given.map(({ xx }, i) => ({ x: fillGaps(raw[i] ?? [], period).filled, xx }));
  const started = process.cpuUsage();
  const seasons = findSeasons(series.map(({ x }) => x));
  const ours = raw.map((x): Forecast => {
    const found = forecastSeries(x, { horizon, seasons, ets });
    if ("tooLittle" in found) throw new Error(`${name}: a series of ${found.have} values is too short`);
    return found;
  });
  const spent = process.cpuUsage(started).user / 1e3;
  const got = scoreForecasts(series, ours, period);
  const reference = scoreForecasts(
    series,
    series.map(({ x }) => ({ mean: naive2(x, horizon, period) })),
    period,
  );
  const plain = scoreForecasts(
    series,
    series.map(({ x }) => ({ mean: seasonalNaive(x, horizon, period) })),
    period,
  );
  const score = (metric: keyof Scores, better?: "lower"): Score => ({
    name,
    metric: WORDS[metric],
    ours: got[metric],
    ...(better ? { better, naive: { who: "seasonal naive", value: plain[metric] } } : {}),
    ...(goals[metric] === undefined ? {} : { goal: goals[metric] }),
    ...(published[metric] ? { published: published[metric] } : {}),
  });
  const { naive: _, ...msis } = score("msis", "lower");
  const overall: Score = {
    name,
    metric: "OWA",
    ours: owa(got, reference),
    better: "lower",
    naive: { who: "seasonal naive", value: owa(plain, reference) },
    ...(goals.owa === undefined ? {} : { goal: goals.owa }),
    ...(published.owa ? { published: published.owa } : {}),
  };
  const thousand = 1000 / series.length;
  return [
    score("smape", "lower"),
    score("mase", "lower"),
    overall,
    msis,
    { ...score("cover80"), note: "wanted: 0.78 to 0.82" },
    { ...score("cover95"), note: "wanted: 0.93 to 0.97" },
    { name, metric: "processor seconds for 1,000 series", ours: (spent * thousand) / 1000, better: "lower" },
    {
      name,
      metric: "times the seasonal naive method's time",
      ours: spent / naiveTime(series, horizon, period),
      better: "lower",
      note: "which copies one season",
    },
  ];
}

const WORDS: Readonly<Record<keyof Scores, string>> = {
  smape: "sMAPE",
  mase: "MASE",
  msis: "MSIS",
  cover80: "coverage of 80 %",
  cover95: "coverage of 95 %",
};

/** Milliseconds for all series; repeated, for one pass is below the clock. */
function naiveTime(series: readonly Actual[], horizon: number, period: number): number {
  const started = performance.now();
  let rounds = 0;
  do {
    for (const { x } of series) seasonalNaive(x, horizon, period);
    rounds++;
  } while (performance.now() - started < 50);
  return (performance.now() - started) / rounds;
}
