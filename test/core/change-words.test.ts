import { expect, it } from "vitest";
import { type ChangeData, cameBefore, mostOf } from "../../src/core/change-words.ts";

const candidate = (changes: Partial<ChangeData["candidates"][number]>) => ({
  ...{ kind: "pulls", title: "Log every message", hoursBefore: 6.6, shared: ["data"] },
  ...changes,
});
const DATA: ChangeData = {
  slices: [{ slice: { service: "Logs", usage_type: "Bytes", team: "data" }, share: 0.97 }],
  candidates: [candidate({})],
  began: { day: "2026-11-04" },
};

it("the slice that holds most of a change is named without what was asked for", () => {
  expect(mostOf(DATA, ["Logs"])).toBe("Bytes · data");
  expect(mostOf(DATA, ["Logs", "Bytes", "data"])).toBeUndefined();
  expect(mostOf({ ...DATA, slices: [{ slice: { team: "data" }, share: 0.4 }] }, [])).toBeUndefined();
  expect(mostOf({ ...DATA, slices: [] }, [])).toBeUndefined();
});

it("what came before is told with the day it came before, where it names the same thing", () => {
  expect(cameBefore(DATA)).toEqual(["the pull request “Log every message”, 7 h before the step of 4 November 2026"]);
  expect(
    cameBefore({ ...DATA, candidates: [candidate({ hoursBefore: -2 }), candidate({ shared: [] }), candidate({ hoursBefore: null })] }),
  ).toEqual([]);
});

it("a change without a day has nothing before it", () => {
  const { began: _, ...crept } = DATA;

  expect(cameBefore(crept)).toEqual([]);
});
