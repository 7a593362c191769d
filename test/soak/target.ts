/** A promise about faults or load that is tried on the real thing, and a control: the same trial on something that must not pass it. */
export interface Target {
  /** As in the report: R1, L1 … */
  id: string;
  test: string;
  /** What good means, in words. */
  good: string;
  run(scale: Scale): Promise<Outcome>;
  control: {
    /** What is wrong with it. */
    what: string;
    run(scale: Scale): Promise<Outcome>;
  };
}

export interface Scale {
  /** 1 is the whole trial; a slice for every day is a small part of it. Counts are multiplied by it. */
  share: number;
  /**
   * How much slower this machine is than the one the limits in ms were set on, at least 1; they are multiplied by it.
   * Ratios, counts and memory are not.
   */
  slower: number;
}

export interface Outcome {
  /** What was seen, for people. */
  figure: string;
  good: boolean;
}

/** So many of a whole trial, and never fewer than `least`. */
export function partOf(whole: number, { share }: Scale, least = 1): number {
  return Math.max(least, Math.round(whole * share));
}

export interface Row {
  id: string;
  test: string;
  good: string;
  figure: string;
  passed: boolean;
  control: string;
  /** The control failed, as it must. */
  controlFailed: boolean;
  seconds: number;
  /** `Scale` of this trial. */
  slower: number;
  share: number;
  /** ISO instant of its end. */
  at: string;
}

/** Runs both. Whatever throws is not good, and says why. */
export async function judge({ id, test, good, run, control }: Target, scale: Scale): Promise<Row> {
  const began = performance.now();
  const outcome = await run(scale).catch(broken);
  const counter = await control.run(scale).catch(broken);
  return {
    ...{ id, test, good, figure: outcome.figure, passed: outcome.good },
    ...{ control: `${control.what}: ${counter.figure}`, controlFailed: !counter.good },
    seconds: Math.round((performance.now() - began) / 1000),
    ...{ slower: scale.slower, share: scale.share, at: new Date().toISOString() },
  };
}

function broken(error: unknown): Outcome {
  return { figure: `broke off: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`, good: false };
}
