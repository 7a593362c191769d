import { describe, expect, it } from "vitest";
import { nextSlot, slotsBetween } from "../../../src/digests/schedule/slots.ts";
import { toInstant, toWall } from "../../../src/digests/schedule/wall-time.ts";
import { UserError } from "../../../src/errors.ts";
import { fc } from "../../kit/property.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Minutes ahead of UTC, by another way than the code: the zone's offset as Intl writes it. */
function offsetOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (at) => {
    const match = /GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(format.format(at));
    const size = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
    return match?.[1] === "-" ? -size : size;
  };
}

interface Transition {
  timeZone: string;
  /** The first instant with the new offset. */
  at: number;
  before: number;
  after: number;
}

/** Each change of clocks from 2024 to 2030, once for all zones that make it at the same instant in the same way. */
function transitions(): Transition[] {
  const found = new Map<string, Transition>();
  for (const timeZone of Intl.supportedValuesOf("timeZone")) {
    const offset = offsetOf(timeZone);
    const end = Date.UTC(2031, 0, 1);
    for (let from = Date.UTC(2024, 0, 1); from < end; from += 7 * DAY) {
      const [before, after] = [offset(from), offset(from + 7 * DAY)];
      if (before === after) continue;
      let [low, high] = [from, from + 7 * DAY];
      while (high - low > MINUTE) {
        const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
        if (offset(middle) === before) low = middle;
        else high = middle;
      }
      const key = `${high} ${before} ${after}`;
      if (!found.has(key)) found.set(key, { timeZone, at: high, before, after });
    }
  }
  return [...found.values()];
}

const wallOf = (ms: number) => new Date(ms).toISOString().slice(0, 16);

/** By looking at every minute around the change: the first that shows the wall time, else the wall time later by the gap. */
function truth(wall: string, { timeZone, at, before }: Transition): number {
  const offset = offsetOf(timeZone);
  for (let minute = at - 4 * 60 * MINUTE; minute <= at + 4 * 60 * MINUTE; minute += MINUTE)
    if (wallOf(minute + offset(minute) * MINUTE) === wall) return minute;
  return Date.parse(`${wall}Z`) - before * MINUTE;
}

describe("slots across changes of clocks", () => {
  const changes = transitions();

  it("knows the changes of all zones for seven years", () => {
    expect(changes.length).toBeGreaterThan(350);
    expect(changes.filter(({ before, after }) => after > before).length).toBeGreaterThan(150);
  });

  it("fire once on each local date, at the right instant, for a time inside every gap and overlap", () => {
    const wrong = changes.flatMap((change) => {
      const { timeZone, at, before, after } = change;
      // The middle of what is skipped or repeated.
      const wall = wallOf(at + ((before + after) / 2) * MINUTE);
      const [date = "", time = ""] = wall.split("T");
      const [hour, minute] = time.split(":").map(Number);
      const pattern = `${minute} ${hour} * * *`;
      const slots = slotsBetween({ pattern, timeZone }, new Date(at - 3 * DAY), new Date(at + 3 * DAY));
      const thatDay = slots.filter((slot) => slot.wall.startsWith(date));
      const dates = slots.map((slot) => slot.wall.slice(0, 10));
      const right =
        thatDay.length === 1 &&
        thatDay[0]?.dueAt.getTime() === truth(wall, change) &&
        new Set(dates).size === dates.length &&
        dates.length >= 5;
      return right ? [] : [`${timeZone} ${wall}: ${thatDay.map(({ dueAt }) => dueAt.toISOString()).join()}`];
    });

    expect(wrong).toEqual([]);
  });

  it("round-trip between wall time and instant, in any zone, unless the time is skipped", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2024, 0, 1) / MINUTE, max: Date.UTC(2031, 0, 1) / MINUTE }),
        (zone, minute) => {
          const at = new Date(minute * MINUTE);
          const back = toInstant(toWall(at, zone), zone);
          // The same, or the first of two with that wall time.
          return back <= at && toWall(back, zone) === toWall(at, zone);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are the same however the time between is cut into looks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 2, maxLength: 30 }), (minutes) => {
        const schedule = { pattern: "30 2 * * *", timeZone: "Europe/Berlin" };
        const begin = Date.UTC(2026, 9, 20);
        let from = begin;
        const pieces = minutes.flatMap((step) => {
          const to = from + step * MINUTE;
          const slots = slotsBetween(schedule, new Date(from), new Date(to));
          from = to;
          return slots.map(({ name }) => name);
        });
        expect(pieces).toEqual(slotsBetween(schedule, new Date(begin), new Date(from)).map(({ name }) => name));
      }),
    );
  });
});

describe("a schedule", () => {
  it("leaves out the days that are excepted, of one year or of each", () => {
    const schedule = { pattern: "0 9 * * *", timeZone: "UTC", except: ["12-25", "2026-12-24"] };

    const days = slotsBetween(schedule, new Date("2026-12-23T00:00Z"), new Date("2026-12-27T00:00Z")).map(({ wall }) => wall.slice(0, 10));

    expect(days).toEqual(["2026-12-23", "2026-12-26"]);
  });

  it("gives the next slot, also across a change of clocks", () => {
    const schedule = { pattern: "30 2 * * *", timeZone: "Europe/Berlin" };

    expect(nextSlot(schedule, new Date("2026-03-28T12:00:00Z"))?.dueAt.toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(nextSlot(schedule, new Date("2026-10-24T12:00:00Z"))?.dueAt.toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(nextSlot({ pattern: "0 9 30 2 *", timeZone: "UTC" }, new Date("2026-01-01T00:00:00Z"))).toBeUndefined();
  });

  it("that is no cron pattern is refused with an example", () => {
    expect(() => nextSlot({ pattern: "every day", timeZone: "UTC" }, new Date(0))).toThrow(UserError);
    expect(() => nextSlot({ pattern: "0 25 * * *", timeZone: "UTC" }, new Date(0))).toThrow(/For example: 0 9 \* \* 1-5/);
  });
});

it.each([
  ["0 10 * * 1#1", ["2027-01-04", "2027-02-01", "2027-03-01"]],
  ["0 10 * * 5#L", ["2027-01-29", "2027-02-26", "2027-03-26"]],
])("a weekday of the month comes once a month: %s", (pattern, days) => {
  const slots = slotsBetween({ pattern, timeZone: "UTC" }, new Date("2027-01-01T00:00:00Z"), new Date("2027-03-31T23:00:00Z"));

  expect(slots.map(({ wall }) => wall.slice(0, 10))).toEqual(days);
});
