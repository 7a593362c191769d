import { describe, expect, test } from "vitest";
import { judgeByRule } from "../../../src/analytics/anomalies/daily-rules.ts";
import { addDays } from "../../../src/core/civil-date.ts";
import { fc } from "../../kit/property.ts";
import { bill, FIRST } from "./series.ts";

const RULES = ["zscore", "iqr", "seasonal"] as const;
const options = { direction: "both", streaming: true } as const;

describe("a named method", () => {
  test.each(RULES)("%s finds a day far above, with a range that holds the others, and nothing else", (rule) => {
    const values = bill(200, (_, i) => (i === 152 ? 6 : 1));

    const days = judgeByRule(FIRST, values, rule, options);

    expect(days.flatMap(({ state }, i) => (state === "rise" || state === "drop" ? [i] : []))).toEqual([152]);
    expect(days[152]?.score).toBeGreaterThan(0.5);
    const known = days.flatMap((day, i) => (Number.isNaN(day.expected) || i === 152 ? [] : [{ ...day, value: values[i] ?? 0 }]));
    expect(known.filter(({ value, low, high }) => value >= low && value <= high).length / known.length).toBeGreaterThan(0.95);
  });

  test("zscore expects the mean of the days before, and 2.576 deviations around it", () => {
    const values = Float64Array.from({ length: 41 }, (_, i) => (i % 2 ? 12 : 8));

    const day = judgeByRule(FIRST, values, "zscore", options)[40];

    expect([day?.expected, day?.low, day?.high]).toEqual([10, expect.closeTo(10 - 2 * 2.576, 9), expect.closeTo(10 + 2 * 2.576, 9)]);
  });

  test("iqr takes the quartiles, which a peak does not move", () => {
    const values = Float64Array.from({ length: 61 }, (_, i) => (i === 50 ? 1e4 : ([8, 10, 12, 10][i % 4] ?? 0)));

    const days = judgeByRule(FIRST, values, "iqr", options);

    expect(days[50]?.state).toBe("rise");
    expect(days[60]?.expected).toBe(10);
  });

  test("seasonal knows the weekend, and a holiday when it is told", () => {
    const holidays = new Set(["2025-05-01", "2025-05-29", "2025-06-09", "2025-10-03", "2025-12-25"]);
    const values = bill(400, (day) => (holidays.has(day) ? 2 : 1));
    const christmas = 358;

    const plain = judgeByRule(FIRST, values, "seasonal", options)[christmas];
    const told = judgeByRule(FIRST, values, "seasonal", { ...options, holidays })[christmas];

    expect(addDays(FIRST, christmas)).toBe("2025-12-25");
    expect([plain?.state, told?.state]).toEqual(["rise", "normal"]);
    expect(told?.expected).toBeGreaterThan(1.5 * (plain?.expected ?? 0));
  });

  test("leaves missing, provisional and expected days alone", () => {
    const values = bill(120, (_, i) => (i === 100 ? 6 : 1));
    values[90] = Number.NaN;
    const expected = new Set([addDays(FIRST, 100)]);

    const days = judgeByRule(FIRST, values, "zscore", { ...options, expected, provisionalFrom: addDays(FIRST, 110) });

    expect([days[90]?.state, days[100]?.state, days[109]?.state, days[110]?.state]).toEqual(["unjudged", "normal", "normal", "unjudged"]);
  });

  test("gives numbers or says unjudged, whatever the values", () => {
    const value = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom(0, 7, Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 90 }), fc.constantFrom(...RULES), (given, rule) => {
        for (const { state, score, expected, low, high } of judgeByRule(FIRST, Float64Array.from(given), rule, options)) {
          if (state === "unjudged") continue;
          expect([score, expected, low, high].every(Number.isFinite) && score >= 0 && score < 1 && low <= high).toBe(true);
        }
      }),
    );
  });
});
