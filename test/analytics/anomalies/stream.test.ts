import { describe, expect, test } from "vitest";
import { cadenceOf } from "../../../src/analytics/anomalies/cadence.ts";
import { ANOMALY_METHODS, detectAnomalies } from "../../../src/analytics/anomalies/detect.ts";
import { StreamDetector } from "../../../src/analytics/anomalies/stream-detector.ts";
import { seededNormal, wave } from "./series.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const times = (rows: number, step = 5 * MINUTE) => Float64Array.from({ length: rows }, (_, i) => 1.7e12 + i * step);
const auto = { method: "auto", streaming: true } as const;

function alarms(values: Float64Array): number[] {
  const detector = new StreamDetector(288);
  return [...values].flatMap((value, i) => (detector.next(value).score >= 0.5 ? [i] : []));
}

describe("a stream detector", () => {
  const AT = 2500;
  const CHANGES: [string, (values: Float64Array) => void][] = [
    ["a peak", (v) => v.fill(190, AT, AT + 2)],
    ["a day's shape that fails to come", (v) => v.fill(100, AT - 100, AT + 150)],
    [
      "a lasting shift",
      (v) =>
        v.set(
          v.subarray(AT).map((x) => x + 90),
          AT,
        ),
    ],
    ["a flat line", (v) => v.fill(v[AT] ?? 0, AT, AT + 150)],
    [
      "more noise",
      (v) =>
        v.set(
          v.subarray(AT, AT + 150).map((x, i) => x + (i % 2 ? 15 : -15)),
          AT,
        ),
    ],
  ];

  test.each(CHANGES)("finds %s, and little else", (_, change) => {
    const values = wave(4000);
    change(values);

    const found = alarms(values);

    expect(found.filter((i) => i >= AT - 100 && i < AT + 250).length).toBeGreaterThan(0);
    expect(found.filter((i) => i < AT - 100).length).toBeLessThanOrEqual(2);
  });

  test.each([
    ["nothing but one value", Float64Array.from({ length: 3000 }, () => 45)],
    ["a square wave without noise", Float64Array.from({ length: 3000 }, (_, i) => (i % 288 < 144 ? 20 : 80))],
  ])("has no alarm for %s, once two days were seen", (_, values) => {
    expect(alarms(values).filter((i) => i >= 2 * 288)).toEqual([]);
  });

  test.each([5, 15, 30, 60])("finds one far row at its row, of rows %i minutes apart", (minutes) => {
    const day = (24 * 60) / minutes;
    const noise = seededNormal(minutes);
    const values = Float64Array.from({ length: 25 * day }, (_, i) => 100 + 40 * Math.sin((2 * Math.PI * i) / day) + 2 * noise());
    // At the foot of the wave, where the value itself is nothing new.
    const at = 20 * day + (3 * day) / 4;
    values[at] = 110;

    const detector = new StreamDetector(day);
    const found = [...values].flatMap((value, i) => (detector.next(value).score >= 0.5 ? [i] : []));

    expect(found).toContain(at);
  });

  test("does not alarm for ever for what comes each day", () => {
    const values = wave(4000);
    for (let day = 0; day < 10; day++) values[1000 + 288 * day] = 300;

    const found = alarms(values);

    expect(found).toContain(1000);
    expect(found).not.toContain(1000 + 288 * 9);
  });

  test("judges each row by the past alone", () => {
    const values = wave(1500);
    const changed = values.slice();
    changed.fill(1e6, 1200);

    const [a, b] = [detectAnomalies(times(1500), values, auto).scores, detectAnomalies(times(1500), changed, auto).scores];

    expect(b.subarray(0, 1200)).toEqual(a.subarray(0, 1200));
  });

  test("does not mind the unit", () => {
    const values = wave(1500);
    values[1300] = 250;

    const score = (scale: number) =>
      detectAnomalies(
        times(1500),
        values.map((v) => v * scale),
        auto,
      ).scores[1300];

    expect(score(1024)).toBeCloseTo(score(1) ?? 0, 9);
    expect(score(1 / 1024)).toBeCloseTo(score(1) ?? 0, 9);
  });

  test("gives the range that is usual at the hour", () => {
    const detector = new StreamDetector(288);
    let inside = 0;
    for (const [i, value] of wave(3000).entries()) {
      const { low, high } = detector.next(value);
      if (i >= 1000 && value >= low && value <= high) inside++;
    }

    expect(inside / 2000).toBeGreaterThan(0.95);
  });
});

describe("detecting", () => {
  test("tells how often a series is measured from its times", () => {
    expect(cadenceOf(times(50))).toEqual({ step: 5 * MINUTE, kind: "stream" });
    expect(cadenceOf(times(50, 60 * MINUTE)).kind).toBe("stream");
    expect(cadenceOf(times(50, DAY)).kind).toBe("daily");
    expect(cadenceOf(times(50, 7 * DAY)).kind).toBe("longer");
    expect(cadenceOf(new Float64Array(3)).kind).toBe("daily");
    expect(cadenceOf(Float64Array.of(0, 0, DAY, DAY, 2 * DAY)).kind).toBe("daily");
  });

  const KINDS = [
    ["many a day", 5 * MINUTE, 1500],
    ["one a day", DAY, 300],
    ["weeks", 7 * DAY, 200],
  ] as const;
  const CASES = KINDS.flatMap((kind) =>
    ANOMALY_METHODS.flatMap((method) => [true, false].map((streaming) => [...kind, method, streaming] as const)),
  );

  test.each(CASES)(
    "with %s (%d ms, %d rows) by %s, streaming %s, ranks a great peak first and scores every value",
    (_, step, rows, method, streaming) => {
      const normal = seededNormal(5);
      const values = Float64Array.from({ length: rows }, () => 100 + 3 * normal());
      values[rows - 20] = 400;
      values[rows - 40] = Number.NaN;
      values[rows - 50] = Number.POSITIVE_INFINITY;

      const { scores } = detectAnomalies(times(rows, step), values, { method, streaming });

      const missing = [...scores.keys()].filter((i) => Number.isNaN(scores[i]));
      expect(missing).toEqual([rows - 50, rows - 40]);
      const known = [...scores].filter((score) => !Number.isNaN(score));
      expect(known.every((score) => score >= 0 && score < 1)).toBe(true);
      expect(scores[rows - 20]).toBe(Math.max(...known));
      expect(scores[rows - 20]).toBeGreaterThanOrEqual(0.5);
    },
  );

  test.each([[0], [1], [2]])("of %d rows scores nothing", (rows) => {
    for (const method of ANOMALY_METHODS)
      for (const streaming of [true, false])
        expect([...detectAnomalies(times(rows), new Float64Array(rows).fill(7), { method, streaming }).scores]).toEqual(
          Array.from({ length: rows }, () => 0),
        );
  });

  test("adds up the rows of one day", () => {
    const normal = seededNormal(6);
    const halves = Float64Array.from({ length: 400 }, (_, i) => (i === 380 || i === 381 ? 90 : 50 + normal()));
    const at = Float64Array.from({ length: 400 }, (_, i) => 1.7e12 + Math.floor(i / 2) * DAY + (i % 2) * MINUTE);
    // The median of the steps of such a file is the pause between two days.
    const whole = Float64Array.from({ length: 200 }, (_, i) => (halves[2 * i] ?? 0) + (halves[2 * i + 1] ?? 0));

    const byRow = detectAnomalies(
      Float64Array.from(at, (t) => Math.floor(t / DAY) * DAY),
      halves,
      auto,
    ).scores;
    const byDay = detectAnomalies(
      Float64Array.from({ length: 200 }, (_, i) => Math.floor(1.7e12 / DAY) * DAY + i * DAY),
      whole,
      auto,
    ).scores;

    expect(byRow[380]).toBe(byRow[381]);
    expect(byRow[380]).toBeGreaterThan(0.5);
    expect(byRow[380]).toBeCloseTo(byDay[190] ?? 0, 9);
  });

  test("refuses days that span centuries", () => {
    const at = times(100, DAY);
    at[99] = 1.7e12 + 50_000 * DAY;

    expect(() => detectAnomalies(at, new Float64Array(100), auto)).toThrow(RangeError);
  });
});
