/**
 * Solves A·x = b for a symmetric positive definite A by A = L·Lᵀ (Cholesky; Golub and Van Loan, Matrix Computations, 4.2).
 * `a` is row-major, n × n; its lower triangle is overwritten by L, `b` by x, which is returned. A pivot that is not positive to
 * rounding is raised to a small number, so a singular system gives a finite x; regularised systems are never singular.
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  if (a.length !== n * n) throw new RangeError("solveCholesky: the matrix must be n × n for a right side of n");
  const cell = (i: number, j: number) => a[i * n + j] ?? 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = cell(i, j) - dot(a, i * n, j * n, j);
      a[i * n + j] = i === j ? Math.sqrt(Math.max(rest, 1e-12)) : rest / cell(j, j);
    }
  }
  for (let i = 0; i < n; i++) {
    let rest = b[i] ?? 0;
    for (let k = 0; k < i; k++) rest -= cell(i, k) * (b[k] ?? 0);
    b[i] = rest / cell(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let rest = b[i] ?? 0;
    for (let k = i + 1; k < n; k++) rest -= cell(k, i) * (b[k] ?? 0);
    b[i] = rest / cell(i, i);
  }
  return b;
}

/** Σ a[from + k]·a[other + k] over `length` cells. */
function dot(a: Float64Array, from: number, other: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[from + k] ?? 0) * (a[other + k] ?? 0);
  return sum;
}
