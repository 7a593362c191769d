import { addDays, fromInstant } from "../../../core/civil-date.ts";
import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { cents, invalid, limitOf, pageOf, refusal } from "./answers.ts";
import { costOf, type Dimension, daysFrom, groupsByDay, tokensOf } from "./usage-rows.ts";

const BETA = "analytics-usage-cost-2026-08-24";
const SINCE = "2026-01-01";
const REACH_DAYS = 365;
const MOST_DAYS = 31;
const MOST_GROUPS = 5;
const KNOWN: readonly Dimension[] = ["model", "workspace_id", "api_key_id", "product", "service_tier"];
const EMPTY = {
  ...{ actor: null, actor_type: null, agent_id: null, api_key_id: null, claude_tag_category: null, claude_tag_user_id: null },
  ...{ context_window: null, deployment_id: null, environment_id: null, inference_geo: null, model: null, organization_id: null },
  ...{ product: null, rbac_group_id: null, service_tier: null, session_id: null, slack_channel_id: null, speed: null },
  ...{ user_profile_id: null, workspace_id: null },
};

/** GET /v1/organizations/analytics/usage and …/cost: one row per group, and per day when days are asked for. */
export function newerReport(subject: "usage" | "cost", request: SimulatedRequest, world: World): SimulatedResponse {
  const { query, now } = request;
  if (!(request.headers["anthropic-beta"] ?? "").split(",").some((beta) => beta.trim() === BETA))
    return refusal(404, "not_found_error", "Not Found");
  const span = spanOf(query, now);
  if ("status" in span) return span;
  const limit = limitOf(request, 20, 1_000);
  if (typeof limit !== "number") return limit;
  const dimensions = query.getAll("group_by[]");
  if (dimensions.length > MOST_GROUPS) return invalid("group_by: at most 5 dimensions");
  const unknown = dimensions.find((d) => !KNOWN.includes(d as Dimension));
  if (unknown !== undefined) return invalid(`group_by: unknown dimension ${unknown}`);
  const width = query.get("time_bucket_width");
  if (width !== null && width !== "1d") return invalid("time_bucket_width: only 1d is simulated");
  const byDay = groupsByDay(world, daysFrom(span.from, span.end), dimensions as Dimension[]);
  const rows = width === null ? [] : byDay.flatMap(({ day, groups }) => groups.map((group) => ({ day, ...group })));
  if (width === null) {
    const whole = Map.groupBy(
      byDay.flatMap(({ groups }) => groups),
      ({ values }) => JSON.stringify(values),
    );
    for (const groups of whole.values())
      rows.push({ day: span.from, values: groups[0]?.values ?? [], rows: groups.flatMap((group) => group.rows) });
  }
  if (query.get("order") !== "asc") rows.reverse();
  const items = rows.map(({ day, values, rows: used }) => ({
    starting_at: `${day}T00:00:00Z`,
    ending_at: `${width === null ? span.end : addDays(day, 1)}T00:00:00Z`,
    group: {
      ...EMPTY,
      ...(subject === "cost" ? { cost_type: null, token_type: null } : {}),
      ...Object.fromEntries(dimensions.map((name, i) => [name, values[i] ?? null])),
    },
    ...(subject === "cost" ? { cost: costMetrics(used) } : { usage: usageMetrics(used) }),
  }));
  const page = pageOf(items, request, limit);
  if (!page) return invalid("page: invalid token");
  return { status: 200, body: { ...page, data_refreshed_at: `${now.toISOString().slice(0, 13)}:00:00Z` } };
}

function spanOf(query: URLSearchParams, now: Date): { from: string; end: string } | SimulatedResponse {
  const start = new Date(query.get("starting_at") ?? "");
  const given = query.get("ending_at");
  if (Number.isNaN(start.getTime())) return invalid("starting_at: Field required");
  if (given === null && query.get("time_bucket_width") !== null) return invalid("ending_at: required with time_bucket_width");
  const end = given === null ? new Date(Math.min(now.getTime(), start.getTime() + MOST_DAYS * 86_400_000)) : new Date(given);
  if (Number.isNaN(end.getTime()) || end <= start) return invalid("ending_at: must be after starting_at");
  if (end > now) return invalid("ending_at: must not be in the future");
  if (end.getTime() - start.getTime() > MOST_DAYS * 86_400_000) return invalid("The range may span at most 31 days");
  const from = fromInstant(start);
  if (from < SINCE || from < addDays(fromInstant(now), -REACH_DAYS))
    return invalid("starting_at: must be within the last 365 days and no earlier than 2026-01-01T00:00:00Z");
  return { from, end: fromInstant(new Date(end.getTime() + 86_399_999)) };
}

function usageMetrics(rows: Parameters<typeof tokensOf>[0]) {
  const tokens = tokensOf(rows);
  const total =
    tokens.uncached_input_tokens + tokens.cache_creation.ephemeral_5m_input_tokens + tokens.cache_read_input_tokens + tokens.output_tokens;
  return { ...tokens, requests: rows.reduce((sum, row) => sum + row.requests, 0), total_tokens: total };
}

function costMetrics(rows: Parameters<typeof costOf>[0]) {
  const amount = cents(costOf(rows));
  return { amount, currency: "USD", list_amount: amount, requests: rows.reduce((sum, row) => sum + row.requests, 0) };
}
