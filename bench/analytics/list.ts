import { measureAnomalies } from "./anomalies.ts";
import { measureChurn } from "./churn.ts";
import { measureDelivery } from "./delivery.ts";
import { measureDuration } from "./duration.ts";
import { measureExplain } from "./explain.ts";
import { measureForecast } from "./forecast.ts";
import { measureHealth } from "./health.ts";
import { measureRetrieval } from "./retrieval.ts";
import type { Measurement } from "./score.ts";

/** Everything `npm run bench:analytics` measures. Adding one is a file and a line here. */
export const measurements: Readonly<Record<string, Measurement>> = {
  churn: measureChurn,
  duration: measureDuration,
  health: measureHealth,
  anomalies: measureAnomalies,
  delivery: measureDelivery,
  explain: measureExplain,
  forecast: measureForecast,
  retrieval: measureRetrieval,
};
