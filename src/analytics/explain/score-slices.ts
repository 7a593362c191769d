import { type Amounts, addTo, excess, expected, isRounding, nothing, type Scale, without } from "./amounts.ts";
import { type Cell, type Cube, type Cuboid, combinations } from "./cube.ts";
import { evidence } from "./evidence.ts";
import { linearRest, restRose } from "./rest-rose.ts";

/** One or two cells of the same attributes, judged together as what rose. */
export interface ScoredSlices {
  attributes: readonly number[];
  cells: readonly Cell[];
  /** All cells together. */
  amounts: Amounts;
  /** Part of all rises that lies inside, 0 to 1. */
  coverage: number;
  /** How far everything else rose as the cells did: 0 not at all, 1 as much. */
  outside: number;
  /** Per attribute: how far the rest rose that differs in this attribute alone. A cause needs each of its attributes. */
  siblings: readonly number[];
  /** How well one more attribute would narrow it: part of the excess in the best child × how little the rest of it rose. */
  narrower: number;
  /** Log likelihood ratio in nats. */
  evidence: number;
  score: number;
}

const MOST_ATTRIBUTES = 3;
/** Cells per set of attributes that are looked at, and of these how many in pairs. */
const MOST_CELLS = 10;
const MOST_PAIRED = 4;
/** A candidate holds at least this part of the rise; a child counts when it holds this part of its parent's. */
const LEAST_COVERAGE = 0.1;
const LEAST_CHILD = 0.4;

/**
 * score = ln(coverage) + 2.5·evidence/best − 5·outside − 2·Σ siblings − 2·narrower − 1.5 for a second cell.
 *
 * Reads: it should hold most of the rise; be the strongest signal; nothing beside it rose; each of its attributes is needed; none is
 * lacking. Form and round weights come from a conditional logit over labelled cases (McFadden, 1974); there the hits among the first
 * five stay the same, and those of the first change by a few in a hundred, when each weight moves by a quarter. Falls are the
 * caller's to turn round (`backwards`). Best first.
 */
export function scoreSlices(cube: Cube, scale: Scale): ScoredSlices[] {
  const sets = combinations(cube.attributes.length, MOST_ATTRIBUTES);
  const rise = riseOf(cube, scale);
  if (isRounding(rise, scale)) return [];
  const children = childFinder(cube, scale, LEAST_CHILD * LEAST_COVERAGE * rise);
  const found: ScoredSlices[] = [];
  for (const set of sets) {
    const cuboid = cube.cuboid(set);
    const risen = cuboid.cells
      .map((cell) => ({ cell, more: excess(cell, scale) }))
      .filter(({ more }) => more > 0 && more >= LEAST_COVERAGE * rise)
      .sort((a, b) => b.more - a.more || (keyOf(a.cell.values) < keyOf(b.cell.values) ? -1 : 1))
      .slice(0, MOST_CELLS)
      .map(({ cell }) => cell);
    for (const [i, cell] of risen.entries()) {
      found.push(judge(cube, cuboid, [cell], rise, scale, children));
      for (const other of risen.slice(i + 1, MOST_PAIRED)) found.push(judge(cube, cuboid, [cell, other], rise, scale, children));
    }
  }
  const best = found.reduce((most, s) => (s.cells.length === 1 ? Math.max(most, s.evidence) : most), Number.MIN_VALUE);
  for (const s of found) s.score = scoreOf(s, best);
  return found.sort((a, b) => b.score - a.score || a.attributes.length - b.attributes.length || compareCells(a, b));
}

const LEAST_COUNTED_COVERAGE = 0.05;

function scoreOf(s: ScoredSlices, best: number): number {
  const siblings = s.siblings.reduce((sum, rose) => sum + rose, 0);
  return (
    Math.log(Math.max(LEAST_COUNTED_COVERAGE, s.coverage)) +
    2.5 * Math.min(1, s.evidence / best) -
    5 * s.outside -
    2 * siblings -
    2 * s.narrower -
    1.5 * (s.cells.length - 1)
  );
}

/** All that rose, by the attribute that shows most of it. */
export function riseOf(cube: Cube, scale: Scale): number {
  const sums = cube.attributes.map((_, a) => cube.cuboid([a]).cells.reduce((sum, cell) => sum + Math.max(0, excess(cell, scale)), 0));
  return Math.max(0, ...sums);
}

type ChildFinder = (attributes: readonly number[], cells: readonly Cell[], added: number) => ReadonlyMap<string, Amounts>;

function judge(cube: Cube, cuboid: Cuboid, cells: readonly Cell[], rise: number, scale: Scale, children: ChildFinder): ScoredSlices {
  const { attributes } = cuboid;
  const amounts = nothing();
  for (const cell of cells) addTo(amounts, cell);
  const more = excess(amounts, scale);
  return {
    attributes,
    cells,
    amounts,
    coverage: Math.min(1, more / rise),
    outside: Math.min(1.5, linearRest(amounts, without(cube.whole, amounts), scale)),
    siblings: attributes.length < 2 ? [] : attributes.map((_, j) => siblingsRose(cube, attributes, cells, j, amounts, scale)),
    narrower: attributes.length < MOST_ATTRIBUTES ? bestChild(cube, attributes, cells, amounts, scale, children) : 0,
    evidence: evidence(amounts.after, expected(amounts, scale), scale.unit),
    score: 0,
  };
}

function siblingsRose(cube: Cube, attributes: readonly number[], cells: readonly Cell[], j: number, own: Amounts, scale: Scale): number {
  const above = cube.cuboid(attributes.filter((_, i) => i !== j));
  const parents = new Set(cells.map((cell) => above.find(cell.values.filter((_, i) => i !== j))));
  const sum = nothing();
  for (const parent of parents) if (parent) addTo(sum, parent);
  return restRose(own, without(sum, own), scale);
}

function bestChild(
  cube: Cube,
  attributes: readonly number[],
  cells: readonly Cell[],
  own: Amounts,
  scale: Scale,
  children: ChildFinder,
): number {
  const more = excess(own, scale);
  let best = 0;
  for (let added = 0; added < cube.attributes.length; added++) {
    if (attributes.includes(added)) continue;
    for (const child of children(attributes, cells, added).values()) {
      const part = excess(child, scale) / more;
      if (part < LEAST_CHILD) continue;
      const rest = without(own, child);
      best = Math.max(best, Math.min(1, part) * (1 - restRose(child, rest, scale)));
    }
  }
  return best;
}

/** Cells of larger cuboids that rose at all, by the cell they lie in. */
function childFinder(cube: Cube, scale: Scale, least: number): ChildFinder {
  const known = new Map<string, Map<string, { value: string; cell: Cell }[]>>();
  return (attributes, cells, added) => {
    const set = [...attributes, added].sort((a, b) => a - b);
    const at = set.indexOf(added);
    const key = `${set.join()}:${at}`;
    let byParent = known.get(key);
    if (!byParent) {
      const risen = cube.cuboid(set).cells.filter((cell) => excess(cell, scale) >= least);
      byParent = Map.groupBy(
        risen.map((cell) => ({ value: cell.values[at] ?? "", cell })),
        ({ cell }) => keyOf(cell.values.filter((_, i) => i !== at)),
      ) as Map<string, { value: string; cell: Cell }[]>;
      known.set(key, byParent);
    }
    const sums = new Map<string, Amounts>();
    for (const cell of cells)
      for (const { value, cell: child } of byParent.get(keyOf(cell.values)) ?? []) {
        const sum = sums.get(value) ?? nothing();
        addTo(sum, child);
        sums.set(value, sum);
      }
    return sums;
  };
}

function keyOf(values: readonly string[]): string {
  return values.join("\u0000");
}

function compareCells(a: ScoredSlices, b: ScoredSlices): number {
  const [x, y] = [a, b].map((s) => `${s.attributes.join()} ${s.cells.map((cell) => keyOf(cell.values)).join()}`) as [string, string];
  return x < y ? -1 : x > y ? 1 : 0;
}
