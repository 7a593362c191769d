/**
 * Chance that a random positive scores above a random negative, ties counting half (Mann and Whitney 1947; Hanley and McNeil 1982).
 * Labels are 0 or 1. NaN when a class is missing: there is nothing to rank.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const n = labels.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    while (end < n && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end++;
    const rank = (start + end + 1) / 2;
    for (; start < end; start++) {
      if (!labels[order[start] ?? 0]) continue;
      rankSum += rank;
      positives += 1;
    }
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives));
}
