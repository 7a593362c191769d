import type { CivilDate } from "./fact.ts";
import { formatDay } from "./period.ts";
import { cut, plainWords } from "./text.ts";

/** What is read of the data of explain_change. */
export interface ChangeData {
  slices: readonly { slice: Readonly<Record<string, string>>; share: number | null }[];
  candidates: readonly { kind: string; title: string; hoursBefore: number | null; shared: readonly string[] }[];
  began?: { day: CivilDate };
}

/** Of the change: what holds less of it is not most of it. */
const MOST = 0.5;
const KINDS: Readonly<Record<string, string>> = { deploys: "deployment", pulls: "pull request", incidents: "incident", issues: "ticket" };

/** "usage type · account": the slice that holds most of the change, without the names that were asked for; undefined where none does. */
export function mostOf({ slices: [slice] }: ChangeData, asked: readonly string[]): string | undefined {
  const names = Object.values(slice?.slice ?? {}).filter((value) => !asked.includes(value));
  return names.length > 0 && (slice?.share ?? 0) >= MOST ? plainWords(names.join(" · ")) : undefined;
}

/**
 * "the pull request “Log more”, 7 h before the step of 4 November 2026", the nearest first: what came shortly before the day on which the
 * level changed, and names the same thing. Something or other always came before, so nothing else is told, and no more than the order.
 */
export function cameBefore({ candidates, began }: ChangeData): string[] {
  if (!began) return [];
  return candidates
    .filter(({ hoursBefore, shared }) => hoursBefore !== null && hoursBefore >= 0 && shared.length > 0)
    .map(
      ({ kind, title, hoursBefore }) =>
        `the ${KINDS[kind] ?? kind} “${cut(plainWords(title), 60)}”, ${Math.round(hoursBefore ?? 0)} h before the step of ${formatDay(began.day)}`,
    );
}
