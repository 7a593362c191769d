import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  addUnits,
  civilDate,
  daysBetween,
  endOf,
  fields,
  fromInstant,
  isCivilDate,
  makeDate,
  startOf,
  toInstant,
  type Unit,
  weekday,
} from "../../src/core/civil-date.ts";
import { fc } from "../kit/property.ts";

/** Days from 1900 to 2199, by a count from 1970 that knows nothing of the code under test. */
const day = fc.integer({ min: -25_567, max: 84_006 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
const unit = fc.constantFrom<Unit>("day", "week", "month", "quarter", "year");
const count = fc.integer({ min: -600, max: 600 });

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthLength(year: number, month: number): number {
  return [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

describe("a calendar day", () => {
  test("exists exactly when its month has it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, number) => {
          const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(number).padStart(2, "0")}`;
          const real = month >= 1 && month <= 12 && number >= 1 && number <= monthLength(year, month);

          expect(makeDate(year, month, number)).toBe(real ? text : undefined);
          expect(isCivilDate(text)).toBe(real);
        },
      ),
    );
  });

  test.each(["2026-1-01", "2026-01-1", "26-01-01", "2026-02-29", " 2026-01-01", "2026-01-01T00:00:00Z", "", "２０２６-01-01"])(
    "is not “%s”",
    (text) => {
      expect(isCivilDate(text)).toBe(false);
    },
  );

  test("is the instant that begins it in UTC, and back", () => {
    fc.assert(
      fc.property(day, (d) => {
        expect(fromInstant(toInstant(d))).toBe(d);
        expect(toInstant(d).toISOString()).toBe(`${d}T00:00:00.000Z`);
      }),
    );
  });

  test("is another one elsewhere", () => {
    const at = new Date("2026-11-21T23:30:00Z");

    expect(civilDate(at, "UTC")).toBe("2026-11-21");
    expect(civilDate(at, "Europe/Berlin")).toBe("2026-11-22");
    expect(civilDate(at, "America/Los_Angeles")).toBe("2026-11-21");
    expect(civilDate(new Date("2026-01-01T05:00:00Z"), "Pacific/Honolulu")).toBe("2025-12-31");
    expect(civilDate(new Date("2026-12-31T10:30:00Z"), "Pacific/Kiritimati")).toBe("2027-01-01");
  });
});

describe("arithmetic on days", () => {
  test("adding and counting are inverses", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (d, n) => {
        expect(daysBetween(d, addDays(d, n))).toBe(n);
        expect(addDays(addDays(d, n), -n)).toBe(d);
      }),
    );
  });

  test("weekdays follow each other, Monday first", () => {
    expect(weekday("2026-11-16")).toBe(1);
    expect(weekday("2026-11-22")).toBe(7);
    fc.assert(
      fc.property(day, (d) => {
        expect(weekday(addDays(d, 1))).toBe((weekday(d) % 7) + 1);
      }),
    );
  });

  test("months later is the same day, or the last of a shorter month", () => {
    fc.assert(
      fc.property(day, count, (d, n) => {
        const before = fields(d);
        const after = fields(addMonths(d, n));

        expect(after.year * 12 + after.month).toBe(before.year * 12 + before.month + n);
        expect(after.dayOfMonth).toBe(Math.min(before.dayOfMonth, monthLength(after.year, after.month)));
      }),
    );
  });

  test.each([
    ["2024-01-31", 1, "2024-02-29"],
    ["2023-01-31", 1, "2023-02-28"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-03-31", -1, "2024-02-29"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2025-12-31", 2, "2026-02-28"],
  ])("%s and %i months is %s", (from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
  });
});

describe("a unit of time", () => {
  test("holds its day, begins where it says, and meets its neighbours", () => {
    fc.assert(
      fc.property(unit, day, (u, d) => {
        const [from, to] = [startOf(u, d), endOf(u, d)];

        expect(from <= d && d <= to).toBe(true);
        expect(startOf(u, to)).toBe(from);
        expect(endOf(u, from)).toBe(to);
        expect(startOf(u, addDays(to, 1))).toBe(addDays(to, 1));
        expect(addDays(to, 1)).toBe(addUnits(u, from, 1));
      }),
    );
  });

  test("has the length the calendar gives it", () => {
    fc.assert(
      fc.property(unit, day, (u, d) => {
        const { year, month } = fields(d);
        const quarter = [1, 2, 3].map((n) => monthLength(year, Math.floor((month - 1) / 3) * 3 + n)).reduce((a, b) => a + b);
        const length = { day: 1, week: 7, month: monthLength(year, month), quarter, year: isLeap(year) ? 366 : 365 }[u];

        expect(daysBetween(startOf(u, d), endOf(u, d)) + 1).toBe(length);
      }),
    );
  });

  test("weeks begin on Monday, also over a year's turn", () => {
    expect([startOf("week", "2026-01-01"), endOf("week", "2026-01-01")]).toEqual(["2025-12-29", "2026-01-04"]);
    expect([startOf("week", "2024-12-30"), endOf("week", "2024-12-30")]).toEqual(["2024-12-30", "2025-01-05"]);
    fc.assert(
      fc.property(day, (d) => {
        expect(weekday(startOf("week", d))).toBe(1);
      }),
    );
  });

  test("adding units and taking them away comes back to the start of the unit", () => {
    fc.assert(
      fc.property(unit, day, count, (u, d, n) => {
        const from = startOf(u, d);

        expect(addUnits(u, addUnits(u, from, n), -n)).toBe(from);
      }),
    );
  });
});
