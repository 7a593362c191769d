export interface OpenWork {
  id: string;
  /** When it became work in progress: opened, or moved to "in progress". */
  started: Date;
}

export interface Aged extends OpenWork {
  /** Days since it was started, with fractions. */
  days: number;
  /** Older than `share` of the finished work was when it ended. */
  aging: boolean;
}

const DAY_MS = 86_400_000;
/** Share of finished work that ended sooner: Kanban's usual service level. */
const SERVICE_LEVEL = 0.85;
/** Finished pieces below which no service level can be read off. */
const LEAST_FINISHED = 10;

/**
 * Work in progress by age, oldest first, marked where it is older than the 85th percentile of how long finished work took
 * (nearest rank). With fewer than ten finished pieces nothing is marked. Source: Vacanti, Actionable Agile Metrics, ch. 7.
 */
export function agingWork(
  open: readonly OpenWork[],
  finishedDays: readonly number[],
  now: Date,
): { limitDays: number | null; work: Aged[] } {
  const ordered = finishedDays.toSorted((a, b) => a - b);
  const limitDays = ordered.length < LEAST_FINISHED ? null : (ordered[Math.ceil(SERVICE_LEVEL * ordered.length) - 1] ?? null);
  const work = open
    .map((piece) => ({ ...piece, days: (now.getTime() - piece.started.getTime()) / DAY_MS }))
    .sort((a, b) => b.days - a.days || (a.id < b.id ? -1 : 1))
    .map((piece) => ({ ...piece, aging: limitDays !== null && piece.days > limitDays }));
  return { limitDays, work };
}
