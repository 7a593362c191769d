import type { ChannelOptions } from "../index.ts";
import { fieldsOf, isTs, text } from "./parse.ts";

/** Where an answer stands while it is made: the process that comes after a crash says there what became of it. */
export interface Standing {
  channel: string;
  thread?: string;
  /** A message of ours that becomes the answer. */
  ts?: string;
  /** Only this person may read it. */
  alone?: string;
}

export interface Reach {
  /** `message` is the `Message.id` of the turn. Never throws: the answer comes all the same. */
  note(message: string, standing: Standing): Promise<void>;
  /** undefined when nothing stood yet, or it was too long ago. May throw what the records throw. */
  find(message: string): Promise<Standing | undefined>;
}

/** How long a place may be looked for, in milliseconds: an interrupted turn is told of at the next start; threads go on for long. */
const DAY_MS = 86_400_000;
export const KEEP_MS = { answer: 7 * DAY_MS, thread: 400 * DAY_MS } as const;

export function createReach({ keepPlace, placeOf, now, onFault }: ChannelOptions): Reach {
  // No conversation has such a name: its second part is a team's id.
  const nameOf = (message: string) => `slack:answer:${message}`;
  return {
    async note(message, standing) {
      try {
        await keepPlace(nameOf(message), standing, new Date(now().getTime() + KEEP_MS.answer));
      } catch (error) {
        onFault(error);
      }
    },
    async find(message) {
      const kept = fieldsOf(await placeOf(nameOf(message)));
      const [channel, thread, ts, alone] = [kept.channel, kept.thread, kept.ts, kept.alone].map(text);
      if (!channel) return undefined;
      return {
        channel,
        ...(thread && isTs(thread) ? { thread } : {}),
        ...(ts && isTs(ts) ? { ts } : {}),
        ...(alone ? { alone } : {}),
      };
    },
  };
}
