import { describe, expect, test } from "vitest";
import { addDays, daysBetween, startOf, type Unit, weekday } from "../../src/core/civil-date.ts";
import {
  ALL_TIME,
  clip,
  formatPeriod,
  isAllTime,
  isPeriod,
  lastCompleteDays,
  lengthOf,
  previousPeriod,
  unitOf,
  wholeUnit,
  yearAgo,
} from "../../src/core/period.ts";
import { fc } from "../kit/property.ts";

const day = fc.integer({ min: 0, max: 50_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
const period = fc.tuple(day, fc.nat(800)).map(([from, more]) => ({ from, to: addDays(from, more) }));
const unit = fc.constantFrom<Unit>("week", "month", "quarter", "year");

function between(from: string, to = from) {
  return { from, to };
}

describe("the period before", () => {
  test.each([
    ["a day", between("2026-03-01"), between("2026-02-28")],
    ["a whole week", between("2026-11-09", "2026-11-15"), between("2026-11-02", "2026-11-08")],
    ["a whole month", between("2024-03-01", "2024-03-31"), between("2024-02-01", "2024-02-29")],
    ["January", between("2026-01-01", "2026-01-31"), between("2025-12-01", "2025-12-31")],
    ["a whole quarter", between("2026-01-01", "2026-03-31"), between("2025-10-01", "2025-12-31")],
    ["a whole year", between("2024-01-01", "2024-12-31"), between("2023-01-01", "2023-12-31")],
    ["a month that has begun", between("2026-11-01", "2026-11-20"), between("2026-10-01", "2026-10-20")],
    ["a month further along than the one before is long", between("2026-03-01", "2026-03-30"), between("2026-02-01", "2026-02-28")],
    ["a quarter that has begun", between("2026-10-01", "2026-11-21"), between("2026-07-01", "2026-08-21")],
    ["a year that has begun", between("2026-01-01", "2026-11-21"), between("2025-01-01", "2025-11-21")],
    ["a week that has begun", between("2026-11-16", "2026-11-19"), between("2026-11-09", "2026-11-12")],
    ["any other days", between("2026-11-03", "2026-11-12"), between("2026-10-24", "2026-11-02")],
    ["the last 30 complete days", between("2026-10-22", "2026-11-20"), between("2026-09-22", "2026-10-21")],
  ])("of %s", (_, now, before) => {
    expect(previousPeriod(now)).toEqual(before);
  });

  test("lies before it, is no longer, and touches or begins the same unit", () => {
    fc.assert(
      fc.property(period, (now) => {
        const before = previousPeriod(now);

        expect(isPeriod(before)).toBe(true);
        expect(before.to < now.from).toBe(true);
        if (unitOf(now) === undefined) expect(lengthOf(before) <= lengthOf(now)).toBe(true);
        const begins = (["week", "month", "quarter", "year"] as const).some((u) => startOf(u, now.from) === now.from);
        if (!begins) expect([lengthOf(before), addDays(before.to, 1)]).toEqual([lengthOf(now), now.from]);
      }),
    );
  });

  test("of a whole unit is the whole unit before", () => {
    fc.assert(
      fc.property(unit, day, (u, d) => {
        const now = wholeUnit(u, d);

        expect(previousPeriod(now)).toEqual(wholeUnit(u, addDays(now.from, -1)));
      }),
    );
  });
});

describe("the same a year ago", () => {
  test.each([
    ["29 February", between("2024-02-29"), between("2023-02-28")],
    ["February of a leap year", between("2024-02-01", "2024-02-29"), between("2023-02-01", "2023-02-28")],
    ["February after a leap year", between("2025-02-01", "2025-02-28"), between("2024-02-01", "2024-02-29")],
    ["a quarter", between("2025-01-01", "2025-03-31"), between("2024-01-01", "2024-03-31")],
    ["a leap year", between("2024-01-01", "2024-12-31"), between("2023-01-01", "2023-12-31")],
    ["some days", between("2026-10-22", "2026-11-20"), between("2025-10-22", "2025-11-20")],
    ["days over the new year", between("2025-12-28", "2026-01-03"), between("2024-12-28", "2025-01-03")],
  ])("of %s", (_, now, before) => {
    expect(yearAgo(now)).toEqual(before);
  });

  test("is 365 or 366 days earlier", () => {
    fc.assert(
      fc.property(period, (now) => {
        const before = yearAgo(now);

        expect(isPeriod(before)).toBe(true);
        expect([365, 366]).toContain(daysBetween(before.from, now.from));
      }),
    );
  });
});

describe("a period", () => {
  test("is recognised as the unit it is exactly", () => {
    fc.assert(
      fc.property(unit, day, (u, d) => {
        expect(unitOf(wholeUnit(u, d))).toBe(u);
      }),
    );
    expect(unitOf(between("2026-11-01", "2026-11-29"))).toBeUndefined();
  });

  test("cut by another is what both share, whichever is cut", () => {
    fc.assert(
      fc.property(period, period, (a, b) => {
        const shared = clip(a, b);
        const inBoth = (d: string) => d >= a.from && d <= a.to && d >= b.from && d <= b.to;

        expect(clip(b, a)).toEqual(shared);
        for (const d of [a.from, a.to, b.from, b.to]) expect(inBoth(d)).toBe(shared !== undefined && d >= shared.from && d <= shared.to);
      }),
    );
  });

  test("of the last days ends yesterday and is as long as asked", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 400 }), (today, n) => {
        const last = lastCompleteDays(n, today);

        expect([lengthOf(last), addDays(last.to, 1)]).toEqual([n, today]);
      }),
    );
  });

  test.each([
    [between("2026-11-20"), "20 November 2026"],
    [between("2026-11-01", "2026-11-20"), "1–20 November 2026"],
    [between("2026-10-01", "2026-10-31"), "October 2026"],
    [between("2024-02-01", "2024-02-29"), "February 2024"],
    [between("2026-07-01", "2026-09-30"), "Q3 2026"],
    [between("2025-01-01", "2025-12-31"), "2025"],
    [between("2026-10-28", "2026-11-03"), "28 October – 3 November 2026"],
    [between("2025-12-29", "2026-01-04"), "29 December 2025 – 4 January 2026"],
    [between("2026-11-09", "2026-11-15"), "9–15 November 2026"],
    [ALL_TIME, "all time"],
  ])("%o reads “%s”", (value, words) => {
    expect(formatPeriod(value)).toBe(words);
  });

  test("must have real days in order", () => {
    expect(isPeriod(between("2026-02-30", "2026-03-01"))).toBe(false);
    expect(isPeriod(between("2026-03-02", "2026-03-01"))).toBe(false);
    expect(isPeriod(between("2026-03-01"))).toBe(true);
    expect(isAllTime(ALL_TIME)).toBe(true);
    expect(weekday("2026-11-21")).toBe(6);
  });
});
