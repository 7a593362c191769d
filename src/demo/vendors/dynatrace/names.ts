import { numberOf, type Service, type World } from "../../world/index.ts";

export const TOKEN = "dt0c01.DEMO.HARBOURLINE";

/** What stands behind the front ends is watched by another vendor. */
export function watched(world: World): readonly Service[] {
  return world.services().filter(({ kind }) => kind === "web" || kind === "mobile");
}

export type EntityType = "SERVICE" | "APPLICATION" | "HOST";

export function entityId(type: EntityType, name: string): string {
  return `${type}-${numberOf(`${type} ${name}`).toString(16).toUpperCase().padStart(16, "0")}`;
}

export function stub(type: EntityType, name: string): { entityId: { id: string; type: string }; name: string } {
  return { entityId: { id: entityId(type, name), type }, name };
}
