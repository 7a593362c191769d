import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { cursorOf, keyOf, readSelector, violation } from "./asked.ts";
import { type EntityType, entityId, watched } from "./names.ts";

const MOST = 500;

export function listEntities(request: SimulatedRequest, world: World): SimulatedResponse {
  const cursor = cursorOf(request, MOST, "now-3d", request.query.get("entitySelector") ?? "");
  if ("status" in cursor) return cursor;
  const selector = readSelector(cursor.filter);
  if (!selector) return violation("entitySelector", "One of the criteria type or entityId must be set");
  const wanted = selector.names?.map((name) => name.toLowerCase());
  const found = namesOf(selector.type, world).filter((name) => !wanted || wanted.includes(name.toLowerCase()));
  const end = cursor.begin + cursor.size;
  const entities = found
    .slice(cursor.begin, end)
    .map((name) => ({ entityId: entityId(selector.type as EntityType, name), type: selector.type, displayName: name }));
  const nextPageKey = end < found.length ? keyOf({ ...cursor, begin: end }) : null;
  return { status: 200, body: { totalCount: found.length, pageSize: cursor.size, nextPageKey, entities } };
}

function namesOf(type: string, world: World): string[] {
  const names = watched(world).map(({ name }) => name);
  if (type === "SERVICE" || type === "APPLICATION") return names;
  return type === "HOST"
    ? world
        .hosts()
        .filter(({ services }) => services.some((s) => names.includes(s)))
        .map(({ name }) => name)
    : [];
}
