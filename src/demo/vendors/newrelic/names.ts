import type { Service, World } from "../../world/index.ts";

export const ACCOUNT = 4_210_077;
export const KEY = "NRAK-DEMO0HARBOURLINE0KEY";

/** The front ends are watched by another vendor. */
export function watched(world: World): readonly Service[] {
  return world.services().filter(({ kind }) => kind === "api" || kind === "worker");
}
