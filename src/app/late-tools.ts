import type { Handler } from "../core/channel.ts";
import type { Tool } from "../core/tool.ts";
import type { Connections } from "./connections.ts";

/** What starts slowly joins within a minute, whether anybody asks or not. */
const REJOIN_MS = 5_000;
const REJOINS = 12;

/**
 * Adds the tools that only become known by asking, to the list that everyone holds. Gives what does so. The first time it resolves
 * when they are there or their time is over; after that it makes nobody wait. Never rejects.
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
  const again = (left: number): void => {
    if (left > 0 && lateFrom(connections).length > 0) setTimeout(() => void join().then(() => again(left - 1)), REJOIN_MS).unref();
  };
  let first: Promise<void> | undefined;
  return async () => {
    if (late.length === 0) return;
    if (first) await first.then(join);
    else {
      first = join();
      await first;
      again(REJOINS);
    }
  };
}

/** Who has not said yet what it can do. */
export function lateFrom(connections: Connections): readonly string[] {
  return connections.flatMap(({ connection }) => connection.lateFrom?.() ?? []);
}

/** Answers after `join`. */
export function afterJoining(join: () => Promise<void>, handle: Handler): Handler {
  return async function* (message, signal) {
    await join();
    yield* handle(message, signal);
  };
}
