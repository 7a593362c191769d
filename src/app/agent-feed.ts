import type { Feed } from "../core/feed.ts";
import type { Store } from "./store.ts";

/**
 * Adds what AI agents reported to the feeds as soon as there is any: an empty source would be offered as if it could answer.
 * With several processes on one database, another one's first events are seen at the next start.
 */
export async function joinAgentFeed(
  feeds: Feed[],
  { agents, database }: Pick<Store, "agents" | "database">,
  now: () => Date,
): Promise<void> {
  const { agentFeed } = await import("../records/agents/feed.ts");
  await agents.whenReporting(() => feeds.push(agentFeed(database, now)));
}
