/** Numbers as people read them. Money names its currency; tiny amounts keep two significant digits, never "0.00". */

const LOCALE = "en-US";

/** True for an ISO 4217 code such as "USD". */
export function isCurrency(unit: string | undefined): unit is string {
  return unit !== undefined && /^[A-Z]{3}$/.test(unit);
}

/** "$1,234.56", "€1,200.00", "CHF 12.00"; "$0.0000012" for tiny amounts. From 100,000 on whole units. */
export function formatMoney(value: number, currency: string): string {
  const size = Math.abs(value);
  const digits =
    size === 0 || size >= 0.01
      ? { minimumFractionDigits: size >= 100_000 ? 0 : 2, maximumFractionDigits: size >= 100_000 ? 0 : 2 }
      : { maximumSignificantDigits: 2 };
  try {
    return new Intl.NumberFormat(LOCALE, { style: "currency", currency, ...digits }).format(value).replace("\u00a0", " ");
  } catch {
    return `${formatNumber(value)} ${currency}`;
  }
}

/** "1,234", "1,234.5", "0.00012" */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 0.01 ? { maximumFractionDigits: size >= 1000 ? 0 : 2 } : { maximumSignificantDigits: 2 };
  return new Intl.NumberFormat(LOCALE, digits).format(value);
}

/** A ratio as a percentage: 0.8046 → "80.5%". Between 0 and 0.05 % it says "<0.1%". */
export function formatPercent(ratio: number): string {
  if (ratio !== 0 && Math.abs(ratio) < 0.0005) return ratio > 0 ? "<0.1%" : ">-0.1%";
  return new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: Math.abs(ratio) >= 10 ? 0 : 1 }).format(ratio);
}

/** With a sign: "+12.5%", "-3%". */
export function formatChange(ratio: number): string {
  return `${ratio > 0 ? "+" : ""}${formatPercent(ratio)}`;
}

/** By its unit: money for a currency, percent for "ratio", else the number and the unit. */
export function formatValue(value: number, unit: string | undefined): string {
  if (isCurrency(unit)) return formatMoney(value, unit);
  if (unit === "ratio") return formatPercent(value);
  const number = formatNumber(value);
  if (unit === undefined || unit === "count" || unit === "") return number;
  return withUnit(number, unit);
}

/** "1 hour", "2 hours" */
function withUnit(number: string, unit: string): string {
  return `${number} ${number === "1" && /^\p{L}{3,}s$/u.test(unit) ? unit.slice(0, -1) : unit}`;
}

/** "2026-11-21 08:42 UTC" */
export function formatInstant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A measure or dimension name for people: "sub_account" → "sub-account". */
export function readable(name: string): string {
  return name.replaceAll("_", name === "sub_account" ? "-" : " ").replace(INITIALS, (word) => word.toUpperCase());
}

/** Names of measures that nobody writes in small letters. */
const INITIALS = /\b(?:nps|mrr|arr|csat|cpu|gb|ai)\b/g;
