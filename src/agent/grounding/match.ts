import type { Evidence, SourceFigure } from "./evidence.ts";
import type { Quantity } from "./quantities.ts";

/** How far a claim may lie from what it stands for, to either side. */
export function tolerance(claim: Quantity): number {
  const half = claim.step / 2;
  if (!claim.digits) return half;
  const coarse = lastDigitWorth(claim);
  const digits = Math.round(Math.log10(Math.max(claim.value, coarse) / coarse) + 0.5);
  if (claim.hedge !== "") return Math.max(half, Math.min(coarse / 2, claim.value * 0.1), claim.value * 0.025);
  // "$62,500" may be rounded to hundreds; "$60,000" on its own claims more than that.
  return digits >= 2 && claim.value >= 100 ? Math.max(half, coarse / 2) : half;
}

/** What the last digit that is no zero is worth. */
function lastDigitWorth({ value, step }: Quantity): number {
  if (value === 0) return step;
  let worth = step;
  const units = Math.round(value / step);
  for (let rest = units; rest !== 0 && rest % 10 === 0; rest /= 10) worth *= 10;
  return worth;
}

/** How many different values of its size a claim tells apart: 12 % about 24, $62,529.78 millions. */
export function precision(claim: Quantity): number {
  return claim.value / Math.max(tolerance(claim), 1e-12);
}

/** Whether the claim states the value, with the rounding its words allow. `slack`: how far the value itself may be off. */
export function fits(claim: Quantity, value: number, slack = 0): boolean {
  const size = Math.abs(value);
  const off = size - claim.value;
  const near = (tolerance(claim) + slack) * (1 + 1e-9) + 1e-9 * size;
  if (Math.abs(off) <= near) return true;
  // Digits cut off instead of rounded, where enough of them are left to tell.
  if (off > 0 && off < claim.step * (1 + 1e-9) && claim.value / claim.step >= 100) return true;
  if (claim.hedge === "over") return off > 0 && off <= claim.value * 0.1;
  return claim.hedge === "under" && off < 0 && -off <= claim.value * 0.1;
}

/** Whether a source's figure is what the claim says, unit and sign included. */
export function states(claim: Quantity, figure: SourceFigure, evidence: Pick<Evidence, "speaksOf">): boolean {
  if (claim.sign !== 0 && figure.sign !== 0 && claim.sign !== figure.sign) return false;
  const shown = asUnit(claim, figure, evidence);
  return shown !== undefined && fits(claim, shown, sourceSlack(figure));
}

/** A source's own hedge: "<0.1%", "about $1,974". */
function sourceSlack(figure: SourceFigure): number {
  return figure.digits ? 0 : figure.step / 4;
}

/** The figure's value in the claim's unit; undefined when the two are of different kinds. */
function asUnit(claim: Quantity, figure: SourceFigure, evidence: Pick<Evidence, "speaksOf">): number | undefined {
  if (claim.unit === figure.unit) return figure.value;
  if (claim.unit === "percent" && figure.unit === "") return isFraction(figure) ? figure.value * 100 : undefined;
  if (claim.unit === "" && figure.unit === "percent") return isFraction(claim) ? figure.value / 100 : undefined;
  if (isShare(claim) && isShare(figure)) return figure.value;
  if (claim.unit === "times" || figure.unit === "times") return asTimes(claim, figure);
  // Said without its unit, as in a table.
  if (claim.unit === "") return claim.digits ? figure.value / figure.scale : undefined;
  // "12 merged changes" are no 12 minutes.
  if (figure.unit === "")
    return figure.noun === "" && !figure.isTally && evidence.speaksOf(figure.source, claim) ? figure.value * claim.scale : undefined;
  return undefined;
}

function asTimes(claim: Quantity, figure: SourceFigure): number | undefined {
  if (figure.unit === "percent") return figure.value >= 50 ? 1 + figure.value / 100 : undefined;
  return claim.unit === "" || figure.unit === "" ? figure.value : undefined;
}

function isFraction({ value, step }: Pick<Quantity, "value" | "step">): boolean {
  return value <= 1 && step < 1;
}

function isShare({ unit }: Pick<Quantity, "unit">): boolean {
  return unit === "percent" || unit === "points";
}

/** Same kind, so that sums and differences make sense. */
export function sameKind(a: Pick<Quantity, "unit">, b: Pick<Quantity, "unit">): boolean {
  return a.unit === b.unit || (isShare(a) && isShare(b));
}
