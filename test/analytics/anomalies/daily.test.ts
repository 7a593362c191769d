import { describe, expect, test } from "vitest";
import { chanceOf, type DayJudgement, judgeDaily, SMALLEST_SAMPLE } from "../../../src/analytics/anomalies/daily.ts";
import { fitDaily } from "../../../src/analytics/anomalies/daily-fit.ts";
import { historyOf } from "../../../src/analytics/anomalies/daily-history.ts";
import { eventsOf } from "../../../src/analytics/anomalies/events.ts";
import { RiseFilter } from "../../../src/analytics/anomalies/rise-filter.ts";
import { addDays, endOf, weekday } from "../../../src/core/civil-date.ts";
import { fc } from "../../kit/property.ts";
import { bill, FIRST, seededNormal } from "./series.ts";

const streaming = { direction: "rise", streaming: true } as const;

function alarmDays(judged: readonly DayJudgement[]): number[] {
  return judged.flatMap((day, i) => (day.score >= 0.5 ? [i] : []));
}

describe("a daily fit", () => {
  function fitOf(values: Float64Array) {
    return fitDaily(historyOf(FIRST, values), 0, values.length);
  }

  test("finds trend, weekday and noise", () => {
    const fit = fitOf(bill(400, (_, i) => 1 + i / 400));

    for (const i of [20, 200, 395]) {
      const truth = 100 * (weekday(addDays(FIRST, i)) > 5 ? 0.4 : 1) * (1 + i / 400);
      expect(fit.expected(i) / truth).toBeGreaterThan(0.95);
      expect(fit.expected(i) / truth).toBeLessThan(1.05);
    }
    expect(fit.deviation).toBeGreaterThan(0.04);
    expect(fit.deviation).toBeLessThan(0.07);
  });

  test("learns a quiet weekend from a few weeks", () => {
    const fit = fitOf(bill(42));
    const sunday = Array.from({ length: 42 }, (_, i) => i).find((i) => weekday(addDays(FIRST, i)) === 7) ?? 0;

    expect(fit.expected(sunday)).toBeGreaterThan(35);
    expect(fit.expected(sunday)).toBeLessThan(46);
  });

  test("learns a fee on the 1st, a credit on the 3rd and a job on the last but one", () => {
    const special = (day: string) =>
      day.endsWith("-01") ? 3 : day.endsWith("-03") ? -0.5 : day === addDays(endOf("month", day), -1) ? 1.5 : 1;
    const fit = fitOf(bill(300, special));
    const of = (day: string) => Array.from({ length: 300 }, (_, i) => i).find((i) => addDays(FIRST, i) === day) ?? 0;

    expect(fit.expected(of("2025-10-01")) / 300).toBeCloseTo(1, 0);
    expect(fit.expected(of("2025-09-03"))).toBeLessThan(0);
    expect(fit.expected(of("2025-09-29")) / 150).toBeCloseTo(1, 0);
    expect(fit.expected(of("2025-09-16")) / 100).toBeCloseTo(1, 0);
  });

  test("is not moved by some great peaks", () => {
    const values = bill(300);
    for (const i of [50, 51, 120, 200, 201, 280]) values[i] = 5000;

    expect(fitOf(values).expected(282) / fitOf(bill(300)).expected(282)).toBeCloseTo(1, 1);
  });

  test("bears zeros, refunds and missing days", () => {
    for (const value of [0, -50, Number.NaN]) {
      const fit = fitOf(new Float64Array(100).fill(value));
      expect(Number.isFinite(fit.expected(50))).toBe(true);
      expect(fit.scale(50)).toBeGreaterThan(0);
    }
  });
});

describe("a rise filter", () => {
  test("believes a week of small rises that no single day would show", () => {
    const filter = new RiseFilter();
    const creep = [0.3, 0.6, 1, 1.3, 1.6, 1.9, 2.2, 2.3, 2.4, 2.4];

    const beliefs = creep.map((z) => filter.next(z));

    expect(new RiseFilter().next(2.4).severity).toBeLessThan(0.5);
    expect(beliefs.at(-1)?.severity).toBeGreaterThan(1);
    expect(beliefs.at(-1)?.creep).toBeGreaterThan(beliefs.at(-1)?.burst ?? 1);
    expect(beliefs.at(-1)?.days).toBeGreaterThan(5);
  });

  test("believes a burst at once, and its end", () => {
    const filter = new RiseFilter();

    expect(filter.next(8).severity).toBeGreaterThan(3);
    filter.next(0);
    expect(filter.next(0).severity).toBeLessThan(0.1);
  });

  test("never believes a fall, and stays a probability whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double(), { nil: undefined }), { maxLength: 40 }), (errors) => {
        const filter = new RiseFilter();
        for (const z of errors) {
          const { severity, burst, creep } = filter.next(Number.isNaN(z) ? undefined : z);
          expect(Number.isFinite(severity) && severity >= 0).toBe(true);
          expect(burst + creep).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(new RiseFilter().next(-1e9).severity).toBeLessThan(0.2);
      }),
    );
  });
});

describe("days of a bill", () => {
  test("without an event are normal: at most one alarm in a hundred days", () => {
    let found = 0;
    for (let seed = 1; seed <= 10; seed++)
      found += alarmDays(
        judgeDaily(
          FIRST,
          bill(400, () => 1, seed),
          streaming,
        ),
      ).length;

    expect(found).toBeLessThan(0.01 * 10 * 344);
  });

  test("are not judged before there are enough of them", () => {
    const judged = judgeDaily(FIRST, bill(120), streaming);

    expect(judged.slice(0, SMALLEST_SAMPLE).every((day) => day.state === "unjudged" && Number.isNaN(day.score))).toBe(true);
    expect(judged[SMALLEST_SAMPLE]?.state).toBe("normal");
  });

  test("show a peak with what was expected", () => {
    const judged = judgeDaily(
      FIRST,
      bill(200, (_, i) => (i === 150 ? 2 : 1)),
      streaming,
    );

    expect(judged[150]).toMatchObject({ state: "rise" });
    expect(judged[150]?.low).toBeLessThan(judged[150]?.expected ?? 0);
    expect(judged[150]?.high).toBeLessThan(2 * (judged[150]?.expected ?? 0));
    expect(chanceOf(judged[150]?.score ?? 0)).toBeGreaterThan(0.99);
  });

  test("show a slow creep as one event that began with it", () => {
    const values = bill(300, (_, i) => (i >= 250 && i < 264 ? 1 + 0.03 * (i - 249) : 1));

    const [event, ...more] = eventsOf(values, judgeDaily(FIRST, values, streaming), 250).filter((e) => e.kind !== "drop");

    expect(more).toEqual([]);
    expect(event).toMatchObject({ kind: "creep" });
    expect(event?.first).toBeGreaterThan(243);
    expect(event?.first).toBeLessThan(256);
    expect(event?.actual).toBeGreaterThan(event?.high ?? 0);
  });

  test("that fall are told apart, and are no alarm where only rises count", () => {
    const values = bill(200, (_, i) => (i === 150 || i === 151 ? 0.3 : 1));

    const rises = judgeDaily(FIRST, values, streaming);
    const both = judgeDaily(FIRST, values, { direction: "both", streaming: true });

    expect([rises[150]?.state, both[150]?.state]).toEqual(["drop", "drop"]);
    expect(rises[150]?.score).toBeLessThan(0.1);
    expect(both[150]?.score).toBeGreaterThan(0.5);
    expect(eventsOf(values, both, 140)).toMatchObject([{ kind: "drop", first: 150, last: 151, days: 2 }]);
  });

  test("at a new level are usual after three weeks, up and down, and a peak on it is one", () => {
    for (const level of [1.5, 0.5]) {
      const judged = judgeDaily(
        FIRST,
        bill(320, (_, i) => (i >= 200 ? level : 1) * (i === 300 ? 2 : 1)),
        streaming,
      );

      expect(judged[205]?.state).toBe(level > 1 ? "rise" : "drop");
      expect(judged.slice(230, 300).filter((day) => day.state !== "normal").length).toBeLessThanOrEqual(3);
      expect(judged[250]?.expected).toBeGreaterThan(0.8 * (level * 40));
      expect(judged[300]?.state).toBe("rise");
      expect(judged[150]?.expected).toBeGreaterThan(30);
      expect(judged[150]?.expected).toBeLessThan(120);
    }
  });

  test("that grow faster than before are followed, not alarmed for ever", () => {
    const judged = judgeDaily(
      FIRST,
      bill(400, (_, i) => 1 + Math.max(0, i - 200) * 0.004),
      streaming,
    );

    expect(alarmDays(judged).filter((i) => i > 260).length).toBeLessThan(0.15 * 140);
  });

  test("that are missing or provisional are not judged, and missing is no zero", () => {
    const values = bill(200);
    values.fill(Number.NaN, 120, 125);

    const judged = judgeDaily(FIRST, values, { ...streaming, provisionalFrom: addDays(FIRST, 190) });

    expect(judged.slice(120, 125).map((day) => day.state)).toEqual(Array.from({ length: 5 }, () => "unjudged"));
    expect(judged[125]?.state).toBe("normal");
    expect(judged.slice(190).every((day) => day.state === "unjudged" && Number.isFinite(day.expected))).toBe(true);
  });

  test("that are holidays have a level of their own", () => {
    const holidays = new Set(["2025-05-01", "2025-05-29", "2025-06-09", "2025-10-03", "2025-12-25"]);
    const values = bill(400, (day) => (holidays.has(day) ? 2 : 1));
    const christmas = 358;

    expect(addDays(FIRST, christmas)).toBe("2025-12-25");
    expect(judgeDaily(FIRST, values, streaming)[christmas]?.state).toBe("rise");
    expect(judgeDaily(FIRST, values, { ...streaming, holidays })[christmas]?.state).toBe("normal");
  });

  test("somebody expected are no alarm, and teach what is usual", () => {
    const values = bill(260, (_, i) => (i >= 200 ? 1.6 : 1));
    const expected = new Set(Array.from({ length: 8 }, (_, k) => addDays(FIRST, 200 + k)));

    const plain = judgeDaily(FIRST, values, streaming);
    const told = judgeDaily(FIRST, values, { ...streaming, expected });

    expect(plain[203]?.state).toBe("rise");
    expect(told.slice(200, 208).every((day) => day.state === "normal" && day.score === 0)).toBe(true);
  });

  test("are judged by the days before them alone", () => {
    const values = bill(300);
    const changed = values.slice();
    changed.fill(9999, 250);

    const [a, b] = [judgeDaily(FIRST, values, streaming), judgeDaily(FIRST, changed, streaming)];

    expect(b.slice(0, 250)).toEqual(a.slice(0, 250));
  });

  test("in a look back are judged from the first day on, also by days that came later", () => {
    const judged = judgeDaily(
      FIRST,
      bill(200, (_, i) => (i === 20 ? 2 : 1)),
      { direction: "rise", streaming: false },
    );

    expect(judged[20]?.state).toBe("rise");
    expect(judged.every((day) => day.state !== "unjudged")).toBe(true);
  });

  test("of any kind give no NaN where a day is judged", () => {
    const amount = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(0), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(amount, { minLength: 60, maxLength: 120 }), fc.boolean(), (amounts, live) => {
        for (const day of judgeDaily(FIRST, Float64Array.from(amounts), { direction: "both", streaming: live })) {
          if (day.state === "unjudged") continue;
          expect([day.score, day.expected, day.low, day.high].every(Number.isFinite)).toBe(true);
          expect(day.score >= 0 && day.score < 1).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("of nothing but zeros are normal until one is not", () => {
    const values = new Float64Array(100);
    values[90] = 12;

    const judged = judgeDaily(FIRST, values, streaming);

    expect(alarmDays(judged)).toEqual([90]);
  });

  test("of weeks and months are judged without a weekday", () => {
    const normal = seededNormal(3);
    const values = Float64Array.from({ length: 120 }, (_, i) => (i === 100 ? 2 : 1) * (50 + normal()));

    expect(alarmDays(judgeDaily(FIRST, values, { ...streaming, step: "longer" }))).toEqual([100]);
  });
});
