import type { Agent, Turn } from "../../core/agent.ts";
import { fromInstant } from "../../core/civil-date.ts";
import type { Reply } from "../../core/reply.ts";
import { createGrounding } from "../grounding/index.ts";
import { createChat } from "./chat.ts";
import type { ModelOptions } from "./client.ts";
import { converse, type Equipment } from "./converse.ts";
import { type End, finalReply } from "./ending.ts";
import { type Guard, guardsHit } from "./guards.ts";
import { loadLibraries } from "./libraries.ts";
import { DEFAULT_LIMITS, type ModelLimits } from "./limits.ts";
import { createLog } from "./log.ts";
import { createMeter } from "./meter.ts";
import { createProgress } from "./progress.ts";
import { openOtherChat, readModel } from "./providers.ts";
import { createRelease } from "./release.ts";
import { skillNames } from "./skills.ts";
import { sourcesOf } from "./sources.ts";
import { asUnavailable, isOurFault } from "./unavailable.ts";

export type { Guard } from "./guards.ts";
export type { ModelLimits } from "./limits.ts";
export { ModelUnavailable } from "./unavailable.ts";

export interface ModelAgentOptions extends ModelOptions {
  limits?: Partial<ModelLimits>;
  now?: () => Date;
  /** Gives a signal that aborts after so many milliseconds. */
  timeout?: (ms: number) => AbortSignal;
  /** Told of errors that are bugs of ours; the person and the model see none of their text. Must not throw. */
  onFault?: (error: unknown, turn: Turn) => void;
  /** Told at the end of a turn of each guard that held the model back in it, once each. Must not throw. */
  onDenied?: (guard: Guard, turn: Turn) => void;
}

export interface ModelAgent extends Agent {
  /** Imports the heavy libraries ahead of the first question. Rejects when one is missing. */
  warm(): Promise<void>;
}

/** Answers with a language model and the turn's read tools. Throws ModelUnavailable where nothing could be said or found, and ConfigError at once for a MODEL of no known provider. */
export function createModelAgent(options: ModelAgentOptions): ModelAgent {
  const limits: ModelLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const { now = () => new Date(), timeout = (ms) => AbortSignal.timeout(ms), onFault = () => {}, onDenied = () => {} } = options;
  const model = readModel(options.model);
  let ready: Promise<Equipment> | undefined;

  function equip(): Promise<Equipment> {
    ready ??= Promise.all([loadLibraries(), openOtherChat(model)]).then(([libraries, other]) => ({
      libraries,
      limits,
      ask: createChat(libraries, options, limits, other),
      isAnthropic: other === undefined,
      model,
    }));
    ready.catch(() => {
      // A failed import may work next time.
      ready = undefined;
    });
    return ready;
  }

  async function* answer(turn: Turn, signal: AbortSignal): AsyncGenerator<Reply> {
    const progress = createProgress();
    const skills = await skillNames(turn);
    const release = createRelease(createGrounding(sourcesOf(turn, limits, skills)), progress, turn.message.text);
    const state = { turn, skills, limits, progress, release, log: createLog(), meter: createMeter(model.name, fromInstant(now())) };
    const deadline = timeout(limits.turnMs);
    const over = new AbortController();
    const open = AbortSignal.any([signal, turn.context.signal, deadline, over.signal]);

    const ended: Promise<End> = equip()
      .then((equipment) => converse(equipment, { ...state, signal: open, now, onFault: (error) => onFault(error, turn) }))
      .then(
        () => ({ why: "done" as const }),
        (error: unknown) => {
          if (signal.aborted || turn.context.signal.aborted || over.signal.aborted) return { why: "stopped" as const };
          if (deadline.aborted) return { why: "time" as const };
          const failure = asUnavailable(error);
          if (isOurFault(failure)) onFault(error, turn);
          return { why: "failed" as const, failure };
        },
      )
      .finally(() => {
        // Words that were still held back when the turn broke off.
        release.giveUp();
        progress.end();
      });
    const told = ended.then((end) => {
      for (const guard of guardsHit(state, end)) onDenied(guard, turn);
      return end;
    });
    try {
      yield* progress.replies();
      yield finalReply(state, await told);
    } finally {
      // Also when the reader leaves early: nothing of this turn runs on.
      over.abort();
    }
  }

  return {
    kind: "model",
    answer,
    async warm() {
      await equip();
    },
  };
}
