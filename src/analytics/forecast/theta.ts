import { clearlyLess } from "./clearly-less.ts";

/**
 * The Theta method: half the straight trend, half exponential smoothing of the series with doubled curvature.
 *
 * Line a + b·t by least squares; w_t = 2·x_t − (a + b·t) smoothed with the α of least squared one-step error;
 * forecast k steps ahead = ½·level + ½·(a + b·(n − 1 + k)). Assimakopoulos and Nikolopoulos, The theta model (IJF 2000), the best of the M3
 * competition. For a series without season (adjust it before). Smallest sample: three values.
 */
export function theta(x: Float64Array, horizon: number): Float64Array {
  const { start, slope } = straightLine(x);
  const curved = x.map((value, t) => 2 * value - start - slope * t);
  const level = smoothedLevel(curved);
  return Float64Array.from({ length: horizon }, (_, k) => 0.5 * level + 0.5 * (start + slope * (x.length + k)));
}

/** Least squares of x_t on t = 0, 1, … */
export function straightLine(x: Float64Array): { start: number; slope: number } {
  const n = x.length;
  const middle = (n - 1) / 2;
  let sum = 0;
  let product = 0;
  for (let t = 0; t < n; t++) {
    sum += x[t] ?? 0;
    product += (t - middle) * (x[t] ?? 0);
  }
  const slope = n > 1 ? product / ((n * (n * n - 1)) / 12) : 0;
  return { start: (n > 0 ? sum / n : 0) - slope * middle, slope };
}

/** Last level of simple exponential smoothing; α from a grid of hundredths by squared one-step error. */
function smoothedLevel(x: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let best = x[0] ?? 0;
  for (let percent = 1; percent < 100; percent++) {
    const alpha = percent / 100;
    let level = x[0] ?? 0;
    let squares = 0;
    for (let t = 1; t < x.length && squares < least; t++) {
      const error = (x[t] ?? 0) - level;
      squares += error * error;
      level += alpha * error;
    }
    if (clearlyLess(squares, least)) {
      least = squares;
      best = level;
    }
  }
  return best;
}
