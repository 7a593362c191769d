import { measureDelivery } from "./delivery.ts";
import type { Measurement } from "./score.ts";

/** Everything `npm run bench:analytics` measures. Adding one is a file and a line here. */
export const measurements: Readonly<Record<string, Measurement>> = {
  delivery: measureDelivery,
};
