export interface SprintResult {
  name: string;
  /** Points, or pieces, planned when it began. */
  committed: number;
  /** Of what was planned, what was done when it ended. */
  completed: number;
  /** Added after it began. */
  added?: number | undefined;
}

export interface SprintPredictability {
  /** Sprints with a commitment. */
  sprints: number;
  /** Sum completed / sum committed. */
  sayDo: number;
  /** Lowest and highest completed / committed of one sprint. */
  range: readonly [number, number];
  /** Share of sprints within 80 to 120 % of their commitment, the band the Scaled Agile Framework calls predictable. */
  within: number;
  /** Sum added / sum committed; null where no sprint says what was added. */
  scopeGrowth: number | null;
}

/** How far sprints end as planned. null without a sprint that committed to anything: an empty sprint is no broken promise. */
export function sprintPredictability(sprints: readonly SprintResult[]): SprintPredictability | null {
  const planned = sprints.filter(({ committed }) => committed > 0);
  if (planned.length === 0) return null;
  const committed = planned.reduce((sum, s) => sum + s.committed, 0);
  const ratios = planned.map((s) => s.completed / s.committed);
  const known = planned.filter(({ added }) => added !== undefined);
  return {
    sprints: planned.length,
    sayDo: planned.reduce((sum, s) => sum + s.completed, 0) / committed,
    range: [Math.min(...ratios), Math.max(...ratios)],
    within: ratios.filter((ratio) => ratio >= 0.8 && ratio <= 1.2).length / planned.length,
    scopeGrowth:
      known.length === 0 ? null : known.reduce((sum, s) => sum + (s.added ?? 0), 0) / known.reduce((sum, s) => sum + s.committed, 0),
  };
}
