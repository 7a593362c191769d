import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import { COMPANY } from "../../story.ts";
import type { World } from "../../world/index.ts";
import { invalid, limitOf } from "./answers.ts";

const PAGE = 20;
const MOST = 1_000;

export function me(): SimulatedResponse {
  return { status: 200, body: { type: "organization", id: "0d6e2c1a-5b7f-4f0e-9a43-7b1f5e0c2d11", name: COMPANY } };
}

export function listWorkspaces(request: SimulatedRequest, world: World): SimulatedResponse {
  return list(
    request,
    world.aiWorkspaces().map(({ id, name, createdAt }) => ({
      ...{ type: "workspace", id, name, created_at: createdAt, archived_at: null, display_color: "#6C5BB9" },
      ...{ tags: {}, external_key_id: null, user_profile_id: null },
    })),
  );
}

export function listKeys(request: SimulatedRequest, world: World): SimulatedResponse {
  return list(
    request,
    world.aiKeys().map(({ id, name, workspace, hint, status, createdAt, createdBy }) => ({
      ...{ type: "api_key", id, name, status, partial_key_hint: hint, created_at: createdAt, expires_at: null, principal: null },
      ...{ created_by: { id: `user_${createdBy}`, type: "user" }, scope: { type: "workspace", workspace_id: workspace } },
    })),
  );
}

/** These lists are walked by the id of the last one seen. */
function list(request: SimulatedRequest, items: readonly { id: string }[]): SimulatedResponse {
  const limit = limitOf(request, PAGE, MOST);
  if (typeof limit !== "number") return limit;
  const after = request.query.get("after_id");
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) return invalid("after_id: no such object");
  const data = items.slice(start, start + limit);
  const body = { data, has_more: start + limit < items.length, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { status: 200, body };
}
