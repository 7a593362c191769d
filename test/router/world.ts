import { createDeterministicAgent } from "../../src/agent/deterministic/index.ts";
import type { Turn } from "../../src/core/agent.ts";
import type { Message } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";
import type { Tool } from "../../src/core/tool.ts";
import { type Conversations, createConversations } from "../../src/records/conversations.ts";
import { createRouter, type RouterOptions } from "../../src/router/index.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { tools as sharedTools } from "../../src/tools/index.ts";
import { aMessage } from "../kit/conversation.ts";
import { billFeed } from "../kit/fixture-feed.ts";

/** The router with a real database, real conversations and, unless a test brings another, the real deterministic agent. */
export interface World {
  conversations: Conversations;
  faults: unknown[];
  /** Every correlation id under which work ran, in order. */
  correlated: string[];
  /** Ends the timers of this length, in milliseconds. */
  expire(ms: number): void;
  /** Timers that run, in milliseconds. */
  running(): number[];
  /** All replies to one message. Each message is a gesture of its own unless it has an id. */
  ask(text: string, fields?: Partial<Message>, signal?: AbortSignal): Promise<Reply[]>;
  handle: ReturnType<typeof createRouter>;
  message(text: string, fields?: Partial<Message>): Message;
  close(): Promise<void>;
}

export const TURN_MS = 60_000;
export const GRACE_MS = 2_000;

export async function openWorld(
  options: {
    answer?: RouterOptions["answer"];
    tools?: readonly Tool[];
    scopeOf?: NonNullable<RouterOptions["scopeOf"]>;
    refuse?: NonNullable<RouterOptions["refuse"]>;
  } = {},
): Promise<World> {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  const now = () => new Date("2026-11-21T09:00:00Z");
  const conversations = createConversations(database, now);
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const agent = createDeterministicAgent({ onFault });
  const timers = new Set<{ ms: number; work: () => void }>();
  const correlated: string[] = [];
  let count = 0;
  const handle = createRouter({
    answer: options.answer ?? ((turn, signal) => agent.answer(turn, signal)),
    conversations,
    tools: options.tools ?? sharedTools,
    feeds: [billFeed()],
    ...(options.scopeOf ? { scopeOf: options.scopeOf } : {}),
    ...(options.refuse ? { refuse: options.refuse } : {}),
    now,
    newId: () => `t${++count}`,
    turnMs: TURN_MS,
    after(ms, work) {
      const timer = { ms, work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    correlate(id, work) {
      correlated.push(id);
      return work();
    },
    onFault,
  });
  const message = (text: string, fields: Partial<Message> = {}) => aMessage({ id: `m${++count}`, text, at: now(), ...fields });
  return {
    conversations,
    faults,
    correlated,
    handle,
    message,
    expire(ms) {
      for (const timer of timers) if (timer.ms === ms) timer.work();
    },
    running: () => [...timers].map(({ ms }) => ms),
    async ask(text, fields, signal = new AbortController().signal) {
      const replies: Reply[] = [];
      for await (const reply of handle(message(text, fields), signal)) replies.push(reply);
      return replies;
    },
    close: () => database.close(),
  };
}

/** An agent of one's own, as the router's `answer`. */
export function agentOf(replies: (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>): RouterOptions["answer"] {
  return replies;
}

export function finalOf(turn: Turn, text: string, fields: Partial<Reply> = {}): Reply {
  return {
    text,
    blocks: [],
    receipts: [],
    suggestions: [],
    final: true,
    turn: { id: turn.id, conversation: turn.message.conversation, agent: "deterministic", tools: [] },
    ...fields,
  };
}
