import type { SimulatedResponse } from "../../simulator.ts";

/** An error as Jira words it. */
export function problem(status: number, ...errorMessages: string[]): SimulatedResponse {
  return { status, body: { errorMessages, errors: {} } };
}

/** A number of a query, within bounds. */
export function numberIn(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const value = Number(query.get(name) ?? fallback);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, most) : fallback;
}
