/** A key for each combination of codes: a number while all combinations fit into one, which a Map finds much faster, else a text. */
export function rowKey(sizes: readonly number[]): (codes: readonly ArrayLike<number>[], row: number) => number | string {
  const fits = sizes.reduce((product, size) => product * Math.max(1, size), 1) < Number.MAX_SAFE_INTEGER;
  if (!fits) return (codes, row) => codes.map((column) => column[row]).join();
  return (codes, row) => {
    let key = 0;
    for (let a = 0; a < codes.length; a++) key = key * (sizes[a] ?? 1) + (codes[a]?.[row] ?? 0);
    return key;
  };
}
