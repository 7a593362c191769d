import { z } from "zod";
import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Route } from "../../core/http.ts";
import type { Imported } from "../../records/imports/index.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";

const MOST_DAYS = 90;
const input = z.strictObject({
  days: z.int().min(1).max(MOST_DAYS).default(3).describe("How many complete UTC days, and today so far."),
});
const shown = z.object({
  source: z.string(),
  kind: z.enum(["activities", "pipelines"]),
  kept: z.int().describe("Records that are there now: new, changed or as they were."),
  problem: z.string().nullable().describe("Why some or all are missing."),
});

export interface ImportsApi {
  /** Asks the connected sources and keeps what they tell. */
  importRecords(period: Period, signal: AbortSignal): Promise<readonly Imported[]>;
  rateLimit(user: string): Promise<Record<string, string>>;
  now(): Date;
}

/** Activities and pipelines that connected sources know of, asked for now rather than at the next hour. */
export function importRoute({ importRecords, rateLimit, now }: ImportsApi): Route {
  return {
    ...{ method: "POST", path: "/api/v1/imports", access: "analyst", keyed: true },
    docs: {
      summary: "Take activities from Claude Code and Copilot, and pipelines from GitHub, as records; doing it again changes nothing",
      tag: "imports",
      body: z.toJSONSchema(input, { io: "input" }),
      response: { type: "array", items: z.toJSONSchema(shown) },
    },
    async handle(request) {
      const headers = await rateLimit(userOf(request).id);
      const { days } = validate(input, request.body.length === 0 ? {} : request.json());
      const today = fromInstant(now());
      return { status: 200, headers, data: await importRecords({ from: addDays(today, -days), to: today }, request.signal) };
    },
  };
}
