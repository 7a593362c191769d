import { displaySize, formatTick } from "./format.ts";

/** Where an axis has labels, and what they say. `values` go up; the domain runs from the first to the last. */
export interface Ticks {
  values: number[];
  texts: string[];
}

/** About `count` round numbers that enclose [min, max], round in the unit people read (hours, percent). Needs finite ends. */
export function enclosingTicks(min: number, max: number, unit: string | undefined, count = 5): Ticks {
  const size = displaySize(Math.max(Math.abs(min), Math.abs(max)), unit);
  const span = max - min || Math.abs(max) || size;
  const step = roundStep(span / size / count);
  const first = Math.floor(tidy(min / size / step));
  const last = Math.max(first + 1, Math.ceil(tidy(max / size / step)));
  return label(range(first, last, step, size), unit);
}

/** Round numbers from 0 up to, not beyond, `max`, for an axis that ends exactly there. Needs a positive `max`. */
export function ticksWithin(max: number, unit: string | undefined, count = 5): Ticks {
  const size = displaySize(max, unit);
  const step = roundStep(max / size / count);
  return label(range(0, Math.floor(tidy(max / size / step)), step, size), unit);
}

function range(first: number, last: number, step: number, size: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => tidy(tidy((first + i) * step) * size));
}

function label(values: number[], unit: string | undefined): Ticks {
  const max = Math.max(...values.map(Math.abs));
  return { values, texts: values.map((value) => formatTick(value, unit, max)) };
}

/** The least of 1, 2, 2.5, 5 × 10ⁿ that is not below `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return tidy(factor * power);
}

/** Without the last digits of binary arithmetic: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
