/**
 * Pareto (ABC) analysis of positive amounts.
 *
 * Items are sorted down. The vital few are the smallest set whose sum reaches 80 % of the total: A up to and with the item that
 * crosses 80 %, B to 95 %, C the rest. Gini = 2·Σ i·x₍ᵢ₎ / (n·Σx) − (n+1)/n with x ascending (Lorenz curve; 0 equal, towards 1 one
 * item has all). Source: Juran's vital few; Dickie, ABC inventory analysis (1951); Gini by the mean-difference form.
 *
 * Amounts at or below zero are no part of the ranking: they are counted apart. Equal amounts are ordered by label.
 * Smallest sample: five items; with fewer the shares are right, but "80/20" means nothing and `tooFew` says so.
 */
export interface ParetoItem {
  label: string;
  value: number;
  /** Share of the total of the positive items, 0 to 1. */
  share: number;
  /** Share of this item and all before it. */
  cumulativeShare: number;
  class: "A" | "B" | "C";
}

export interface Pareto {
  items: ParetoItem[];
  /** Sum, count and concentration of the positive items. */
  total: number;
  n: number;
  /** Size of the smallest set that makes 80 %; 0 without positive items. */
  itemsTo80: number;
  /** Share of the first ⌈0.2 n⌉ items. */
  top20Share: number;
  gini: number;
  /** Items below zero: credits and refunds. Absent when there are none. */
  negative?: { n: number; total: number };
  tooFew: boolean;
}

const SMALLEST_SAMPLE = 5;
/** Sums of binary fractions may miss a bound by an ulp: 0.8 of ten equal items is 0.7999…. */
const TOLERANCE = 1e-12;

export function pareto(amounts: readonly { label: string; value: number }[]): Pareto {
  for (const { value } of amounts) if (!Number.isFinite(value)) throw new RangeError("pareto: amounts must be finite numbers");
  const positive = amounts.filter((a) => a.value > 0).sort((a, b) => b.value - a.value || compareLabels(a.label, b.label));
  const negative = amounts.filter((a) => a.value < 0);
  const total = sum(positive.map((a) => a.value));
  const items: ParetoItem[] = [];
  const running = runningSums(positive.map((a) => a.value));
  for (const [i, { label, value }] of positive.entries()) {
    const before = (running[i - 1] ?? 0) / total;
    items.push({
      label,
      value,
      share: value / total,
      cumulativeShare: Math.min(1, (running[i] ?? 0) / total),
      class: before < 0.8 - TOLERANCE ? "A" : before < 0.95 - TOLERANCE ? "B" : "C",
    });
  }
  const n = items.length;
  return {
    items,
    total,
    n,
    itemsTo80: items.filter((item) => item.class === "A").length,
    top20Share: n === 0 ? 0 : sum(items.slice(0, Math.ceil(0.2 * n)).map((item) => item.value)) / total,
    gini: gini(items.map((item) => item.value)),
    ...(negative.length > 0 ? { negative: { n: negative.length, total: sum(negative.map((a) => a.value)) } } : {}),
    tooFew: n < SMALLEST_SAMPLE,
  };
}

/** Gini coefficient of positive amounts in any order; 0 for none. */
export function gini(values: readonly number[]): number {
  const n = values.length;
  const total = sum(values);
  if (n === 0 || total <= 0) return 0;
  const ascending = [...values].sort((a, b) => a - b);
  const weighted = sum(ascending.map((x, i) => (i + 1) * x));
  return Math.max(0, (2 * weighted) / (n * total) - (n + 1) / n);
}

/** Kahan–Babuška summation: the order of a million small amounts does not change the total. */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** The sum up to and with each value, summed as `sum` does: the last one is the total. */
function runningSums(values: readonly number[]): number[] {
  let total = 0;
  let lost = 0;
  return values.map((value) => {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
    return total + lost;
  });
}

function compareLabels(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
