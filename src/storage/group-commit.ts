/** Work of many callers, done together. */
export interface GroupCommit<Item, Result> {
  /** Resolves once the items are stored. Rejects with QueueFull when too much waits already, else with what storing threw; then none of them is stored. */
  add(items: readonly Item[]): Promise<Result>;
}

/** Too much waits to be stored. Nothing was taken; the same request may be sent again. */
export class QueueFull extends Error {
  override readonly name = "QueueFull";
}

export interface GroupCommitOptions<Item, Result> {
  /** Stores several callers' items in one transaction: all of them, or it throws and stores none. One result per caller, in order. */
  store(groups: readonly (readonly Item[])[]): Promise<readonly Result[]>;
  /** Items that may wait. */
  mostWaiting: number;
  /** Items of one transaction; a caller's own are never split. */
  mostAtOnce: number;
}

interface Waiting<Item, Result> {
  items: readonly Item[];
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * One durable commit costs a wait for the disk, however much is in it: while one runs, the next gathers.
 * A transaction that fails is tried again caller by caller, so that one caller's trouble is not another's.
 */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let count = 0;
  let running = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const groups = take();
      await settle(groups);
      // Whoever has arrived meanwhile is read before the next commit begins.
      await nextTurn();
    }
    running = false;
  }

  function take(): Waiting<Item, Result>[] {
    let size = 0;
    let end = 0;
    for (; end < waiting.length && (end === 0 || size + (waiting[end]?.items.length ?? 0) <= options.mostAtOnce); end++)
      size += waiting[end]?.items.length ?? 0;
    count -= size;
    return waiting.splice(0, end);
  }

  async function settle(groups: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.store(groups.map(({ items }) => items));
      for (const [i, { resolve }] of groups.entries()) resolve(results[i] as Result);
    } catch (error) {
      if (groups.length === 1) groups[0]?.reject(error);
      else for (const group of groups) await settle([group]);
    }
  }

  return {
    add(items) {
      if (count + items.length > options.mostWaiting && waiting.length > 0) return Promise.reject(new QueueFull("The queue is full"));
      return new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject });
        count += items.length;
        if (running) return;
        running = true;
        void nextTurn().then(work);
      });
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
