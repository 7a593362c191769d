/** Health of one account: a weighted mean, how much of it is known, and what pulls it up or down. */
export interface Health {
  /** 0 bad to 1 good; NaN when nothing is known. */
  score: number;
  /** Share of the weights whose input is known. */
  confidence: number;
  /** weight × (input − the average input), over the known weights; they add up to score − the average score of an account with the same inputs known. */
  drivers: readonly { input: number; effect: number }[];
}

export type Band = "red" | "amber" | "green";

/** The thirds of the scale. */
export const BANDS: readonly { band: Band; from: number; to: number }[] = [
  { band: "red", from: 0, to: 0.33 },
  { band: "amber", from: 0.33, to: 0.66 },
  { band: "green", from: 0.66, to: 1 },
];

/**
 * Score = Σ wᵢ·xᵢ / Σ wᵢ over the known inputs. A missing input is neither good nor bad: it lowers the confidence, not the score.
 * Raising any input never lowers the score. Inputs in 0–1 (NaN missing), weights not negative.
 */
export function healthScore(inputs: Float64Array, weights: Float64Array, averages: Float64Array): Health {
  let known = 0;
  let all = 0;
  let sum = 0;
  for (let i = 0; i < inputs.length; i++) {
    const weight = weights[i] ?? 0;
    const value = inputs[i] ?? Number.NaN;
    all += weight;
    if (Number.isNaN(value)) continue;
    known += weight;
    sum += weight * value;
  }
  const drivers = [...inputs.keys()]
    .filter((i) => !Number.isNaN(inputs[i] ?? Number.NaN) && known > 0)
    .map((input) => ({ input, effect: ((weights[input] ?? 0) * ((inputs[input] ?? 0) - (averages[input] ?? 0))) / known }))
    .filter(({ effect }) => effect !== 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  return { score: known > 0 ? sum / known : Number.NaN, confidence: all > 0 ? known / all : 0, drivers };
}

export function bandOf(score: number): Band {
  return score < 0.33 ? "red" : score < 0.66 ? "amber" : "green";
}
