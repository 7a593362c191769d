import { describe, expect, test } from "vitest";
import { type AnomalyFeedback, applyFeedback, expectedDays, type JudgedAnomaly } from "../../../src/analytics/anomalies/feedback.ts";

const anomaly = (from: string, to: string, excess: number, series = "S3"): JudgedAnomaly => ({ series, from, to, excess });
const ALL = [anomaly("2026-10-03", "2026-10-04", 80), anomaly("2026-10-09", "2026-10-09", 100), anomaly("2026-10-12", "2026-10-12", 300)];

describe("feedback on anomalies", () => {
  test("of none leaves all as alarms", () => {
    expect(applyFeedback(ALL, [])).toEqual({ alarms: ALL, held: [] });
  });

  test("“expected” takes what touches its days, of its series alone, and says who and why", () => {
    const feedback: AnomalyFeedback[] = [
      { kind: "expected", series: "S3", from: "2026-10-04", to: "2026-10-06", by: "Ada", note: "backfill" },
      { kind: "expected", series: "EC2", from: "2026-10-01", to: "2026-10-31" },
    ];

    const { alarms, held } = applyFeedback(ALL, feedback);

    expect(alarms).toEqual(ALL.slice(1));
    expect(held).toEqual([{ anomaly: ALL[0], reason: "Ada marked 4 October 2026 to 6 October 2026 as expected: “backfill”" }]);
  });

  test("“snooze” holds a series until its day, but not what grows to twice the size", () => {
    const feedback: AnomalyFeedback[] = [{ kind: "snooze", series: "S3", from: "2026-10-03", until: "2026-10-31" }];

    const { alarms, held } = applyFeedback(ALL, feedback);

    expect(alarms).toEqual([ALL[2]]);
    expect(held.map((h) => h.reason)).toEqual(Array.from({ length: 2 }, () => "Marked as “not now” until 31 October 2026"));
    expect(applyFeedback([anomaly("2026-11-01", "2026-11-02", 80)], feedback).held).toEqual([]);
  });

  test("gives the days a series shall learn as usual", () => {
    const feedback: AnomalyFeedback[] = [
      { kind: "expected", series: "S3", from: "2026-10-04", to: "2026-10-05" },
      { kind: "snooze", series: "S3", from: "2026-10-01", until: "2026-10-31" },
    ];

    expect([...expectedDays("S3", feedback)]).toEqual(["2026-10-04", "2026-10-05"]);
    expect(expectedDays("EC2", feedback).size).toBe(0);
  });
});
