import type { AlertFeedback } from "../../core/alert.ts";
import { fromInstant } from "../../core/civil-date.ts";
import type { AnomalyFeedback } from "./feedback.ts";

/** What people said of an alert, as the detector takes it. Instants become the days (UTC) they lie in. */
export function detectorFeedback({ kind, series, from, until, by, note }: AlertFeedback): AnomalyFeedback {
  const words = { series, from: fromInstant(from), by, ...(note === undefined ? {} : { note }) };
  return kind === "expected" ? { kind, ...words, to: fromInstant(until) } : { kind, ...words, until: fromInstant(until) };
}
