import { isCivilDate } from "../../../core/civil-date.ts";
import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import type { CodingDay } from "../../world/types.ts";
import { invalid, limitOf, pageOf } from "./answers.ts";

/** GET /v1/organizations/usage_report/claude_code: everyone's figures of one UTC day. */
export function claudeCode(request: SimulatedRequest, world: World): SimulatedResponse {
  const day = request.query.get("starting_at") ?? "";
  if (!isCivilDate(day)) return invalid("starting_at: must be a date like 2026-11-20");
  const limit = limitOf(request, 20, 1_000);
  if (typeof limit !== "number") return limit;
  const page = pageOf(world.coding(day).map(recordOf), request, limit);
  return page ? { status: 200, body: page } : invalid("page: invalid token");
}

function recordOf({ day, email, terminal, sessions, linesAdded, linesRemoved, commits, pulls, edit, write, models }: CodingDay) {
  const none = { accepted: 0, rejected: 0 };
  return {
    date: `${day}T00:00:00Z`,
    actor: { type: "user_actor", email_address: email },
    organization_id: "0d6e2c1a-5b7f-4f0e-9a43-7b1f5e0c2d11",
    customer_type: "api",
    terminal_type: terminal,
    core_metrics: {
      num_sessions: sessions,
      lines_of_code: { added: linesAdded, removed: linesRemoved },
      commits_by_claude_code: commits,
      pull_requests_by_claude_code: pulls,
    },
    tool_actions: { edit_tool: edit, multi_edit_tool: none, write_tool: write, notebook_edit_tool: none },
    model_breakdown: models.map(({ model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cost }) => ({
      model,
      tokens: { input: inputTokens, output: outputTokens, cache_read: cacheReadTokens, cache_creation: cacheWriteTokens },
      estimated_cost: { currency: "USD", amount: Math.round(cost * 1e6) / 1e4 },
    })),
  };
}
