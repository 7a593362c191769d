import { expect, test } from "vitest";
import { mergeRows, reportText } from "./report.ts";
import { judge } from "./target.ts";
import { auditTarget } from "./targets/audit.ts";
import { brownoutTarget } from "./targets/brownouts.ts";
import { downtimeTarget } from "./targets/downtime.ts";
import { targets } from "./targets/index.ts";

/** The quick ones of `npm run soak`, in small; slice.test.ts has digests under kills. Limits in ms are no subject here. */
const SLICE = { share: 0.01, slower: 100 };

test.each([auditTarget, brownoutTarget, downtimeTarget])(
  "$id, $test: holds, and its control does not",
  async (target) => {
    const row = await judge(target, SLICE);

    expect(row).toMatchObject({ passed: true, controlFailed: true });
  },
  60_000,
);

test("what breaks off is not good, and says why", async () => {
  const broken = { ...auditTarget, run: () => Promise.reject(new Error("the disk is gone")) };

  expect(await judge(broken, SLICE)).toMatchObject({ passed: false, figure: "broke off: the disk is gone" });
});

test("the report has a line for each, and says where a control proves nothing", () => {
  const rows = targets.map(({ id, test: trial, good }) => {
    return {
      id,
      test: trial,
      good,
      figure: "a | b",
      passed: true,
      control: "c",
      controlFailed: id !== "L1",
      seconds: 1,
      slower: 2,
      share: 0.5,
      at: "2026-11-22T00:00:00Z",
    };
  });

  const text = reportText({ machine: "a machine", node: "v24", rows });

  expect(text.split("\n").filter((line) => /^\| [A-Z]\d /.test(line))).toHaveLength(targets.length);
  expect(text).toContain("a \\| b");
  expect(text.match(/proves nothing/g)).toHaveLength(1);
});

test("what is tried again takes its place among what was tried before", () => {
  const row = { good: "g", passed: true, control: "c", controlFailed: true, seconds: 1, slower: 1, share: 1, at: "2026-11-22T00:00:00Z" };
  const trials = ["a", "b", "c"].map((test) => ({ id: "R1", test }));
  const earlier = [...trials.slice(0, 2), { id: "R0", test: "no trial any more" }].map((trial) => ({ ...row, ...trial, figure: "before" }));

  const merged = mergeRows(earlier, [{ ...row, id: "R1", test: "b", figure: "now" }], trials);

  expect(merged.map(({ test, figure }) => `${test} ${figure}`)).toEqual(["a before", "b now"]);
});
