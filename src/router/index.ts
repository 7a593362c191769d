import type { PastTurn, RecordedCall, Turn } from "../core/agent.ts";
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

const TOO_LONG = "That took too long and was stopped. Ask for a shorter period or fewer parts.";
const NO_END = "Something went wrong on our side: the answer did not end.";

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
    const history = await begin(message, id);
    if (history === "duplicate") return;
    if ("problem" in history) {
      yield problem(history.problem, id, message);
      return;
    }
    const limited = AbortSignal.any([signal, options.timeout(options.turnMs)]);
    const tools = toolsFor(message);
    const scope = message.scope ? { scope: message.scope } : {};
    const context: ToolContext = {
      user: message.user,
      audience: message.audience,
      ...scope,
      now: options.now(),
      signal: limited,
      feeds: options.feeds,
      tools,
    };
    const keeping = createKeeping(id);
    const turn: Turn = { id, message, history: history.turns, tools, context, record: keeping.record };
    let last: Reply | undefined;
    try {
      for await (const reply of correlated(turn, limited)) {
        last = reply;
        if (reply.final) break;
        yield reply;
      }
    } catch (error) {
      options.onFault(error);
      const tooLong = limited.aborted && !signal.aborted;
      last = problem(tooLong ? TOO_LONG : explainError(error), id, message, last?.text);
    }
    const final = last?.final ? last : problem(NO_END, id, message, last?.text);
    await keeping.finish(final, final === last ? "done" : "failed");
    yield final;
  }

  /** The earlier turns, once this one is kept; or why there is none. */
  async function begin(message: Message, id: string): Promise<"duplicate" | { problem: string } | { turns: readonly PastTurn[] }> {
    try {
      if ((await options.conversations.begin({ message, turnId: id })) === "duplicate") return "duplicate";
      return { turns: await options.conversations.history(message.conversation, HISTORY) };
    } catch (error) {
      if (!(error instanceof UserError)) options.onFault(error);
      return { problem: explainError(error) };
    }
  }

  /** Tool calls are written in their order, beside the answer; a failed write is logged and loses only itself. */
  function createKeeping(id: string) {
    let position = 0;
    let kept: Promise<unknown> = Promise.resolve();
    return {
      record(call: RecordedCall): void {
        const at = position++;
        kept = kept.then(() => options.conversations.recordCall(id, at, call)).catch(options.onFault);
      },
      async finish(final: Reply, state: "done" | "failed"): Promise<void> {
        await kept;
        await options.conversations.finish(id, final, state).catch(options.onFault);
      },
    };
  }

  /** The agent's replies, every step of it under the turn's correlation id. */
  async function* correlated(turn: Turn, signal: AbortSignal): AsyncIterable<Reply> {
    const replies = options.correlate(turn.id, () => options.answer(turn, signal))[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await options.correlate(turn.id, () => replies.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await replies.return?.();
    }
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
