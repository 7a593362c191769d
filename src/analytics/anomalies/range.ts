/** What was usual before a value: 99 of 100 lie between. */
export interface Range {
  expected: number;
  low: number;
  high: number;
}

/** Asked once per value, in order: what the values before say of it. `day`: its place. */
export type Ranges = (value: number, day: number) => Range;

/** Too few values before. */
export const UNKNOWN: Range = { expected: Number.NaN, low: Number.NaN, high: Number.NaN };

/** Of a normal distribution, 99 % lie within so many standard deviations. */
export const RANGE = 2.576;
