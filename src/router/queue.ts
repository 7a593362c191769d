/**
 * One at a time per key, in the order of arrival. Resolves with the function that lets the next one in; call it exactly once.
 */
export type Queue = (key: string) => Promise<() => void>;

export function createQueue(): Queue {
  const tails = new Map<string, Promise<void>>();
  return async (key) => {
    const before = tails.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    const tail = (before ?? Promise.resolve()).then(() => promise);
    tails.set(key, tail);
    await before;
    return () => {
      if (tails.get(key) === tail) tails.delete(key);
      resolve();
    };
  };
}
