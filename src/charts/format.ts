import { isCurrency } from "../core/format.ts";

/** Numbers as charts write them, in en-US: "$12,345", "$1.2k", "0.0000012", "36.5%", "1.2 s", "3.4 GB". */

export interface NumberStyle {
  /** "$12.3k" instead of "$12,345". */
  compact?: boolean;
  /** Significant digits of a compact number. Default: 3. */
  digits?: number;
  /** Puts "+" before positive numbers. */
  signed?: boolean;
}

interface Affixes {
  prefix: string;
  suffix: string;
}

const STEPS = [
  { size: 1e12, letter: "T" },
  { size: 1e9, letter: "B" },
  { size: 1e6, letter: "M" },
  { size: 1e3, letter: "k" },
] as const;

/** Below this a decimal would be longer than anyone reads. */
const SMALLEST_DECIMAL = 1e-9;

const LADDERS: Readonly<Record<string, readonly { size: number; name: string }[]>> = {
  ms: [
    { size: 86_400_000, name: "d" },
    { size: 3_600_000, name: "h" },
    { size: 60_000, name: "min" },
    { size: 1000, name: "s" },
    { size: 1, name: "ms" },
  ],
  bytes: [
    { size: 1e15, name: "PB" },
    { size: 1e12, name: "TB" },
    { size: 1e9, name: "GB" },
    { size: 1e6, name: "MB" },
    { size: 1e3, name: "kB" },
    { size: 1, name: "B" },
  ],
};

/**
 * One finite number with its unit. `unit` is that of a fact: a currency code, "count", "ratio" (0.8 is "80%"), "ms", "bytes",
 * or any word, which follows the number.
 */
export function formatValue(value: number, unit: string | undefined, style: NumberStyle = {}): string {
  const sign = value < 0 ? "-" : style.signed && value > 0 ? "+" : "";
  return sign + formatSize(Math.abs(value), unit, style);
}

/** A ratio as percent: 0.8 is "80%", 0.3651 is "36.5%". */
export function formatPercent(ratio: number, style: NumberStyle = {}): string {
  return formatValue(ratio, "ratio", style);
}

/** How many of one unit make the display unit of values up to `max`: 3,600,000 for milliseconds shown as hours. */
export function displaySize(max: number, unit: string | undefined): number {
  if (unit === "ratio") return 0.01;
  return rung(max, unit)?.size ?? 1;
}

/** An axis label: compact, and in the same display unit as its neighbours. */
export function formatTick(value: number, unit: string | undefined, max: number): string {
  const step = rung(max, unit);
  if (step) return `${trimmed(value / step.size, 6)} ${step.name}`;
  if (unit === "ratio") return `${trimmed(value * 100, 6)}%`;
  const { prefix } = affixes(unit);
  const size = Math.abs(value);
  return `${value < 0 ? "-" : ""}${prefix}${size >= 1000 ? shortened(size, 4) : trimmed(size, 4)}`;
}

/** What a subtitle calls the unit; empty for plain counts and for units that stand at every number. */
export function unitName(unit: string | undefined): string {
  if (unit === undefined || unit === "count" || unit === "ratio" || unit in LADDERS) return "";
  return unit;
}

function formatSize(size: number, unit: string | undefined, { compact, digits = 3 }: NumberStyle): string {
  if (unit === "ratio") return `${percentDigits(size * 100)}%`;
  const step = rung(size, unit);
  if (step) return `${trimmed(size / step.size, 3)} ${step.name}`;
  const { prefix, suffix } = affixes(unit);
  const number = compact && size >= 1000 ? shortened(size, digits) : plain(size, isCurrency(unit));
  return prefix + number + (compact ? "" : suffix);
}

function rung(size: number, unit: string | undefined): { size: number; name: string } | undefined {
  const ladder = unit !== undefined && Object.hasOwn(LADDERS, unit) ? LADDERS[unit] : undefined;
  return ladder?.find((step) => size >= step.size) ?? ladder?.at(-1);
}

function affixes(unit: string | undefined): Affixes {
  if (unit === undefined || unit === "count") return { prefix: "", suffix: "" };
  return isCurrency(unit) ? { prefix: currencyPrefix(unit), suffix: "" } : { prefix: "", suffix: ` ${unit}` };
}

const prefixes = new Map<string, string>();

function currencyPrefix(code: string): string {
  const known = prefixes.get(code);
  if (known !== undefined) return known;
  const parts = new Intl.NumberFormat("en-US", { style: "currency", currency: code, maximumFractionDigits: 0 }).formatToParts(0);
  const prefix = parts
    .filter((part) => part.type === "currency" || part.type === "literal")
    .map((part) => part.value)
    .join("")
    .replaceAll("\u00a0", " ");
  prefixes.set(code, prefix);
  return prefix;
}

function shortened(size: number, digits: number): string {
  const rounded = Number(size.toPrecision(digits));
  const step = STEPS.find((candidate) => rounded >= candidate.size);
  if (!step) return trimmed(rounded, digits);
  if (rounded >= 1e15) return rounded.toExponential(1);
  return `${trimmed(rounded / step.size, digits)}${step.letter}`;
}

const wholeNumber = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const twoPlaces = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const upToTwoPlaces = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

function plain(size: number, money: boolean): string {
  if (size >= 1e15) return size.toExponential(2);
  if (size === 0 || size >= 1000 || (size >= 100 && money)) return wholeNumber.format(size);
  if (size < 0.01) return trimmed(size, 2);
  if (money) return Number.isInteger(Number(size.toFixed(2))) ? wholeNumber.format(size) : twoPlaces.format(size);
  return size < 1 ? trimmed(size, 3) : upToTwoPlaces.format(size);
}

function percentDigits(percent: number): string {
  if (percent >= 1000) return wholeNumber.format(percent);
  if (percent < 1) return trimmed(percent, 2);
  const nearlyAll = percent > 99.9 && percent < 100;
  return nearlyAll ? upToTwoPlaces.format(percent) : trimmed(Math.round(percent * 10) / 10, 4);
}

/** At most `digits` significant digits, no exponent, no zeros at the end. */
function trimmed(size: number, digits: number): string {
  if (size !== 0 && Math.abs(size) < SMALLEST_DECIMAL) return size.toExponential(1);
  return new Intl.NumberFormat("en-US", { maximumSignificantDigits: digits }).format(size);
}
