import { numberOf, type Page, type World } from "../../world/index.ts";

/** A reserved name: a page that looks like a stranger's would be worse than none. */
export const BASE = "https://wiki.example/wiki";

export interface SpaceInfo {
  id: string;
  key: string;
  name: string;
}

export function spacesOf(world: World): SpaceInfo[] {
  const known = new Map(world.pages().map(({ space }) => [space.key, space]));
  return [...known.values()]
    .map(({ key, name }) => ({ id: String(65_000 + (numberOf(`space ${key}`) % 9_000)), key, name }))
    .sort((a, b) => a.key.localeCompare(b.key));
}

export function webuiOf({ id, space, title }: Page): string {
  return `/spaces/${space.key}/pages/${id}/${encodeURIComponent(title)
    .replaceAll("%20", "+")
    .replace(/[()'!*]/g, "")}`;
}

export function exact(at: string): string {
  return at.replace("Z", ".000Z");
}
