/**
 * Money as Anthropic states it: decimal strings in minor units ("1234.5678" cents). Added exactly; a number only at the end.
 * An amount here is a whole number of 10⁻¹⁰ minor units.
 */
export type MinorAmount = bigint;

const DIGITS = 10;

/** A decimal in minor units. Digits after the tenth are dropped: they are below a millionth of a millionth. Throws for anything else. */
export function parseMinor(text: string): MinorAmount {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new Error(`“${text}” is not an amount`);
  const [, sign = "", whole = "0", fraction = ""] = match;
  const amount = BigInt(whole + fraction.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return sign ? -amount : amount;
}

/** In major units: 123456 cents are 1234.56. */
export function toMajor(amount: MinorAmount, currency: string): number {
  const digits = DIGITS + minorDigits(currency);
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, "0");
  const value = Number(`${text.slice(0, -digits)}.${text.slice(-digits)}`);
  return amount < 0n ? -value : value;
}

function minorDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
