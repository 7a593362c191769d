/** Words met in the last ten minutes. */
export interface Seen {
  has(word: string): boolean;
  add(word: string): void;
}

const REMEMBER_MS = 10 * 60_000;

export function createSeen(now: () => Date): Seen {
  const times = new Map<string, number>();
  return {
    has: (word) => (times.get(word) ?? Number.NEGATIVE_INFINITY) > now().getTime() - REMEMBER_MS,
    add(word) {
      times.delete(word);
      times.set(word, now().getTime());
      for (const [old, at] of times) {
        if (at > now().getTime() - REMEMBER_MS) break;
        times.delete(old);
      }
    },
  };
}
