import { addDays } from "../../../core/civil-date.ts";
import type { CivilDate } from "../../../core/fact.ts";
import type { World } from "../../world/index.ts";
import type { AiUsage } from "../../world/types.ts";

/** What a group's key may be, as both generations of reports name it. */
export type Dimension = "model" | "workspace_id" | "api_key_id" | "product" | "service_tier";

function partOf(row: AiUsage, dimension: Dimension, world: World): string | null {
  if (dimension === "model") return row.model;
  if (dimension === "workspace_id") return row.workspace;
  if (dimension === "api_key_id") return row.key;
  if (dimension === "service_tier") return row.tier;
  return world.aiKeys().find(({ id }) => id === row.key)?.name === "claude-code" ? "claude_code" : null;
}

/** The days in order, each with its rows grouped. Days without use have no groups. */
export function groupsByDay(world: World, days: readonly CivilDate[], dimensions: readonly Dimension[]) {
  return days.map((day) => {
    const groups = Map.groupBy(world.aiUsage(day), (row) => JSON.stringify(dimensions.map((d) => partOf(row, d, world))));
    return { day, groups: [...groups].map(([key, rows]) => ({ values: JSON.parse(key) as (string | null)[], rows })) };
  });
}

export function daysFrom(from: CivilDate, end: CivilDate): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = from; day < end; day = addDays(day, 1)) days.push(day);
  return days;
}

export function tokensOf(rows: readonly AiUsage[]) {
  const sum = (of: (row: AiUsage) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    uncached_input_tokens: sum((r) => r.inputTokens),
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: sum((r) => r.cacheWriteTokens) },
    cache_read_input_tokens: sum((r) => r.cacheReadTokens),
    output_tokens: sum((r) => r.outputTokens),
    server_tool_use: { web_search_requests: sum((r) => r.webSearches) },
  };
}

export function costOf(rows: readonly AiUsage[]): number {
  return rows.reduce((total, { cost }) => total + cost, 0);
}
