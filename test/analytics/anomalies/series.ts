import { addDays, weekday } from "../../../src/core/civil-date.ts";
import { seededRandom } from "../../kit/random.ts";

/** Standard normal numbers, the same on every run (Box and Muller). */
export function seededNormal(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rows every five minutes with a daily wave and noise. */
export function wave(rows: number, seed = 1, noise = 2): Float64Array {
  const normal = seededNormal(seed);
  return Float64Array.from({ length: rows }, (_, i) => 100 + 30 * Math.sin((2 * Math.PI * i) / 288) + noise * normal());
}

export const FIRST = "2025-01-01";

/** Days from `FIRST` on: a level, quiet weekends, noise of 5 %, times what `change` makes of a day. */
export function bill(days: number, change: (day: string, i: number) => number = () => 1, seed = 1): Float64Array {
  const normal = seededNormal(seed);
  return Float64Array.from({ length: days }, (_, i) => {
    const day = addDays(FIRST, i);
    return 100 * (weekday(day) > 5 ? 0.4 : 1) * (1 + 0.05 * normal()) * change(day, i);
  });
}
