/** Severity is −log₁₀ of a tail probability: 3 is "once in a thousand". A score is severity / (severity + alarm). */

/** From 0 to below 1, rising in severity, one half at the alarm level. Never rounds to 1, so that great ones keep their order. */
export function scoreOf(severity: number, alarm: number): number {
  return severity > 0 ? severity / (severity + alarm) : 0;
}

/**
 * −log₁₀ P(|Z| ≥ z) of a normal Z, exact to four digits at any size: erfc by Numerical Recipes' Chebyshev fit (Press et al., 2007,
 * 6.2.2, relative error below 1.2e-7), whose exponent is taken out, so that nothing underflows.
 */
export function normalSeverity(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 2 / (2 + x);
  let polynomial = 0;
  for (const coefficient of ERFC) polynomial = polynomial * t + coefficient;
  return Math.max(0, (x * x - polynomial - Math.log(t)) / Math.LN10);
}

/** Highest power first. */
const ERFC = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
