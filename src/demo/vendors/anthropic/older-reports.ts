import { addDays, fromInstant } from "../../../core/civil-date.ts";
import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { cents, invalid, limitOf, pageOf } from "./answers.ts";
import { costOf, type Dimension, daysFrom, groupsByDay, tokensOf } from "./usage-rows.ts";

const GROUPS = {
  usage: ["model", "workspace_id", "api_key_id", "service_tier"],
  cost: ["workspace_id", "description"],
} as const;
const USUAL_DAYS = 7;
const MOST_DAYS = 31;

/** GET /v1/organizations/usage_report/messages and /cost_report: days, each with its rows. */
export function olderReport(subject: "usage" | "cost", request: SimulatedRequest, world: World): SimulatedResponse {
  const { query, now } = request;
  const start = new Date(query.get("starting_at") ?? "");
  const end = new Date(query.get("ending_at") ?? now);
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return invalid("starting_at: Field required");
  const limit = limitOf(request, USUAL_DAYS, MOST_DAYS);
  if (typeof limit !== "number") return limit;
  const groups = query.getAll("group_by[]");
  if (groups.some((name) => !(GROUPS[subject] as readonly string[]).includes(name))) return invalid("group_by: unknown dimension");
  // A description says the model in words; its parts then stand beside it.
  const dimensions = groups.map((name): Dimension => (name === "description" ? "model" : (name as Dimension)));
  const until = fromInstant(end) < world.today ? fromInstant(end) : world.today;
  const buckets = groupsByDay(world, daysFrom(fromInstant(start), until), dimensions).map(({ day, groups: found }) => ({
    ...{ starting_at: `${day}T00:00:00Z`, ending_at: `${addDays(day, 1)}T00:00:00Z` },
    results: found.map(({ values, rows }) => {
      const named = Object.fromEntries(dimensions.map((name, i) => [name, values[i] ?? null]));
      const group = { model: null, workspace_id: null, context_window: null, service_tier: null, ...named };
      if (subject === "usage") return { ...group, api_key_id: named.api_key_id ?? null, ...tokensOf(rows) };
      const description = named.model ? `${named.model} Usage` : null;
      return {
        ...group,
        description,
        cost_type: named.model ? "tokens" : null,
        token_type: null,
        currency: "USD",
        amount: cents(costOf(rows)),
      };
    }),
  }));
  const page = pageOf(buckets, request, limit);
  return page ? { status: 200, body: page } : invalid("page: invalid token");
}
