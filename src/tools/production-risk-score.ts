/** What is known of one service. A sign that no source gives is absent, never zero. */
export interface RiskSigns {
  /** Incidents of the period, by weight: critical 4, high 3, medium 2, low or unknown 1. */
  incidents?: number;
  /** The same weight of those still open. */
  open?: number;
  /** Failed deployments. */
  failedDeploys?: number;
  /** Rise of its errors against the period before, in the source's unit; 0 when they fell. */
  errorRise?: number;
}

export type RiskSign = keyof RiskSigns;

/** Points of 100 that each sign can give. Rules of thumb: what hurts customers now and lately weighs most. */
export const RISK_WEIGHTS: Readonly<Record<RiskSign, number>> = { incidents: 40, open: 25, failedDeploys: 20, errorRise: 15 };

export interface RiskScore {
  score: number;
  /** Points by sign; they add up to the score. */
  points: Readonly<Record<RiskSign, number>>;
}

/**
 * Each sign as a part of the worst service's, times its weight. A sign that is not known of any service gives its weight to the others in
 * proportion, so that 100 stays "worst in everything that is known". A ranking within this company and period: no probability, and scores of
 * two periods do not compare.
 */
export function riskScores(services: ReadonlyMap<string, RiskSigns>): Map<string, RiskScore> {
  const signs = Object.keys(RISK_WEIGHTS) as RiskSign[];
  const most = (sign: RiskSign) => Math.max(0, ...[...services.values()].map((of) => of[sign] ?? 0));
  const known = signs.filter((sign) => [...services.values()].some((of) => of[sign] !== undefined));
  const sum = known.reduce((total, sign) => total + RISK_WEIGHTS[sign], 0);
  const tops = new Map(known.map((sign) => [sign, most(sign)]));
  return new Map(
    [...services].map(([name, of]) => {
      const points = Object.fromEntries(
        signs.map((sign) => {
          const top = tops.get(sign) ?? 0;
          return [sign, top > 0 ? (((of[sign] ?? 0) / top) * RISK_WEIGHTS[sign] * 100) / sum : 0];
        }),
      ) as Record<RiskSign, number>;
      return [name, { points, score: signs.reduce((total, sign) => total + points[sign], 0) }];
    }),
  );
}
