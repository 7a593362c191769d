import { z } from "zod";
import type { Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { userOf } from "./record-request.ts";

const spend = z.object({ used: z.number(), limit: z.number().nullable().describe("null: none is set.") });
const standing = z.object({
  model: z
    .object({ name: z.string(), state: z.enum(["ok", "warning", "failed", "off"]), message: z.string(), fix: z.string().optional() })
    .describe("Whether a language model answers at all."),
  from: z.iso.datetime().describe("Begin of the UTC day."),
  until: z.iso.datetime().describe("Its end: everything begins anew then."),
  scopes: z
    .array(z.object({ scope: z.enum(["day", "user", "channel"]), name: z.string(), tokens: spend, usd: spend.describe("At list prices.") }))
    .describe("All answers, those to you, those through this door."),
});
export type BudgetStanding = z.output<typeof standing>;

/** What a language model's answers have used today, and what is left. */
export function budgetRoute(api: Pick<ApiContext, "budgets">): Route {
  return {
    method: "GET",
    path: "/api/v1/budgets",
    access: "viewer",
    docs: { summary: "What answers of a language model used today, and may use", tag: "ask", response: z.toJSONSchema(standing) },
    handle: async (request) => ({
      status: 200,
      headers: { "cache-control": "no-store" },
      data: await api.budgets(userOf(request)),
    }),
  };
}
