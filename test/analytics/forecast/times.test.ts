import { describe, expect, test } from "vitest";
import { fillGaps } from "../../../src/analytics/forecast/fill-gaps.ts";
import { findSeasons, withWeek } from "../../../src/analytics/forecast/find-seasons.ts";
import { toGrid } from "../../../src/analytics/forecast/time-grid.ts";
import { timeReader } from "../../../src/analytics/read-time.ts";
import { seededRandom } from "../../kit/random.ts";

const DAY = 86_400_000;
const dates = (step: number, n: number) => Array.from({ length: n }, (_, i) => Date.UTC(2025, 0, 6) + i * step);
const ones = (n: number) => new Float64Array(n).fill(1);

describe("times of a column", () => {
  test.each([
    ["2026-03-09", Date.UTC(2026, 2, 9)],
    ["2026-03", Date.UTC(2026, 2, 1)],
    ["2026/3/9 14:05", Date.UTC(2026, 2, 9, 14, 5)],
    ["2026-03-09T14:05:30Z", Date.UTC(2026, 2, 9, 14, 5, 30)],
    ["2026-03-09T14:05:30.250+02:00", Date.UTC(2026, 2, 9, 12, 5, 30)],
    ["2026-Q2", Date.UTC(2026, 3, 1)],
    ["2026-W01", Date.UTC(2025, 11, 29)],
    ["09.03.2026", Date.UTC(2026, 2, 9)],
    ["Mar 2026", Date.UTC(2026, 2, 1)],
    ["20260309", Date.UTC(2026, 2, 9)],
    ["1773014400", 1_773_014_400_000],
  ])("%s is read", (text, expected) => {
    const reader = timeReader([text]);

    expect([reader?.dated, reader?.read(text)]).toEqual([true, expected]);
  });

  test("say for themselves whether the month comes first", () => {
    expect(timeReader(["03/04/2026", "03/25/2026"])?.read("03/04/2026")).toBe(Date.UTC(2026, 2, 4));
    expect(timeReader(["25/03/2026", "03/04/2026"])?.read("03/04/2026")).toBe(Date.UTC(2026, 3, 3));
  });

  test("are counters when they are small numbers, and nothing when they are words", () => {
    expect(timeReader(["1", "2"])?.dated).toBe(false);
    expect(timeReader(["north", "south"])).toBeUndefined();
    expect(timeReader([null, ""])).toBeUndefined();
    expect(timeReader(["2026-02-30", "2026-02-01"])).toBeUndefined();
    expect(timeReader(["day 1", "day 2", "day 12"])).toBeUndefined();
    expect(timeReader(["2026-10-01 25:99:00"])).toBeUndefined();
  });
});

describe("the even grid", () => {
  test.each([
    ["hours", DAY / 24, [24, 168]],
    ["quarters of an hour", DAY / 96, [96, 672]],
    ["days", DAY, [7]],
    ["weeks", 7 * DAY, [52]],
  ])("%s are recognised by their distance", (_, step, seasons) => {
    const grid = toGrid(dates(step, 40), ones(40), true);

    expect([grid.seasons, grid.values.length, grid.missing]).toEqual([seasons, 40, 0]);
  });

  test("months, quarters and years go by the calendar", () => {
    const months = (every: number) => Array.from({ length: 13 }, (_, i) => Date.UTC(2020, i * every, 1));

    expect(toGrid(months(1), ones(13), true)).toMatchObject({ seasons: [12], missing: 0 });
    expect(toGrid(months(3), ones(13), true)).toMatchObject({ seasons: [4], missing: 0 });
    expect(toGrid(months(12), ones(13), true)).toMatchObject({ seasons: [], missing: 0 });
  });

  test("days that leave weekends out are five a week", () => {
    const all = dates(DAY, 28);
    const work = all.filter((_, i) => i % 7 < 5);

    expect(toGrid(work, ones(work.length), true)).toMatchObject({ seasons: [5], missing: 0 });
  });

  test("keeps order, gaps and what falls together", () => {
    const grid = toGrid([3, 1, 5, 5, 2], [30, 10, 50, 7, Number.NaN], false);

    expect([...grid.values]).toEqual([10, Number.NaN, 30, Number.NaN, 57]);
    expect(grid).toMatchObject({ added: 1, missing: 2 });
    expect(grid.seasons).toBeUndefined();
  });

  test("refuses times that are all the same or too uneven", () => {
    expect(() => toGrid([1, 1], [1, 2], false)).toThrow(RangeError);
    expect(() => toGrid([0, 1, 2, 3, 1e9], ones(5), false)).toThrow(RangeError);
  });
});

describe("gaps", () => {
  test("take the same weekday around, and say how many they were", () => {
    const x = Float64Array.from({ length: 28 }, (_, t) => 10 * (t % 7));
    x[15] = Number.NaN;

    expect(fillGaps(x, 7)).toMatchObject({ gaps: 1 });
    expect(fillGaps(x, 7).filled[15]).toBe(10);
  });

  test("without a season lie on the line between their neighbours; ends are held", () => {
    expect([...fillGaps([Number.NaN, 1, Number.NaN, Number.NaN, 4, Number.NaN]).filled]).toEqual([1, 1, 2, 3, 4, 4]);
    expect([...fillGaps([1, Number.POSITIVE_INFINITY, 3]).filled]).toEqual([1, 2, 3]);
    expect(() => fillGaps([Number.NaN])).toThrow(RangeError);
  });
});

describe("seasons", () => {
  const random = seededRandom(4);
  const rhythm = (period: number, n: number, noise = 0.3) =>
    Float64Array.from(
      { length: n },
      (_, t) => 10 + Math.sin((2 * Math.PI * t) / period) + Math.cos((4 * Math.PI * t) / period) + noise * (random() - 0.5),
    );

  test.each([7, 10, 12, 24])("of %i steps are seen", (period) => {
    expect(findSeasons([rhythm(period, 20 * period)])[0]).toBe(period);
  });

  test("many series show what one does not", () => {
    const many = Array.from({ length: 60 }, () => rhythm(12, 60, 4));

    expect(findSeasons(many)).toEqual([12]);
  });

  test("are not seen in noise, in a constant, in nothing", () => {
    const noise = Float64Array.from({ length: 200 }, () => random());

    expect([findSeasons([noise]), findSeasons([ones(50)]), findSeasons([])]).toEqual([[], [], []]);
  });

  test("that the times suggest stand unless the data show another one alone", () => {
    expect(findSeasons([rhythm(7, 140)], [7])).toEqual([7]);
    expect(findSeasons([Float64Array.from({ length: 100 }, () => random())], [7])).toEqual([7]);
    expect(findSeasons([rhythm(12, 240)], [7])).toEqual([12]);
    expect(withWeek(24)).toEqual([24, 168]);
  });
});
