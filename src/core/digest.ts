import type { RecordedCall } from "./agent.ts";
import type { Audience, User } from "./message.ts";
import type { Reply } from "./reply.ts";
import type { ToolContext } from "./tool.ts";

/** A report the bot sends by itself. Made of tools alone: no model is in its path. */
export interface Digest {
  /** One word of lower-case letters, digits and dashes: "cost", "ai-usage". */
  readonly name: string;
  readonly title: string;
  /** What it tells, in one sentence. */
  readonly summary: string;
  /** When it goes out unless asked otherwise, in the words of a schedule: "every weekday at 9:00". */
  readonly schedule: string;
  /**
   * `context.now` is the instant it is for and `context.user.timeZone` the zone of its days. A part that fails is named and leaves the rest.
   * Throws UserError when nothing it could tell of is connected, VendorError when no part could be read.
   */
  compose(order: DigestOrder, context: ToolContext): Promise<Composed>;
}

/** What one subscription asks for beyond the digest's own shape. */
export interface DigestOrder {
  /** Only these: handed to the parts that can be narrowed. */
  filter?: Readonly<Record<string, string | readonly string[]>>;
  /** What a month may cost, in the currency of the figures. */
  budget?: number;
  /** Of a digest people define: the tools it is made of, in order. */
  parts?: readonly DigestPart[];
  /** Heading in place of the digest's own. */
  title?: string;
}

export interface DigestPart {
  title?: string;
  tool: string;
  input?: Readonly<Record<string, unknown>>;
}

export interface Composed {
  /** At most a phone screen of text, and one chart. */
  reply: Reply;
  /** For the thread under it. */
  details?: Reply;
  /** Nothing moved beyond its noise: `reply` is one line then. */
  quiet: boolean;
  /** The calls it was made of; the last is the one a follow-up question goes on from. */
  calls: readonly RecordedCall[];
}

/** Where and when digests go out; behind the command in chat, the command line and REST. */
export interface DigestDesk {
  kinds(): Promise<readonly Pick<Digest, "name" | "title" | "summary" | "schedule">[]>;
  /** Soonest first; with a place those of it alone. */
  list(place?: DigestPlace): Promise<SubscribedDigest[]>;
  /** `words` say what, when and how: "cost every weekday at 9 in Berlin budget 20000". Throws UserError that says how to write it. */
  add(words: string, place: DigestPlace & { audience: Audience; scope?: string }, user: User): Promise<SubscribedDigest>;
  /** Throws UserError when there is no such subscription in the place; so do `remove` and `run`. */
  pause(id: string, paused: boolean, place?: DigestPlace): Promise<SubscribedDigest>;
  remove(id: string, place?: DigestPlace): Promise<SubscribedDigest>;
  /** Queues one more for its place, now. */
  run(id: string, place?: DigestPlace): Promise<SubscribedDigest>;
  /** A digest in the words of `add`, of which its name is enough, or as a subscription gets it by its id; nothing is posted. Throws as `Digest.compose`. */
  preview(words: string, at: Date, timeZone: string, signal: AbortSignal): Promise<Composed>;
}

/** A channel's name and one of its conversations. */
export interface DigestPlace {
  channel: string;
  conversation: string;
}

export interface SubscribedDigest extends DigestPlace {
  id: string;
  digest: string;
  /** All of it in one line: "Cloud cost, every weekday at 09:00 Europe/Berlin, budget 20,000". */
  words: string;
  schedule: string;
  timeZone: string;
  paused: boolean;
  /** null: paused, or none within a year. */
  next: Date | null;
  /** What became of the newest one: "sent", "missed", "unknown" …; null before the first. */
  last: { slot: string; state: string; error: string | null } | null;
}
