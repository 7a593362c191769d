import { auc } from "./auc.ts";
import { BINS, binColumns, planBins } from "./bins.ts";
import type { Column } from "./columns.ts";
import { seededRandom } from "./seeded-random.ts";

/**
 * How well one column alone tells the label on rows it was not looked at: the area under the curve of the share of positives in each
 * of its bins, learnt on one half of the rows and tried on the other, both ways. 0.5 is nothing, 1 is everything.
 */
export interface Strength {
  auc: number;
  /** Share of the rarer label's rows that fall where all but 2 % of the other half have that label. */
  certain: number;
}

const PURE = 0.98;
const LEAST_IN_BIN = 5;

/** Labels are those of `rows`, in their order. */
export function columnStrength(column: Column, rows: Uint32Array, labels: Float64Array): Strength {
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const rare = positives <= rows.length / 2 ? 1 : 0;
  const scores = new Float64Array(rows.length);
  let pure = 0;
  let right = 0;
  // By chance, not in turns: files have rhythms.
  const random = seededRandom(1);
  const halves = Uint8Array.from(rows, () => (random() < 0.5 ? 0 : 1));
  for (const half of [0, 1]) {
    const mine = (_: number, k: number) => halves[k] === half;
    const others = (_: number, k: number) => halves[k] !== half;
    const learnt = rows.filter(others);
    const known = labels.filter(others);
    const plan = planBins([column], learnt, known);
    const shares = sharesByBin(binColumns(plan, [column], learnt).columns[0], known);
    const bins = binColumns(plan, [column], rows.filter(mine)).columns[0];
    let next = 0;
    for (const k of rows.keys()) {
      if (halves[k] !== half) continue;
      const { n, share, smooth } = shares[bins?.[next++] ?? 0] ?? { n: 0, share: 0.5, smooth: 0.5 };
      scores[k] = smooth;
      if (n < LEAST_IN_BIN || Math.abs(share - rare) > 1 - PURE) continue;
      pure += 1;
      if (labels[k] === rare) right += 1;
    }
  }
  const rarer = rare === 1 ? positives : rows.length - positives;
  return { auc: auc(labels, scores), certain: pure > 0 && right >= PURE * pure ? right / rarer : 0 };
}

function sharesByBin(bins: Uint8Array | undefined, labels: Float64Array) {
  const sums = Array.from({ length: BINS }, () => ({ n: 0, positive: 0 }));
  for (const [row, y] of labels.entries()) {
    const sum = sums[bins?.[row] ?? 0];
    if (!sum) continue;
    sum.n += 1;
    sum.positive += y;
  }
  const base = labels.reduce((sum, y) => sum + y, 0) / labels.length;
  return sums.map(({ n, positive }) => ({ n, share: n === 0 ? base : positive / n, smooth: (positive + 10 * base) / (n + 10) }));
}
