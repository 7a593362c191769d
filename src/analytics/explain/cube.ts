import { type Amounts, addTo, nothing } from "./amounts.ts";

/** One combination of values of some attributes. `values` stands in the order of the cuboid's attributes. */
export interface Cell extends Amounts {
  values: readonly string[];
}

/** All cells of one set of attributes; of three attributes, a cube may keep only those that rose. */
export interface Cuboid {
  /** Positions in `Cube.attributes`, ascending. */
  attributes: readonly number[];
  cells: readonly Cell[];
  find(values: readonly string[]): Cell | undefined;
}

/** The data added up by every set of up to three attributes, made when asked for. */
export interface Cube {
  attributes: readonly string[];
  whole: Amounts;
  cuboid(attributes: readonly number[]): Cuboid;
}

/** Between values in a key: no text holds it by accident that a file can hold. */
export const BETWEEN = "\u0000";

export function cuboidOf(attributes: readonly number[], cells: readonly Cell[]): Cuboid {
  let index: Map<string, Cell> | undefined;
  return {
    attributes,
    cells,
    find(values) {
      index ??= new Map(cells.map((cell) => [cell.values.join(BETWEEN), cell]));
      return index.get(values.join(BETWEEN));
    },
  };
}

/** All sets of 1 to `most` of `n` positions, small sets first. */
export function combinations(n: number, most: number): number[][] {
  const all: number[][] = [];
  let last: number[][] = [[]];
  for (let size = 1; size <= Math.min(n, most); size++) {
    last = last.flatMap((set) => Array.from({ length: n - ((set.at(-1) ?? -1) + 1) }, (_, i) => [...set, (set.at(-1) ?? -1) + 1 + i]));
    all.push(...last);
  }
  return all;
}

/** A cube over tables already added up, such as a source gives: one per set of attributes; smaller sets are added up from larger. */
export function cubeOfTables(
  attributes: readonly string[],
  whole: Amounts,
  tables: readonly { attributes: readonly number[]; cells: readonly Cell[] }[],
): Cube {
  const made = new Map<string, Cuboid>();
  return {
    attributes,
    whole,
    cuboid(wanted) {
      const key = wanted.join();
      const known = made.get(key);
      if (known) return known;
      const from = tables.find((table) => wanted.every((a) => table.attributes.includes(a)));
      const cuboid = cuboidOf(wanted, from ? addUp(from, wanted) : []);
      made.set(key, cuboid);
      return cuboid;
    },
  };
}

function addUp(table: { attributes: readonly number[]; cells: readonly Cell[] }, wanted: readonly number[]): Cell[] {
  const places = wanted.map((a) => table.attributes.indexOf(a));
  const sums = new Map<string, Cell>();
  for (const cell of table.cells) {
    const values = places.map((place) => cell.values[place] ?? "");
    const key = values.join(BETWEEN);
    let sum = sums.get(key);
    if (!sum) {
      sum = { ...nothing(), values };
      sums.set(key, sum);
    }
    addTo(sum, cell);
  }
  return [...sums.values()];
}
