import { type Amounts, excess, expected, exposure, isRounding, type Scale } from "./amounts.ts";

/**
 * How far the rest rose as the slice did: 0 not at all, 1 as much. The principle behind every such score is the ripple effect (a
 * cause lifts all it holds alike and nothing beside it: Sun et al., HotSpot, 2018; Li et al., PSqueeze, 2022; Kalander, RiskLoc, 2022).
 * Three readings, of which the largest counts, because each misses a case the others see:
 * - linear: excess of the rest over what the slice's excess per exposure would give it;
 * - logarithmic: ln(lift of the rest) / ln(lift of the slice), for slices whose levels differ widely;
 * - by itself: (lift of the rest − 1) / 4. Fivefold is a rise, whatever the slice did.
 *
 * One pseudo-observation at the slice's own level is added, so that a rest too small to tell counts as having risen: two words
 * should say more than one only where the data does.
 */
export function restRose(slice: Amounts, rest: Amounts, scale: Scale): number {
  if (isEmpty(rest, scale)) return 1;
  const { unit } = scale;
  const usual = Math.max(0, expected(rest, scale));
  const lift = Math.max(LEAST_LIFT, slice.after / Math.max(expected(slice, scale), LEAST_EXPECTED * unit));
  const own = (Math.max(0, rest.after) + unit) / (usual + unit);
  const like = (Math.max(0, rest.after) + unit) / (usual + unit / lift);
  const logarithmic = Math.log(Math.max(like, 1)) / Math.log(lift);
  return Math.min(1, Math.max(linearRest(slice, rest, scale), logarithmic, (own - 1) / RISE_BY_ITSELF));
}

/** The linear reading alone; for the rest of everything, where the other two would see every small thing that also happened. */
export function linearRest(slice: Amounts, rest: Amounts, scale: Scale): number {
  const { unit } = scale;
  const ratio = exposure(rest, scale) / Math.max(exposure(slice, scale), unit * 1e-9);
  const wouldBe = Math.min(ratio * Math.max(0, excess(slice, scale)), Number.MAX_VALUE / 2);
  return (Math.max(0, excess(rest, scale)) + unit) / (wouldBe + unit);
}

/** True when the rest holds nothing: the slice and its parent are the same rows. */
export function isEmpty(rest: Amounts, scale: Scale): boolean {
  const amounts = isRounding(rest.before, scale) && isRounding(rest.after, scale);
  return amounts && (!scale.rates || (rest.totalBefore <= 1e-9 && rest.totalAfter <= 1e-9));
}

const LEAST_LIFT = 1.05;
const LEAST_EXPECTED = 0.3;
const RISE_BY_ITSELF = 4;
