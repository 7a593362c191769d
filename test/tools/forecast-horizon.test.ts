import { describe, expect, it } from "vitest";
import { horizonOf } from "../../src/tools/forecast-horizon.ts";

const of = (period: string | { from: string; to: string }, today: string, settled: string) => horizonOf({ period }, today, settled, []);

describe("the days a forecast is asked for", () => {
  it.each([
    ["a month that has begun is asked for whole", { from: "2026-11-01", to: "2026-11-21" }, "2026-11-21", "2026-11-19", "2026-11-30"],
    ["a week that has begun too", { from: "2026-11-16", to: "2026-11-21" }, "2026-11-21", "2026-11-19", "2026-11-22"],
    ["a Monday is one day", { from: "2026-10-26", to: "2026-10-26" }, "2026-10-26", "2026-10-24", "2026-10-26"],
    ["the first of a month is its month", { from: "2026-11-01", to: "2026-11-01" }, "2026-11-01", "2026-10-30", "2026-11-30"],
  ])("%s", (_, period, today, settled, to) => {
    expect(of(period, today, settled)).toEqual({ from: period.from, to });
  });

  it("takes “today” for one day also on the first of a month", () => {
    expect(of("today", "2026-11-01", "2026-10-30")).toEqual({ from: "2026-11-01", to: "2026-11-01" });
  });
});
