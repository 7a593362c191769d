import { describe, expect, it } from "vitest";
import { type Figures, hours, movedOf, stepsOf } from "../../src/digests/delivery-judge.ts";

const WEEK: Figures = {
  ...{ deploymentsPerWeek: 50, leadTimeHours: 30, changeFailureRate: 0.1, recoveryHours: 2, cycleP50Hours: 40, mergedPullRequests: 60 },
  ...{ codingHours: 3, pickupHours: 17, reviewHours: 4, deployHours: null },
};
const names = (now: Partial<Figures>, before: Partial<Figures> = {}, incidents = 5) =>
  movedOf({ ...WEEK, ...now }, { ...WEEK, ...before }, incidents).map(({ short }) => short);

describe("what moved between two weeks of delivery", () => {
  it("is nothing where two alike weeks differ as much by chance", () => {
    expect(names({ deploymentsPerWeek: 60, leadTimeHours: 22, changeFailureRate: 0.16, mergedPullRequests: 48 })).toEqual([]);
  });

  it("is what stands out of its own spread, the most first", () => {
    expect(names({ deploymentsPerWeek: 75, leadTimeHours: 12, changeFailureRate: 0.32 })).toEqual([
      "more changes fail",
      "lead time shorter",
      "more deployments",
    ]);
  });

  it("needs a larger step of recovery when there were few incidents", () => {
    expect(names({ recoveryHours: 5 }, {}, 40)).toEqual(["slower to recover"]);
    expect(names({ recoveryHours: 5 }, {}, 2)).toEqual([]);
    expect(names({ recoveryHours: 5 }, {}, 0)).toEqual([]);
  });

  it("is not said of what is missing, or was nothing", () => {
    expect(names({ leadTimeHours: null, deploymentsPerWeek: null }, { changeFailureRate: 0, cycleP50Hours: null })).toEqual([]);
  });
});

it("the way of a change has the parts that are known", () => {
  expect(stepsOf(WEEK, { ...WEEK, pickupHours: null })).toEqual([
    { name: "coding", hours: 3, before: 3 },
    { name: "waiting for the first review", hours: 17, before: null },
    { name: "in review", hours: 4, before: 4 },
  ]);
  expect([hours(26.44), hours(50.4)]).toEqual(["26.4 hours", "2.1 days"]);
});
