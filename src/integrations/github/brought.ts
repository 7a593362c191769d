/** A deployment that succeeded, of one repository and environment. */
export interface Arrival {
  id: string;
  commit: string;
}

/**
 * The commits each deployment brought to its environment for the first time: what can be reached from its commit and could not be
 * reached from an earlier one's (`git log before..after`). `arrivals` oldest first; `parents` is the commit graph as far as it is known.
 * Missing: the first one, whose past would all be its own, and one whose commit is not in the graph. One that brings nothing new, a
 * roll-back or a repetition, brings its own commit, which an earlier one has brought before.
 */
export function broughtBy(arrivals: readonly Arrival[], parents: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const there = new Set<string>();
  const brought = new Map<string, string[]>();
  for (const { id, commit } of arrivals) {
    if (!parents.has(commit)) continue;
    const isFirst = there.size === 0;
    const fresh = reach(commit, parents, there);
    if (!isFirst) brought.set(id, fresh.length > 0 ? fresh : [commit]);
  }
  return brought;
}

/** Commits that can be reached and were not there; they are there afterwards. */
function reach(commit: string, parents: ReadonlyMap<string, readonly string[]>, there: Set<string>): string[] {
  const fresh: string[] = [];
  const waiting = [commit];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const above = parents.get(at);
    if (there.has(at) || above === undefined) continue;
    there.add(at);
    fresh.push(at);
    waiting.push(...above);
  }
  return fresh;
}
