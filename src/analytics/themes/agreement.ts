/** How well groups found agree with groups known. Each in 0 … 1, but the adjusted Rand index, which is about 0 by chance. */
export interface Agreement {
  /** Share of things whose group is mostly of their own kind. Flatters many small groups. */
  purity: number;
  /** Mutual information over the mean of both entropies. */
  nmi: number;
  /** Pairs put together or apart alike, less what chance gives (L. Hubert and P. Arabie, Comparing partitions, 1985). */
  ari: number;
}

/** Both lists name the group of each thing, in the same order. NaN-free: two trivial partitions agree fully. */
export function agreement<T, U>(found: readonly T[], known: readonly U[]): Agreement {
  const n = found.length;
  const cells = new Map<T, Map<U, number>>();
  for (const [i, a] of found.entries()) {
    const row = cells.get(a) ?? new Map<U, number>();
    const b = known[i] as U;
    cells.set(a, row.set(b, (row.get(b) ?? 0) + 1));
  }
  const rows = [...cells.values()].map((row) => [...row.values()].reduce((s, v) => s + v, 0));
  const columns = [...Map.groupBy(known, (b) => b).values()].map((some) => some.length);
  const columnOf = new Map([...Map.groupBy(known, (b) => b)].map(([b, some]) => [b, some.length]));
  const pairs = (values: readonly number[]) => values.reduce((s, v) => s + (v * (v - 1)) / 2, 0);
  const counts = [...cells.values()].flatMap((row) => [...row.values()]);
  const [together, byFound, byKnown, all] = [pairs(counts), pairs(rows), pairs(columns), (n * (n - 1)) / 2];
  const expected = all === 0 ? 0 : (byFound * byKnown) / all;
  const room = (byFound + byKnown) / 2 - expected;
  const entropy = (values: readonly number[]) => values.reduce((s, v) => s - (v / n) * Math.log(v / n), 0);
  let shared = 0;
  for (const row of cells.values()) {
    const size = [...row.values()].reduce((s, v) => s + v, 0);
    for (const [b, v] of row) shared += (v / n) * Math.log((v * n) / (size * (columnOf.get(b) ?? 1)));
  }
  const mean = (entropy(rows) + entropy(columns)) / 2;
  const purest = [...cells.values()].reduce((s, row) => s + Math.max(...row.values()), 0);
  return { purity: n === 0 ? 1 : purest / n, nmi: mean === 0 ? 1 : shared / mean, ari: room === 0 ? 1 : (together - expected) / room };
}
