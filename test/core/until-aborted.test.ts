import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { untilAborted } from "../../src/core/until-aborted.ts";

test("the work's outcome comes through, and no listener stays behind", async () => {
  const { signal } = new AbortController();

  expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
  await expect(untilAborted(Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");

  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("work that ignores the signal holds nobody up", async () => {
  const controller = new AbortController();
  const stuck = untilAborted(new Promise(() => {}), controller.signal);
  const named = untilAborted(new Promise(() => {}), controller.signal, () => new Error("in our words"));

  controller.abort(new Error("too late"));

  await expect(stuck).rejects.toThrow("too late");
  await expect(named).rejects.toThrow("in our words");
  await expect(untilAborted(Promise.resolve(1), controller.signal)).rejects.toThrow("too late");
});
