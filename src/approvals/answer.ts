import type { Turn } from "../core/agent.ts";
import type { ApprovalDesk, Verdict } from "../core/approval.ts";
import { hasRole, type User } from "../core/message.ts";
import type { Reply, ToolCall } from "../core/reply.ts";
import type { Finding, Tool } from "../core/tool.ts";
import { explainError, isForeseen, UserError } from "../errors.ts";

type Answer = (turn: Turn, signal: AbortSignal) => AsyncIterable<Reply>;

export interface ApprovalAnswerOptions {
  desk: ApprovalDesk;
  /** Tools that write, for the hint of whoever lacks the role; those of the turn are already narrowed to it. */
  tools: readonly Tool[];
  /** A language model makes more of a vague wish than our hint. */
  hasModel: boolean;
  onFault(error: unknown): void;
}

const DECISION = /^\s*\/?(approve|reject)(?:\s+[`“"]?([0-9a-f]{4,8})[`”"]?)?\s*[.!]?\s*$/i;

/**
 * In front of the agents: a person's "approve 7f3a1c" decides, and words that plainly ask for a write get its card. Everything else goes
 * on to `answer`. No model is in this path: only what a person typed or pressed arrives here.
 */
export function withApprovals(answer: Answer, options: ApprovalAnswerOptions): Answer {
  return async function* answered(turn, signal) {
    const [, verdict, id] = DECISION.exec(turn.message.text) ?? [];
    if (verdict) yield await decided(turn, verdict.toLowerCase() === "approve" ? "approve" : "reject", id, options);
    else {
      const asked = askedWrite(turn, options);
      if (asked) yield await proposed(turn, asked, options);
      else yield* answer(turn, signal);
    }
  };
}

async function decided(turn: Turn, verdict: Verdict, named: string | undefined, { desk }: ApprovalAnswerOptions): Promise<Reply> {
  const { conversation } = turn.message;
  const waiting = named ? [] : await desk.waiting(turn.context.user, conversation);
  const id = named ?? (waiting.length === 1 ? waiting[0]?.id : undefined);
  if (id === undefined) {
    const text = waiting.length === 0 ? "Nothing waits for your approval here." : `Which one? ${waiting.length} things wait here.`;
    return final(turn, { text, suggestions: waiting.slice(0, 3).map((one) => `${verdict} ${one.id}`) });
  }
  const started = performance.now();
  const { state, text, call, finding, card } = await desk.decide(id, verdict, { context: turn.context, conversation });
  const settled = card ? { settled: { type: "approval" as const, ...card } } : {};
  if (!call) return final(turn, { text, ...settled });
  turn.record({ call, durationMs: Math.round(performance.now() - started), outcome: finding ? { finding } : { error: text } });
  const rest = finding?.blocks[0]?.type === "markdown" ? finding.blocks.slice(1) : (finding?.blocks ?? []);
  const reply = { text, blocks: rest, receipts: finding?.receipts ?? [], suggestions: finding?.suggestions ?? [], ...settled };
  return final(turn, state === "failed" ? { ...reply, failed: true } : reply, [call]);
}

type Wish = { tool: Tool; allowed: boolean } & ({ input: Record<string, unknown> } | { problem: UserError });

function askedWrite({ message, history, tools }: Turn, { tools: all, hasModel }: ApprovalAnswerOptions): Wish | undefined {
  for (const tool of all) {
    const allowed = tools.some(({ name, proposes }) => name === tool.name && proposes);
    try {
      const input = tool.effect === "write" ? tool.fromWords?.(message.text, history.at(-1)?.answer) : undefined;
      if (input) return { tool: tools.find(({ name }) => name === tool.name) ?? tool, allowed, input };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (hasModel && allowed && !message.text.trimStart().startsWith("/")) return undefined;
      return { tool, allowed, problem: error };
    }
  }
  return undefined;
}

async function proposed(turn: Turn, wish: Wish, { onFault }: ApprovalAnswerOptions): Promise<Reply> {
  const { tool } = wish;
  if (!wish.allowed) return final(turn, { text: whyNot(tool, turn.context.user) });
  if ("problem" in wish) return final(turn, { text: wish.problem.message, suggestions: wish.problem.suggestions });
  const started = performance.now();
  const call = { name: tool.name, input: wish.input };
  const record = (outcome: { finding: Finding } | { error: string }) =>
    turn.record({ call, durationMs: Math.round(performance.now() - started), outcome });
  try {
    const parsed = tool.input.safeParse(wish.input);
    if (!parsed.success)
      throw new UserError(`That does not fit: ${parsed.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ")}.`);
    const finding = await tool.run(parsed.data, turn.context);
    record({ finding });
    const [first, ...rest] = finding.blocks;
    const text = first?.type === "markdown" ? first.text : finding.content;
    return final(turn, { text, blocks: first?.type === "markdown" ? rest : finding.blocks, receipts: finding.receipts }, [call]);
  } catch (error) {
    const known = isForeseen(error);
    if (!known) onFault(error);
    const text = explainError(error);
    record({ error: text });
    const suggestions = error instanceof UserError ? error.suggestions : [];
    return final(turn, error instanceof UserError ? { text, suggestions } : { text, failed: true }, [call]);
  }
}

function whyNot({ title, role }: Tool, user: User): string {
  const what = title.toLowerCase();
  if (!hasRole(user.roles, role)) return `It takes the role ${role} for that (${what}). Ask someone who has it, or an admin.`;
  if (user.project) return `Your key is for one project, and that (${what}) reaches beyond it. Use a key without a project.`;
  return `That (${what}) cannot be done from here.`;
}

function final(turn: Turn, reply: Partial<Reply> & { text: string }, tools: readonly ToolCall[] = []): Reply {
  const trace = { id: turn.id, conversation: turn.message.conversation, agent: "deterministic" as const, tools };
  return { blocks: [], receipts: [], suggestions: [], ...reply, final: true, turn: trace };
}
