import { measureAnomalies } from "./anomalies.ts";
import { measureDelivery } from "./delivery.ts";
import { measureExplain } from "./explain.ts";
import { measureForecast } from "./forecast.ts";
import type { Measurement } from "./score.ts";

/** Everything `npm run bench:analytics` measures. Adding one is a file and a line here. */
export const measurements: Readonly<Record<string, Measurement>> = {
  anomalies: measureAnomalies,
  delivery: measureDelivery,
  explain: measureExplain,
  forecast: measureForecast,
};
