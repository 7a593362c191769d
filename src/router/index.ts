import type { Turn } from "../core/agent.ts";
import type { Handler } from "../core/channel.ts";
import type { Feed } from "../core/feed.ts";
import { hasRole, type Message } from "../core/message.ts";
import type { Reply } from "../core/reply.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import type { Conversations } from "../records/conversations.ts";
import { createQueue } from "./queue.ts";
import { readableText } from "./readable-text.ts";

export interface RouterOptions {
  answer: (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;
  conversations: Conversations;
  tools: readonly Tool[];
  feeds: readonly Feed[];
  now(): Date;
  newId(): string;
  /** Longest time one answer may take, in milliseconds; the agents' own limits are shorter. */
  turnMs: number;
  /** Aborts after the milliseconds; injected in tests. */
  timeout(ms: number): AbortSignal;
  /** Runs the work so that its log lines carry the id. */
  correlate<T>(id: string, work: () => T): T;
  /** Told of every error that is our fault. */
  onFault(error: unknown): void;
}

/** Earlier turns an agent sees. */
const HISTORY = 12;

/**
 * From a message to its replies: each gesture once, one turn at a time per conversation, every turn kept before it is answered.
 * Yields nothing for a gesture seen before.
 */
export function createRouter(options: RouterOptions): Handler {
  const inTurn = createQueue();
  const forRole = new Map<string, readonly Tool[]>();
  /** The same array for the same roles: agents learn from a set of tools once. */
  function toolsFor(message: Message): readonly Tool[] {
    const key = message.user.roles.join();
    const known = forRole.get(key) ?? options.tools.filter((tool) => hasRole(message.user.roles, tool.role));
    forRole.set(key, known);
    return known;
  }

  return async function* handle(message, signal) {
    const id = options.newId();
    const readable = readableText(message.text);
    if ("problem" in readable) {
      yield problem(readable.problem, id, message);
      return;
    }
    const release = await inTurn(message.conversation);
    try {
      yield* runTurn({ ...message, text: readable.text }, id, signal);
    } finally {
      release();
    }
  };

  async function* runTurn(message: Message, id: string, signal: AbortSignal): AsyncIterable<Reply> {
    const { conversations } = options;
    let history: Awaited<ReturnType<Conversations["history"]>>;
    try {
      if ((await conversations.begin({ message, turnId: id })) === "duplicate") return;
      history = await conversations.history(message.conversation, HISTORY);
    } catch (error) {
      if (!(error instanceof UserError)) options.onFault(error);
      yield problem(explainError(error), id, message);
      return;
    }
    const limited = AbortSignal.any([signal, options.timeout(options.turnMs)]);
    const tools = toolsFor(message);
    const context: ToolContext = {
      user: message.user,
      audience: message.audience,
      ...(message.scope ? { scope: message.scope } : {}),
      now: options.now(),
      signal: limited,
      feeds: options.feeds,
      tools,
    };
    let position = 0;
    let kept: Promise<unknown> = Promise.resolve();
    const turn: Turn = {
      id,
      message,
      history,
      tools,
      context,
      record(call) {
        const at = position++;
        kept = kept.then(() => conversations.recordCall(id, at, call)).catch(options.onFault);
      },
    };
    let last: Reply | undefined;
    try {
      const replies = options.correlate(id, () => options.answer(turn, limited))[Symbol.asyncIterator]();
      for (;;) {
        const next = await options.correlate(id, () => replies.next());
        if (next.done) break;
        last = next.value;
        if (last.final) break;
        yield last;
      }
    } catch (error) {
      options.onFault(error);
      last = problem(
        limited.aborted && !signal.aborted
          ? "That took too long and was stopped. Ask for a shorter period or fewer parts."
          : explainError(error),
        id,
        message,
        last?.text,
      );
    }
    await kept;
    const final = last?.final ? last : problem("Something went wrong on our side: the answer did not end.", id, message, last?.text);
    await conversations.finish(id, final, final === last ? "done" : "failed").catch(options.onFault);
    yield final;
  }
}

function problem(text: string, id: string, message: Message, before = ""): Reply {
  return {
    text: before ? `${before}\n\n${text}` : text,
    blocks: [],
    receipts: [],
    suggestions: [],
    final: true,
    turn: { id, conversation: message.conversation, agent: "deterministic", tools: [] },
  };
}
