/** What speaks for one mend that ends a theme. Absent where it is not known. Each 0 to 1. */
export interface FixSigns {
  /** Share of its texts that name the same service or component, the commonest one. */
  oneService?: number;
  /** Mean cosine of its texts: people describe the same thing. */
  cohesion: number;
  /** Share of its texts that are no question, by the question mark in the title: a question is answered, not mended. */
  reports?: number;
}

/** The plain mean of the signs there are. A rule of thumb with equal weights, learnt from nothing. */
export function fixability({ oneService, cohesion, reports }: FixSigns): number {
  const known = [oneService, cohesion, reports].filter((sign) => sign !== undefined);
  return known.reduce((sum, sign) => sum + sign, 0) / known.length;
}
