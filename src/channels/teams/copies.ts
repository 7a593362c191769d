import { createHash } from "node:crypto";
import { createLru } from "../../core/lru.ts";

/** Teams gives up waiting after some fifteen seconds and then sends the message again under another id and time. */
const PATIENCE_MS = 10_000;
/** Such copies come within a minute. */
const COPY_MS = 60_000;

interface Delivery {
  begun: number;
  ended?: number;
  /** False when the message was not taken after all. */
  kept: Promise<boolean>;
}

/**
 * Typed messages that were answered so late that Teams sends them again. A person who says the same twice is heard twice: only what
 * comes after a late answer is a copy.
 */
export function createCopies(now: () => Date) {
  const deliveries = createLru<Delivery>(5_000);

  /** Takes a message by `work`, unless it is a copy of one that was taken; false for a copy. `work` may throw, and then nothing was taken. */
  async function once(what: readonly unknown[], work: () => Promise<unknown>): Promise<boolean> {
    const key = createHash("sha256").update(JSON.stringify(what)).digest("base64url");
    const before = deliveries.get(key);
    if (before && isLate(before) && (await before.kept)) return false;
    const working = work();
    const delivery: Delivery = {
      begun: now().getTime(),
      kept: working.then(
        () => true,
        () => false,
      ),
    };
    deliveries.set(key, delivery);
    await working.finally(() => {
      delivery.ended = now().getTime();
    });
    return true;
  }

  function isLate({ begun, ended }: Delivery): boolean {
    const time = now().getTime();
    return (ended ?? time) - begun >= PATIENCE_MS && time - (ended ?? time) < COPY_MS;
  }

  return { once };
}
