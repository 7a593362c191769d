import { describe, expect, it } from "vitest";
import { broughtBy } from "../../../src/integrations/github/brought.ts";
import { fc } from "../../kit/property.ts";

/** a ← b ← c ← e, and d, which was merged into e. */
const parents = new Map([
  ["a", ["older"]],
  ["b", ["a"]],
  ["c", ["b"]],
  ["d", ["a"]],
  ["e", ["c", "d"]],
]);
const told = (...commits: string[]) =>
  [
    ...broughtBy(
      commits.map((commit, i) => ({ id: `${i}`, commit })),
      parents,
    ),
  ].map(([id, list]) => [id, list.toSorted().join("")]);

describe("the commits a deployment brought", () => {
  it("are those since the deployment before, with all branches merged", () => {
    expect(told("a", "b", "e")).toEqual([
      ["1", "b"],
      ["2", "cde"],
    ]);
  });

  it("are not known for the first one, nor for a commit off the known history", () => {
    expect(told("c")).toEqual([]);
    expect(told("hotfix", "b", "c")).toEqual([["2", "c"]]);
    expect(told("a", "hotfix", "c")).toEqual([["2", "bc"]]);
  });

  it("are its own commit when it rolls back or comes again", () => {
    expect(told("a", "c", "b", "c")).toEqual([
      ["1", "bc"],
      ["2", "b"],
      ["3", "c"],
    ]);
  });

  it("are each brought once on a straight history, whatever is skipped", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60), { minLength: 2 }), (numbers) => {
        const line = new Map(Array.from({ length: 61 }, (_, i) => [`${i}`, i > 0 ? [`${i - 1}`] : []] as const));
        const stops = numbers.toSorted((a, b) => a - b);
        const brought = broughtBy(
          stops.map((n) => ({ id: `${n}`, commit: `${n}` })),
          line,
        );
        const all = [...brought.values()].flat().map(Number);

        expect(all.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: (stops.at(-1) ?? 0) - (stops[0] ?? 0) }, (_, i) => (stops[0] ?? 0) + 1 + i),
        );
      }),
    );
  });
});
