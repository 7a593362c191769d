/** Teams shows "typing" for a few seconds only. */
export const TYPING_MS = 4_000;
/** A personal chat soon shows a status of its own. */
export const FIRST_TYPING_MS = 1_800;
/** Longer than any answer takes. */
const MOST = 40;

export interface TypingOptions {
  show(): Promise<unknown>;
  /** Something better is shown already. */
  isCovered(): boolean;
  wait(ms: number): Promise<void>;
  firstAfterMs: number;
}

/** Shows "typing" again and again until the answer comes; gives what ends it. A refused one is the last: no answer depends on it. */
export function keepTyping({ show, isCovered, wait, firstAfterMs }: TypingOptions): () => void {
  let end = () => {};
  let ended = false;
  const ending = new Promise<void>((resolve) => {
    end = () => {
      ended = true;
      resolve();
    };
  });
  async function run(): Promise<void> {
    for (let i = 0; i < MOST && !ended; i++) {
      const pause = i === 0 ? firstAfterMs : TYPING_MS;
      if (pause > 0) await Promise.race([wait(pause), ending]);
      if (!ended && !isCovered()) await show();
    }
  }
  run().catch(end);
  return end;
}
