import { describe, expect, it } from "vitest";
import { createIntake } from "../../src/router/intake.ts";
import { gate } from "../channels/slack/world.ts";

const rounds = async (count = 50) => {
  for (let i = 0; i < count; i++) await new Promise((done) => setImmediate(done));
};

describe("answers that are made at once", () => {
  it("wait for what is coming in, and begin in their order", async () => {
    const intake = createIntake();
    const hold = gate();
    const began: number[] = [];
    const kept = intake.first(() => hold.opened);

    for (const i of [1, 2, 3]) void intake.admit().then(() => began.push(i));
    await rounds();
    expect(began).toEqual([]);
    hold.open();
    await kept;

    await expect.poll(() => began).toEqual([1, 2, 3]);
  });

  it("are no more than there are places", async () => {
    const intake = createIntake(2);
    const began: number[] = [];

    for (const i of [1, 2, 3]) void intake.admit().then(() => began.push(i));
    await expect.poll(() => began).toEqual([1, 2]);
    await rounds();
    expect(began).toEqual([1, 2]);
    intake.leave();

    await expect.poll(() => began).toEqual([1, 2, 3]);
  });

  it("begin all the same when something is coming in for ever", async () => {
    const intake = createIntake();
    void intake.first(() => gate().opened);

    await intake.admit();
  });

  it("wait for the rest of a burst, and begin when it is over", async () => {
    const intake = createIntake();
    const began: number[] = [];
    for (let i = 0; i < 30; i++) await intake.first(async () => {});

    void intake.admit().then(() => began.push(1));
    await rounds();
    expect(began).toEqual([]);

    await expect.poll(() => began).toEqual([1]);
  });

  it("are not held up by what could not be kept", async () => {
    const intake = createIntake();

    await expect(intake.first(() => Promise.reject(new Error("the database is gone")))).rejects.toThrow("gone");

    await intake.admit();
  });
});
