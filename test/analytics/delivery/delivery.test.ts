import { describe, expect, it } from "vitest";
import { agingWork } from "../../../src/analytics/delivery/aging.ts";
import { bandOf } from "../../../src/analytics/delivery/bands.ts";
import { changeFailureRate } from "../../../src/analytics/delivery/change-failure-rate.ts";
import { deployedChanges } from "../../../src/analytics/delivery/deployed-changes.ts";
import { deploymentFrequency } from "../../../src/analytics/delivery/deployment-frequency.ts";
import { incidentDeployments } from "../../../src/analytics/delivery/incident-deployments.ts";
import { commitLeadTime, leadTime } from "../../../src/analytics/delivery/lead-time.ts";
import { pullRequestTimes } from "../../../src/analytics/delivery/pull-request-times.ts";
import { recoveryTime } from "../../../src/analytics/delivery/recovery-time.ts";
import { reviewLoads } from "../../../src/analytics/delivery/review-load.ts";
import { sprintPredictability } from "../../../src/analytics/delivery/sprint-predictability.ts";
import { workInProgress } from "../../../src/analytics/delivery/work-in-progress.ts";
import { fc } from "../../kit/property.ts";

const at = (text: string) => new Date(`2026-11-${text}:00Z`);
const NOVEMBER = { from: "2026-11-02", to: "2026-11-29" };

describe("deployment frequency", () => {
  const on = (...days: string[]) => days.map((day, i) => ({ id: `d${i}`, finished: at(`${day}T12:00`) }));

  it("counts a deployment of several commits once, by its last end", () => {
    const twice = [
      { id: "a", finished: at("08T23:59") },
      { id: "a", finished: at("09T00:01") },
    ];

    expect(deploymentFrequency(twice, NOVEMBER)).toMatchObject({ count: 1, days: 1, perWeek: 0.25, meanPerCalendarWeek: 0.25 });
  });

  it.each([
    ["daily", on("02", "03", "04", "09", "10", "11", "16", "17", "18")],
    ["weekly", on("02", "09")],
    ["monthly", on("12")],
  ])("calls %s what Four Keys calls so", (band, deployments) => {
    expect(deploymentFrequency(deployments, NOVEMBER).band).toBe(band);
  });

  it("has no band without a deployment, and leaves out those of other days", () => {
    expect(deploymentFrequency([{ id: "x", finished: new Date("2026-12-01T00:00:00Z") }], NOVEMBER)).toMatchObject({
      count: 0,
      band: null,
    });
  });
});

describe("lead time", () => {
  const one = pullRequestTimes({
    created: at("03T10:00"),
    firstCommit: at("03T08:00"),
    firstReview: at("03T11:00"),
    merged: at("03T12:00"),
    deployed: at("03T14:00"),
  });
  const other = pullRequestTimes({ created: at("04T10:00"), merged: at("04T20:00"), deployed: at("04T20:00") });
  const undeployed = pullRequestTimes({ created: at("05T10:00"), merged: at("05T20:00") });

  it("is the median cycle time, or the mean of the parts, by the definition asked for", () => {
    expect(one).toEqual({ coding: 120, pickup: 60, review: 60, deploy: 120, cycle: 360 });
    expect(leadTime([one, other], "devlake")).toBe(8);
    expect(leadTime([one, other], "middleware")).toBe(3);
  });

  it("leaves out what has not reached production, and is null when nothing has", () => {
    expect(leadTime([one, undeployed], "devlake")).toBe(6);
    expect(leadTime([undeployed], "devlake")).toBeNull();
  });

  it("of single commits takes the median of those above zero", () => {
    expect(commitLeadTime([{ seconds: -5 }, { seconds: 0 }, { seconds: 3_600 }, { seconds: 10_800 }])).toBe(2);
    expect(commitLeadTime([])).toBeNull();
  });

  it("is never negative, whatever the order of the instants", () => {
    const day = fc.date({ min: new Date("2026-01-01"), max: new Date("2026-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(
        day,
        fc.option(day, { nil: undefined }),
        fc.option(day, { nil: undefined }),
        fc.option(day, { nil: undefined }),
        (created, firstCommit, firstReview, merged) => {
          const parts = Object.values(pullRequestTimes({ created, firstCommit, firstReview, merged }));
          return parts.every((part) => part === null || (Number.isInteger(part) && part >= 0));
        },
      ),
    );
  });
});

describe("the deployment of a change", () => {
  it("goes by time only where deployments name no commits, and never to another service", () => {
    const deployments = [
      { id: "api-1", service: "api", finished: at("03T10:00") },
      { id: "web-1", service: "web", finished: at("03T12:00") },
      { id: "api-2", service: "api", finished: at("03T14:00") },
    ];
    const found = deployedChanges(
      [
        { id: "late", service: "api", merged: at("03T11:00") },
        { id: "never", service: "web", merged: at("03T13:00") },
      ],
      deployments,
    );

    expect([...found].map(([id, { deployment, how }]) => [id, deployment.id, how])).toEqual([["late", "api-2", "time"]]);
  });
});

describe("failures", () => {
  const deployments = [
    { id: "a", finished: at("03T10:00"), service: "api" },
    { id: "b", finished: at("03T12:00"), service: "web" },
  ];

  it("are laid to the deployment they name, else to the last one of their service before them", () => {
    const found = incidentDeployments(
      [
        { id: "named", created: at("03T13:00"), deployment: "a" },
        { id: "ours", created: at("03T13:00"), service: "api" },
        { id: "any", created: at("03T13:00") },
        { id: "early", created: at("03T09:00") },
      ],
      deployments,
    );

    expect([...found].map(([id, { id: deployment }]) => [id, deployment])).toEqual([
      ["named", "a"],
      ["ours", "a"],
      ["any", "b"],
    ]);
  });

  it("give a rate that may exceed one by DevLake's definition alone", () => {
    expect(changeFailureRate(["a"], ["a", "a"], "devlake")).toBe(2);
    expect(changeFailureRate(["a", "b"], ["a", "a"], "middleware")).toBe(0.5);
    expect(changeFailureRate([], ["a"], "devlake")).toBeNull();
  });

  it("are recovered from since the deployment or since the incident, by the definition", () => {
    const failure = { created: at("03T12:00"), resolved: at("03T14:00"), deployed: at("03T10:00") };
    const second = { created: at("04T12:00"), resolved: at("04T22:00") };

    expect(recoveryTime([failure, second], "devlake")).toBe(4);
    expect(recoveryTime([failure, second], "four_keys")).toBe(6);
    expect(recoveryTime([], "middleware")).toBeNull();
  });
});

describe("work", () => {
  it("in progress is counted at the end of each day", () => {
    const stays = [{ from: at("03T10:00"), to: at("04T09:00") }, { from: at("04T10:00") }, { from: at("05T10:00"), to: at("05T11:00") }];

    expect(workInProgress(stays, ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"])).toEqual([0, 1, 1, 1]);
  });

  it("ages beyond what 85 in 100 finished pieces took, once ten are finished", () => {
    const finished = Array.from({ length: 20 }, (_, i) => i + 1);
    const open = [
      { id: "old", started: at("01T00:00") },
      { id: "new", started: at("19T00:00") },
    ];

    const { limitDays, work } = agingWork(open, finished, at("20T00:00"));

    expect(limitDays).toBe(17);
    expect(work.map(({ id, days, aging }) => [id, days, aging])).toEqual([
      ["old", 19, true],
      ["new", 1, false],
    ]);
    expect(agingWork(open, finished.slice(0, 9), at("20T00:00")).work.some(({ aging }) => aging)).toBe(false);
  });
});

describe("review load", () => {
  it("counts a person once a change and never the author", () => {
    const loads = reviewLoads([
      { author: "ann", reviewers: ["bob", "bob", "ann"] },
      { author: "bob", reviewers: ["cem"] },
      { author: "cem", reviewers: ["bob"] },
      { author: "cem", reviewers: [] },
    ]);

    expect(loads).toEqual({
      loads: [
        { reviewer: "bob", reviews: 2, share: 2 / 3 },
        { reviewer: "cem", reviews: 1, share: 1 / 3 },
      ],
      total: 3,
      unreviewed: 1,
      halfDoneBy: 1,
    });
  });
});

describe("sprints", () => {
  it("are predictable within a fifth of their commitment, and an empty one is left out", () => {
    const result = sprintPredictability([
      { name: "1", committed: 10, completed: 9, added: 2 },
      { name: "2", committed: 10, completed: 5 },
      { name: "3", committed: 0, completed: 3 },
    ]);

    expect(result).toEqual({ sprints: 2, sayDo: 0.7, range: [0.5, 0.9], within: 0.5, scopeGrowth: 0.2 });
    expect(sprintPredictability([])).toBeNull();
  });
});

describe("bands", () => {
  it("are read off their upper limits", () => {
    expect([bandOf("lead_time", 23.9), bandOf("lead_time", 24), bandOf("recovery_time", 200), bandOf("change_failure_rate", 0.12)]).toEqual(
      ["elite", "high", "low", "medium"],
    );
  });
});
