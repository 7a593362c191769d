import type { Channel } from "../core/channel.ts";
import type { Reply } from "../core/reply.ts";
import { cut } from "../core/text.ts";
import type { UnansweredTurn } from "../records/conversation-reads.ts";
import type { Conversations } from "../records/conversations.ts";

export interface ApologyOptions {
  channels: readonly Channel[];
  conversations: Pick<Conversations, "interrupted" | "unanswered" | "finish" | "delivered">;
  /** Turns asked before then cannot be under way any more, in this process or another. */
  overdue(): Date;
  now(): Date;
  onFault(error: unknown): void;
}

const DAY_MS = 86_400_000;
const QUOTED = 200;

/**
 * Tells the askers of turns that a restart cut off, and sends answers again that were made and never marked as delivered. Each is told at most once: a turn stays open only when its channel said to come
 * back later. Never throws.
 */
export async function apologise(options: ApologyOptions): Promise<void> {
  const { channels, conversations, overdue, now, onFault } = options;
  try {
    await conversations.interrupted(overdue());
    const names = channels.map((channel) => channel.name);
    const asked = { since: new Date(now().getTime() - DAY_MS), before: overdue() };
    for (const turn of await conversations.unanswered(names, asked)) await tell(turn, options);
  } catch (error) {
    onFault(error);
  }
}

async function tell(turn: UnansweredTurn, { channels, conversations }: ApologyOptions): Promise<void> {
  const reply = turn.reply ?? apologyFor(turn.question);
  const channel = channels.find(({ name }) => name === turn.channel);
  const delivery = await channel?.send(turn.conversation, reply, `interrupted:${turn.messageId}`);
  const later = delivery?.state === "refused" && delivery.retryAfterMs !== undefined;
  if (later) return;
  if (!turn.reply) await conversations.finish(turn.id, reply, "failed");
  await conversations.delivered(turn.messageId);
}

function apologyFor(question: string): Reply {
  return {
    text: `I was restarted while I worked on “${cut(question, QUOTED)}”, and that answer is lost. Sorry. Please ask it again.`,
    suggestions: question.length <= QUOTED ? [question] : [],
    failed: true,
    final: true,
  };
}
