import type { z } from "zod";
import { type Cached, readPages } from "../http.ts";
import { type AnthropicClient, isRefused } from "./client.ts";
import { DEFAULT_WORKSPACE } from "./reports.ts";
import { namedPage } from "./schema.ts";

/** Names of workspaces and keys by their ids. */
export interface Names {
  workspace: ReadonlyMap<string, string>;
  key: ReadonlyMap<string, string>;
  /** Why ids stand in the place of names. */
  note?: string;
}

const MOST_PAGES = 20;
const PAGE = 100;

/** Remembered like every answer. A key that may not list them leaves ids. Throws VendorError. */
export function createNames(client: AnthropicClient): (signal: AbortSignal) => Promise<Cached<Names>> {
  async function list(path: string, operation: string, query: Record<string, boolean>, signal: AbortSignal) {
    const { items } = await readPages(
      async (after_id) => {
        const request = { path, query: { ...query, limit: PAGE, after_id }, operation };
        const answer: z.output<typeof namedPage> = await client.get(request, namedPage, signal);
        return { items: answer.data, next: answer.has_more ? (answer.last_id ?? undefined) : undefined };
      },
      { pages: MOST_PAGES, what: operation },
    );
    return distinct(items);
  }

  async function load(signal: AbortSignal): Promise<Names> {
    try {
      const [workspace, key] = await Promise.all([
        list("/workspaces", "list workspaces", { include_archived: true, include_default: true }, signal),
        list("/api_keys", "list API keys", {}, signal),
      ]);
      if (!workspace.has(DEFAULT_WORKSPACE)) workspace.set(DEFAULT_WORKSPACE, "Default");
      return { workspace, key };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return {
        workspace: new Map(),
        key: new Map(),
        note: "Workspaces and keys are shown by their ids: this key may not read their names.",
      };
    }
  }

  return (signal) => client.http.cached("names", load, signal, { operation: "list names" });
}

/** Two keys may have one name; each then carries the end of its id, so that they stay two. */
function distinct(items: readonly { id: string; name: string }[]): Map<string, string> {
  const times = Map.groupBy(items, ({ name }) => name);
  return new Map(items.map(({ id, name }) => [id, (times.get(name)?.length ?? 0) > 1 ? `${name} (…${id.slice(-4)})` : name]));
}
