import type { AtlassianClient } from "../http.ts";

/**
 * The functions of confluence.js we use. Their own types describe every field, which takes the compiler long to work out, and
 * promise more than answers keep: here an answer is unknown until it has passed a schema of ours.
 */
type Ask<Asked> = (client: AtlassianClient, asked: Asked) => Promise<unknown>;

/** Search and people; pages are in version 2. */
export interface V1 {
  searchByCQL: Ask<{ cql: string; limit: number; excerpt: "highlight" }>;
  getCurrentUser(client: AtlassianClient): Promise<unknown>;
}

export interface V2 {
  getPages: Ask<{ title?: string; status?: string[]; limit: number; cursor?: string }>;
  getPageById: Ask<{ id: string; bodyFormat: "storage" }>;
  getSpaces: Ask<{ limit: number; cursor?: string }>;
}

export async function loadV1(): Promise<V1> {
  return (await import("confluence.js/v1")) as unknown as V1;
}

export async function loadV2(): Promise<V2> {
  return (await import("confluence.js/v2")) as unknown as V2;
}
