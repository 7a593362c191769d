/**
 * What comes in is kept before what was kept is worked on, and answers are made at once only as long as they leave room: a platform waits
 * some seconds for "received", and a burst of questions whose answers all begin at once would keep the last of them waiting.
 */
export interface Intake {
  /** Does the work, and admits nobody meanwhile. */
  first<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when there is a place, in the order of asking. Whoever is admitted gives it back by `leave`. */
  admit(): Promise<void>;
  leave(): void;
}

const PLACES = 32;
/** One more answer is begun while a round of the event loop takes no longer than this. All in milliseconds. */
const QUICK_MS = 20;
const LOOK_AGAIN_MS = 10;
/** A steady stream, or a busy machine, must not keep all answers waiting: who waited so long is let in, one by one. */
const LONGEST_MS = 1_000;
const APART_MS = 100;
/** So many within so long are a burst, of which more is on its way though none is at hand: what it must have is a receipt, which may take three seconds. */
const BURST = { questions: 20, withinMs: 250, longestMs: 2_500 } as const;

export function createIntake(places = PLACES): Intake {
  const waiting: { enter: () => void; since: number }[] = [];
  /** When the last questions came, the newest last. */
  const came: number[] = [];
  let coming = 0;
  let working = 0;
  let lastEntered = 0;
  let isLooking = false;

  function look(): void {
    if (isLooking || waiting.length === 0 || working >= places) return;
    isLooking = true;
    const asked = performance.now();
    setImmediate(() => {
      isLooking = false;
      const now = performance.now();
      const isBurst = now - (came.at(-BURST.questions) ?? Number.NEGATIVE_INFINITY) < BURST.withinMs;
      const isQuiet = coming === 0 && !isBurst && (working === 0 || now - asked < QUICK_MS);
      const longest = isBurst ? BURST.longestMs : LONGEST_MS;
      const isLate = now - (waiting[0]?.since ?? now) > longest && (working === 0 || now - lastEntered > APART_MS);
      if (!isQuiet && !isLate) return void setTimeout(look, LOOK_AGAIN_MS);
      lastEntered = now;
      working += 1;
      waiting.shift()?.enter();
      look();
    });
  }

  return {
    async first(work) {
      coming += 1;
      came.push(performance.now());
      if (came.length > BURST.questions) came.shift();
      try {
        return await work();
      } finally {
        coming -= 1;
      }
    },
    admit: () =>
      new Promise((enter) => {
        waiting.push({ enter, since: performance.now() });
        look();
      }),
    leave() {
      working -= 1;
      look();
    },
  };
}
