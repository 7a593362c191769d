import { excess, type Scale } from "./amounts.ts";
import type { Cell } from "./cube.ts";
import type { ScoredSlices } from "./score-slices.ts";

/** Enough of the rise is explained; what is left is many small things. */
const ENOUGH = 0.8;
/** A slice that adds less is no part of an explanation. */
const LEAST_PART = 0.05;
const MOST = 5;

/** A chosen slice: one cell of what was judged. */
export interface Chosen {
  judged: ScoredSlices;
  cell: Cell;
}

/**
 * The fewest slices that together hold most of a rise, greedily: the likeliest cause first, then each time the best of those that
 * share no row with any chosen one, so that shares add up. `rise`: what is to be explained, in the measure. Two slices share no row
 * when they differ in an attribute both name; others might, and are left out. Stops at four fifths or five slices.
 */
export function smallestSet(scored: readonly ScoredSlices[], rise: number, scale: Scale): Chosen[] {
  const chosen: Chosen[] = [];
  let left = rise;
  const [first] = scored;
  if (!first || !(rise > 0)) return [];
  for (const cell of first.cells) {
    chosen.push({ judged: first, cell });
    left -= excess(cell, scale);
  }
  const others = scored
    .filter((s) => s.cells.length === 1)
    .map((judged) => ({ judged, cell: judged.cells[0] as Cell }))
    .sort((a, b) => worth(b.judged) - worth(a.judged));
  while (left > (1 - ENOUGH) * rise && chosen.length < MOST) {
    const next = others.find((o) => excess(o.cell, scale) >= LEAST_PART * rise && chosen.every((c) => apart(c, o)));
    if (!next) break;
    chosen.push(next);
    left -= excess(next.cell, scale);
  }
  return chosen;
}

/** The score without what else rose: beside a first cause something always did. */
function worth(s: ScoredSlices): number {
  return s.score + 5 * s.outside;
}

function apart(a: Chosen, b: Chosen): boolean {
  return a.judged.attributes.some((attribute, i) => {
    const at = b.judged.attributes.indexOf(attribute);
    return at >= 0 && b.cell.values[at] !== a.cell.values[i];
  });
}
