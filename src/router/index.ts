import type { RecordedCall, Turn } from "../core/agent.ts";
import type { Handler } from "../core/channel.ts";
import { hasRole, type Message } from "../core/message.ts";
import type { Reply, ToolCall } from "../core/reply.ts";
import type { Sources, Tool, ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import type { Conversations } from "../records/conversations.ts";
import { inTime } from "./in-time.ts";
import { createIntake } from "./intake.ts";
import { label } from "./label.ts";
import { createQueue } from "./queue.ts";
import { readableText } from "./readable-text.ts";
import { noteScope, type Scope } from "./scope-notice.ts";

export interface RouterOptions extends Sources {
  answer: (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;
  conversations: Conversations;
  tools: readonly Tool[];
  /** The project chosen for the question, else the one the conversation's place is bound to, and the feeds narrowed to it; null when there is none. */
  scopeOf?(conversation: string, chosen?: string): Promise<Scope | null>;
  /** Why this message is not answered now, in words for its person; undefined when it is. */
  refuse?(message: Message): Promise<string | undefined>;
  now(): Date;
  newId(): string;
  /** Longest time one answer may take, in milliseconds; the agents' own limits are shorter. */
  turnMs: number;
  /** Calls back after the milliseconds, and gives what calls that off; injected in tests. */
  after?(ms: number, work: () => void): () => void;
  /** Runs the work so that its log lines carry the id. */
  correlate<T>(id: string, work: () => T): T;
  /** Told of every error that is our fault. */
  onFault(error: unknown): void;
}

/** Earlier turns an agent gets; what is too much for it, it sums up. */
const HISTORY = 60;
/** How long an agent may take to end by itself once the turn is over. */
const GRACE_MS = 2_000;

const TOO_LONG = "That took too long and was stopped. Ask for a shorter period or fewer parts.";
const STOPPED = "Stopped before the answer was complete.";
/** Why a signal aborts whose turn has ended. One for all: making an error is work. */
const OVER = new DOMException("The answer is complete.", "AbortError");
const NO_END = "Something went wrong on our side: the answer did not end.";

/**
 * From a message to its replies: each gesture once, one turn at a time per conversation, and of all of them as many at once as leave
 * the process room. The first reply comes when the turn is kept, before it waits for its place; a gesture seen before yields nothing.
 */
export function createRouter(options: RouterOptions): Handler {
  const inTurn = createQueue();
  const intake = createIntake();
  const { after = callAfter } = options;
  const { feeds, absent, checks, digests, alerts, projects, desk, knowledge, skills } = options;
  const sources: Sources = {
    feeds,
    ...(absent ? { absent } : {}),
    ...(checks ? { checks } : {}),
    ...(digests ? { digests } : {}),
    ...(alerts ? { alerts } : {}),
    ...(projects ? { projects } : {}),
    ...(desk ? { desk } : {}),
    ...(knowledge ? { knowledge } : {}),
    ...(skills ? { skills } : {}),
  };
  const forRole = new Map<string, readonly Tool[]>();
  /** The same array for the same roles: agents learn from a set of tools once. Tools of servers that came later make a new one. */
  function toolsFor(message: Message): readonly Tool[] {
    const key = `${message.user.roles.join()} ${options.tools.length}`;
    const known = forRole.get(key) ?? options.tools.filter((tool) => hasRole(message.user.roles, tool.role));
    forRole.set(key, known);
    return known;
  }

  return async function* handle(raw, signal) {
    const id = options.newId();
    const { text, problem: unreadable } = readableText(raw.text);
    const message = { ...raw, text };
    try {
      const begun = await intake.first(() => options.conversations.begin({ message, turnId: id, aliases: message.aliases ?? [] }));
      if (begun === "duplicate") return;
    } catch (error) {
      if (!(error instanceof UserError)) options.onFault(error);
      yield problem(explainError(error), { id, message });
      return;
    }
    const keeping = createKeeping(id);
    const release: (() => void)[] = [];
    let shown = "";
    try {
      // The turn is kept: from here on a channel may tell its platform that the message has arrived.
      yield { text: "", final: false };
      release.push(await inTurn(message.conversation));
      await intake.admit();
      release.push(intake.leave);
      const refusal = unreadable ?? (await refused(message));
      const replies = refusal ? [problem(refusal, { id, message })] : answerInTime(message, id, startTurn(signal, release), keeping);
      for await (const made of replies) {
        const reply = made.final ? label(noteScope(made, keeping.scope)) : made;
        shown = reply.text;
        if (reply.final) await keeping.finish(reply);
        yield reply;
      }
    } finally {
      // The reader left before the end: what was shown is what there is.
      await keeping.finish(problem(STOPPED, { id, message, shown, tools: keeping.calls }), "failed");
      for (const give of release) give();
    }
  };

  /** Who cannot be counted is answered. */
  async function refused(message: Message): Promise<string | undefined> {
    try {
      return await options.refuse?.(message);
    } catch (error) {
      options.onFault(error);
      return undefined;
    }
  }

  /** A turn is limited until it is released. What still listens then is let go: it would keep the whole turn in memory for as long as the signal lives. */
  function startTurn(signal: AbortSignal, release: (() => void)[]): Limits {
    const ending = new AbortController();
    const late = after(options.turnMs, () => ending.abort(new DOMException(TOO_LONG, "TimeoutError")));
    release.push(late, () => ending.abort(OVER));
    return { signal, deadline: ending.signal, limit: AbortSignal.any([signal, ending.signal]) };
  }

  /** Whatever the agent does, this ends in one final reply within the time and throws nothing. */
  async function* answerInTime(message: Message, id: string, { signal, deadline, limit }: Limits, keeping: Keeping): AsyncIterable<Reply> {
    const grace = (isOver: () => void) => after(GRACE_MS, isOver);
    let shown = "";
    let failure: string;
    try {
      // Who has gone while waiting is not answered any more.
      signal.throwIfAborted();
      const turn = await makeTurn(message, id, limit, keeping);
      for await (const reply of inTime(correlated(turn, limit), { limit, grace, onFault: options.onFault })) {
        if (reply.final) {
          yield deadline.aborted && isEmptyHanded(reply) ? problem(TOO_LONG, { id, message, shown, tools: keeping.calls }) : reply;
          return;
        }
        shown = reply.text;
        yield reply;
      }
      options.onFault(new Error("an agent ended without a final reply"));
      failure = NO_END;
    } catch (error) {
      // What is cut short fails in any way it likes: that is nobody's fault.
      if (!limit.aborted) options.onFault(error);
      failure = signal.aborted ? STOPPED : limit.aborted ? TOO_LONG : explainError(error);
    }
    keeping.fail();
    yield { ...problem(failure, { id, message, shown, tools: keeping.calls }), failed: true };
  }

  async function makeTurn(message: Message, id: string, signal: AbortSignal, keeping: Keeping): Promise<Turn> {
    const history = await options.conversations.history(message.conversation, HISTORY);
    const tools = toolsFor(message);
    const bound = (await options.scopeOf?.(message.conversation, message.scope)) ?? null;
    const scope = bound?.project ?? message.scope;
    const context: ToolContext = {
      user: message.user,
      audience: message.audience,
      ...(scope ? { scope } : {}),
      now: options.now(),
      signal,
      message,
      tools,
      ...sources,
      ...(bound ? { feeds: bound.feeds } : {}),
    };
    keeping.scope = bound;
    return { id, message, history, tools, context, record: keeping.record };
  }

  /** Tool calls are written in their order, beside the answer; a failed write is logged and loses only itself. */
  function createKeeping(id: string): Keeping {
    const calls: ToolCall[] = [];
    let kept: Promise<unknown> = Promise.resolve();
    let state: "done" | "failed" = "done";
    let finished = false;
    return {
      calls,
      scope: null,
      record(call) {
        // A tool that comes too late is no part of the answer, nor of its record.
        if (finished) return;
        const position = calls.push(call.call) - 1;
        kept = kept.then(() => options.conversations.recordCall(id, position, call)).catch(options.onFault);
      },
      fail() {
        state = "failed";
      },
      async finish(reply, outcome = state) {
        if (finished) return;
        finished = true;
        await kept;
        await options.conversations.finish(id, reply, outcome).catch(options.onFault);
      },
    };
  }

  /** The agent's replies, every step of it under the turn's correlation id. */
  function correlated(turn: Turn, signal: AbortSignal): AsyncIterator<Reply> {
    const replies = options.correlate(turn.id, () => options.answer(turn, signal)[Symbol.asyncIterator]());
    return {
      next: () => options.correlate(turn.id, () => replies.next()),
      return: async () => (await replies.return?.()) ?? { done: true, value: undefined },
    };
  }
}

/** When a turn ends: `signal` when its reader leaves, `deadline` when its time is over, `limit` with either. */
interface Limits {
  signal: AbortSignal;
  deadline: AbortSignal;
  limit: AbortSignal;
}

/** What is kept of one turn beside its answer. */
interface Keeping {
  /** Finished tool calls, in order. */
  readonly calls: readonly ToolCall[];
  /** What its figures are narrowed to. */
  scope: Scope | null;
  record(call: RecordedCall): void;
  /** From now on the turn counts as failed. */
  fail(): void;
  /** The first one counts. */
  finish(reply: Reply, outcome?: "done" | "failed"): Promise<void>;
}

function callAfter(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}

/** Nothing was found, and the words are about having been stopped. */
function isEmptyHanded({ blocks = [], receipts = [], turn }: Reply): boolean {
  return blocks.length === 0 && receipts.length === 0 && turn?.agent !== "model";
}

/** A final reply of our own, after what was `shown` already. */
function problem(text: string, about: { id: string; message: Message; shown?: string; tools?: readonly ToolCall[] }): Reply {
  const { id, message, shown = "", tools = [] } = about;
  return {
    text: shown ? `${shown}\n\n${text}` : text,
    blocks: [],
    receipts: [],
    suggestions: [],
    final: true,
    turn: { id, conversation: message.conversation, agent: "deterministic", tools },
  };
}
