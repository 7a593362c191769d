/** Runs work through, at most `width` at a time, first come first served. */
export type Bulkhead = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createBulkhead(width: number): Bulkhead {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= width) await new Promise<void>((enter) => waiting.push(enter));
    else running += 1;
    try {
      return await work();
    } finally {
      // A place is handed on, not given back, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
