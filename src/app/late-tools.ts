import type { Handler } from "../core/channel.ts";
import type { Tool } from "../core/tool.ts";
import type { Connections } from "./connections.ts";

/**
 * Adds the tools that only become known by asking, to the list that everyone holds. Gives what does so. The first time it resolves
 * when they are there or their time is over; after that it never makes anybody wait. Never rejects.
 */
export function joinLateTools(
  connections: Connections,
  tools: Tool[],
  prepare: (tools: readonly Tool[]) => readonly Tool[],
): () => Promise<void> {
  const late = connections.flatMap(({ connection }) => (connection.lateTools ? [connection] : []));
  const join = async () => {
    const found = (await Promise.all(late.map(async (connection) => (await connection.lateTools?.()) ?? []))).flat();
    const known = new Set(tools.map(({ name }) => name));
    tools.push(...prepare(found.filter(({ name }) => !known.has(name))));
  };
  let first: Promise<void> | undefined;
  let joined = false;
  return async () => {
    if (late.length === 0) return;
    if (joined) void join();
    else {
      first ??= join();
      await first;
      joined = true;
    }
  };
}

/** Answers after `join`. */
export function afterJoining(join: () => Promise<void>, handle: Handler): Handler {
  return async function* (message, signal) {
    await join();
    yield* handle(message, signal);
  };
}
