import { fromInstant } from "../core/civil-date.ts";
import type { Usage } from "../core/reply.ts";

/** How many tokens the answers of a UTC day have used, and whether more may be. */
export interface TokenBudget {
  exhausted(): Promise<boolean>;
  add(usage: Usage): void;
}

/** `usedSince` gives what was used before this process began; it is asked once a day. */
export function createTokenBudget(daily: number, now: () => Date, usedSince: (start: Date) => Promise<number>): TokenBudget {
  let day = "";
  let used = 0;
  async function today(): Promise<number> {
    const current = fromInstant(now());
    if (current !== day) {
      used = await usedSince(new Date(`${current}T00:00:00Z`));
      day = current;
    }
    return used;
  }
  return {
    exhausted: async () => daily === 0 || (await today()) >= daily,
    add(usage) {
      used += usage.inputTokens + usage.outputTokens + usage.cachedTokens;
    },
  };
}
