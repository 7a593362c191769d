/** Words met a while ago, ten minutes unless said otherwise. */
export interface Seen {
  has(word: string): boolean;
  add(word: string): void;
}

const REMEMBER_MS = 10 * 60_000;

export function createSeen(now: () => Date, rememberMs = REMEMBER_MS): Seen {
  const times = new Map<string, number>();
  return {
    has: (word) => (times.get(word) ?? Number.NEGATIVE_INFINITY) > now().getTime() - rememberMs,
    add(word) {
      times.delete(word);
      times.set(word, now().getTime());
      for (const [old, at] of times) {
        if (at > now().getTime() - rememberMs) break;
        times.delete(old);
      }
    },
  };
}
