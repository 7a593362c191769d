import { addDays } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { HISTORY_DAYS } from "../story.ts";
import { DAY, seconds } from "./calendar.ts";
import { peopleBetween, type Staff, staff } from "./people.ts";

/** Where the world begins and ends, and who was there. Fates are worked out past `now` and cut off there: see the parts' `cut`. */
export interface Frame {
  readonly today: CivilDate;
  readonly from: CivilDate;
  readonly seed: number;
  /** Seconds. */
  readonly now: number;
  readonly start: number;
  /** Everyone who may appear in a fate, also after `now`. */
  readonly staff: Staff;
}

/**
 * Days before the two years from which records of a kind are shown, so that whatever a record of the two years points back at
 * is there: a deployment takes at most 14 days to carry a merge, a pull request lives 30 days at most, an issue waits 100 for
 * its work, a ticket ten days (with Christmas) for its escalation. Such roots are complete in themselves; what they point at may be missing. `made`: from when fates
 * are worked out; `weeks`: so that the weeks tickets are numbered by are whole.
 */
export const LEAD = {
  people: 460,
  epics: 330,
  issues: 200,
  pulls: 60,
  deployments: 14,
  tickets: 10,
  stock: 11,
  weeks: 21,
  made: 215,
} as const;

export function frameOf(today: CivilDate, seed: number, now: number): Frame {
  const from = addDays(today, -HISTORY_DAYS);
  const everyone = peopleBetween(addDays(from, -LEAD.people), addDays(today, 400), seed);
  return { today, from, seed, now, start: seconds(from), staff: staff(everyone) };
}

/** Remembers the first answer. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** First shown instant of a kind, in seconds. */
export function shownFrom(frame: Frame, lead: number): number {
  return frame.start - lead * DAY;
}
