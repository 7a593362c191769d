import { seededRandom, shuffled } from "./seeded-random.ts";

/** Rows a model is fitted on, and rows it is then tried on. */
export interface Fold {
  train: Uint32Array;
  test: Uint32Array;
}

/** Each row is tried on once; every fold has its share of both labels (Kohavi 1995). */
export function stratifiedFolds(labels: ArrayLike<number>, count: number, seed = 1): Fold[] {
  const fold = new Uint8Array(labels.length);
  const next = [0, 0];
  for (const i of shuffled(labels.length, seededRandom(seed))) {
    const label = labels[i] ? 1 : 0;
    fold[i] = (next[label] ?? 0) % count;
    next[label] = (next[label] ?? 0) + 1;
  }
  const rows = Uint32Array.from({ length: labels.length }, (_, i) => i);
  return Array.from({ length: count }, (_, k) => ({ train: rows.filter((i) => fold[i] !== k), test: rows.filter((i) => fold[i] === k) }));
}

/** In order of time: each of the later parts is tried on with a model of all before it. The first part is never tried on. */
export function forwardFolds(times: Float64Array, count: number): Fold[] {
  const order = Uint32Array.from({ length: times.length }, (_, i) => i).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const cut = (k: number) => Math.floor(((k + 1) / (count + 1)) * order.length);
  return Array.from({ length: count }, (_, k) => ({ train: order.slice(0, cut(k)), test: order.slice(cut(k), cut(k + 1)) }));
}
