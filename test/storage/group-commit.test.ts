import { describe, expect, it } from "vitest";
import { createGroupCommit, QueueFull } from "../../src/storage/group-commit.ts";

/** A store that waits until it is told how each transaction ends. */
function heldStore() {
  const begun: { groups: readonly (readonly string[])[]; end(error?: Error): void }[] = [];
  const store = (groups: readonly (readonly string[])[]) =>
    new Promise<number[]>((resolve, reject) => {
      begun.push({ groups, end: (error) => (error ? reject(error) : resolve(groups.map((group) => group.length))) });
    });
  return { begun, store };
}

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("a group commit", () => {
  it("stores what has gathered while the one before ran, in one transaction", async () => {
    const { begun, store } = heldStore();
    const queue = createGroupCommit<string, number>({ store, mostWaiting: 100, mostAtOnce: 100 });

    const first = queue.add(["a"]);
    await settled();
    const later = [queue.add(["b", "c"]), queue.add(["d"])];
    await settled();
    expect(begun.map(({ groups }) => groups)).toEqual([[["a"]]]);
    begun[0]?.end();
    expect(await first).toBe(1);
    await settled();
    begun[1]?.end();

    expect(await Promise.all(later)).toEqual([2, 1]);
    expect(begun[1]?.groups).toEqual([["b", "c"], ["d"]]);
  });

  it("says nothing is stored before it is", async () => {
    const { begun, store } = heldStore();
    const queue = createGroupCommit<string, number>({ store, mostWaiting: 100, mostAtOnce: 100 });
    let isDone = false;
    const adding = queue.add(["a"]).then(() => {
      isDone = true;
    });

    await settled();
    expect(isDone).toBe(false);
    begun[0]?.end();
    await adding;
    expect(isDone).toBe(true);
  });

  it("refuses what goes beyond its bounds, and takes it once there is room", async () => {
    const { begun, store } = heldStore();
    const queue = createGroupCommit<string, number>({ store, mostWaiting: 3, mostAtOnce: 2 });
    const running = queue.add(["a"]);
    await settled();
    const waiting = queue.add(["b", "c"]);

    await expect(queue.add(["d", "e"])).rejects.toBeInstanceOf(QueueFull);
    begun[0]?.end();
    await running;
    await settled();
    begun[1]?.end();
    await waiting;
    const accepted = queue.add(["d", "e"]);
    await settled();
    begun[2]?.end();
    expect(await accepted).toBe(2);
  });

  it("tries callers one by one when their transaction fails, so that only the cause is told", async () => {
    const failing = async (groups: readonly (readonly string[])[]) => {
      if (groups.flat().includes("bad")) throw new Error("bad item");
      return groups.map((group) => group.length);
    };
    const queue = createGroupCommit<string, number>({ store: failing, mostWaiting: 100, mostAtOnce: 100 });

    const results = await Promise.allSettled([queue.add(["a"]), queue.add(["bad"]), queue.add(["b", "c"])]);

    expect(results.map((r) => (r.status === "fulfilled" ? r.value : (r.reason as Error).message))).toEqual([1, "bad item", 2]);
  });
});
