/** What a retention campaign for a group may give under an assumption, and how to find out whether it did. */
export interface CampaignPlan {
  /** Customers in the group. */
  size: number;
  /** Contacted, and left alone to compare with. */
  treated: number;
  held: number;
  /** Expected to leave without a campaign: the sum of the probabilities. */
  expectedLosses: number;
  /** Assumed share of the leavers among those contacted who stay because of it. An assumption, not a finding. */
  saveRate: number;
  /** Of those contacted, under the assumption. */
  expectedSaves: number;
  cost?: number;
  benefit?: number;
  /** Least save rate at which the benefit covers the cost. */
  breakEven?: number;
  /** Customers in each of two equal groups so that the assumed effect would be seen in 80 of 100 tries, at 5 %. */
  neededPerGroup: number;
  /** The group is large enough to see the assumed effect with this hold-out. */
  measurable: boolean;
}

export interface CampaignOptions {
  saveRate: number;
  /** Share left alone. */
  holdOut: number;
  /** Of one contact, and of one customer kept, in one currency. */
  costPerContact?: number;
  valuePerSave?: number;
}

/**
 * Expected saves = Σ pᵢ over those contacted × the assumed save rate. Sample size of two shares: n = (z₀.₉₇₅ + z₀.₈)² (p₁q₁ + p₂q₂) /
 * (p₁ − p₂)² (Fleiss, Statistical Methods for Rates and Proportions, 4). With unequal groups the harmonic mean of their sizes counts.
 */
export function planCampaign(probabilities: ArrayLike<number>, options: CampaignOptions): CampaignPlan {
  const size = probabilities.length;
  let expectedLosses = 0;
  for (let i = 0; i < size; i++) expectedLosses += probabilities[i] ?? 0;
  const held = Math.round(options.holdOut * size);
  const treated = size - held;
  const rate = size === 0 ? 0 : expectedLosses / size;
  const perTreated = rate * treated;
  const p2 = rate * (1 - options.saveRate);
  const neededPerGroup = rate === p2 ? 0 : Math.ceil(((1.959964 + 0.841621) ** 2 * (rate * (1 - rate) + p2 * (1 - p2))) / (rate - p2) ** 2);
  const harmonic = size === 0 ? 0 : (2 * treated * held) / size;
  const cost = options.costPerContact === undefined ? undefined : options.costPerContact * treated;
  const benefit = options.valuePerSave === undefined ? undefined : options.valuePerSave * perTreated * options.saveRate;
  return {
    size,
    treated,
    held,
    expectedLosses,
    saveRate: options.saveRate,
    expectedSaves: perTreated * options.saveRate,
    ...(cost === undefined ? {} : { cost }),
    ...(benefit === undefined ? {} : { benefit }),
    ...(cost === undefined || options.valuePerSave === undefined || perTreated === 0
      ? {}
      : { breakEven: cost / (options.valuePerSave * perTreated) }),
    neededPerGroup,
    measurable: neededPerGroup > 0 && harmonic >= neededPerGroup,
  };
}
