import type { DateMention } from "./dates.ts";
import { fits, sameKind, tolerance } from "./match.ts";
import { type Derivation, derivation, isOfKind, type Operand } from "./operands.ts";
import type { Quantity } from "./quantities.ts";

/**
 * What may be worked out of two figures. change: one thing at two times, so difference and growth. column: two things in one
 * respect, so their sum and share as well, of plain numbers too. all: figures said in one breath.
 */
export type Pairing = "change" | "column" | "all";

export function ofPairs(claim: Quantity, group: readonly Operand[], pairing: Pairing): Derivation | undefined {
  for (let i = 0; i < group.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [group[i], group[j]];
      if (!a || !b || a.value === b.value || !sameKind(a, b) || runsAgainst(claim, a, b)) continue;
      const how = pair(claim, a.value < b.value ? a : b, a.value < b.value ? b : a, pairing);
      if (how) return derivation(how, [a, b]);
    }
  return undefined;
}

function pair(claim: Quantity, low: Operand, high: Operand, pairing: Pairing): string | undefined {
  // Worked out of what is shown: "99.9 hours" is no difference of "5 days" and some hours, though those may be half a day off.
  const slack = Math.min(low.step / 2 + high.step / 2, 2 * tolerance(claim));
  const alike = pairing === "column" || low.unit !== "" || (low.noun !== "" && low.noun === high.noun) || isOfTwoTimes(low, high);
  if (alike && isOfKind(claim, low.unit) && (low.unit !== "percent" || pairing !== "change" || claim.unit === "points")) {
    if (fits(claim, high.value - low.value, slack) && high.value - low.value > slack) return "difference of";
    if (pairing !== "change" && fits(claim, high.value + low.value, slack)) return "sum of";
  }
  if (low.value === 0 || low.unit === "percent" || (claim.unit !== "percent" && claim.unit !== "times")) return undefined;
  return ratioOf(claim, low, high, { alike, pairing });
}

/** The claim says up where one thing's two times say down, or the other way round. */
function runsAgainst({ sign }: Quantity, a: Operand, b: Operand): boolean {
  if (sign === 0 || a.owner !== b.owner || (!a.period && !b.period)) return false;
  // What has no time of its own is of the time that was asked for: what it is compared with came before.
  const order = !a.period ? 1 : !b.period ? -1 : dayOf(a.period) - dayOf(b.period);
  return order !== 0 && Math.sign(order) * Math.sign(a.value - b.value) !== sign;
}

function dayOf({ year = 0, month = 0, day = 0 }: DateMention): number {
  return (year * 100 + month) * 100 + day;
}

/** One row's figures of two periods: plain numbers of one kind. */
function isOfTwoTimes(a: Operand, b: Operand): boolean {
  return a.owner !== undefined && a.owner === b.owner && a.period !== undefined && b.period !== undefined && a.period !== b.period;
}

function ratioOf(
  claim: Quantity,
  low: Operand,
  high: Operand,
  { alike, pairing }: { alike: boolean; pairing: Pairing },
): string | undefined {
  const error = low.step / 2 / low.value + high.step / 2 / high.value;
  const ratio = high.value / low.value;
  if (claim.unit === "times") return alike && fits(claim, ratio, ratio * error) ? "ratio of" : undefined;
  const isPart = pairing !== "change" && (alike || high.value >= 10);
  if (isPart && fits(claim, 100 / ratio, (100 / ratio) * error)) return "share of";
  const growth = [100 * (ratio - 1), 100 - 100 / ratio];
  return alike && growth.some((percent) => fits(claim, percent, (percent + 100) * error)) ? "change between" : undefined;
}
