/**
 * The nearest never-falling sequence by weighted least squares (pool adjacent violators; Ayer et al. 1955, Barlow et al. 1972).
 * Values in order; gives as many. Costs one pass.
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const blocks: { mean: number; weight: number; length: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    let block = { mean: values[i] ?? 0, weight: weights[i] ?? 1, length: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = { mean: (last.mean * last.weight + block.mean * block.weight) / weight, weight, length: last.length + block.length };
    }
    blocks.push(block);
  }
  const fitted = new Float64Array(values.length);
  let at = 0;
  for (const { mean, length } of blocks) {
    fitted.fill(mean, at, at + length);
    at += length;
  }
  return fitted;
}
