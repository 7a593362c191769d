import type { ApprovalDesk, Decided, Decider, Verdict } from "../core/approval.ts";
import { formatInstant } from "../core/format.ts";
import { hasRole, type User } from "../core/message.ts";
import type { Block } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Finding, Preview, Tool, ToolContext } from "../core/tool.ts";
import { explainError, isForeseen, UserError, VendorError } from "../errors.ts";
import type { Approval, Approvals } from "../records/approvals.ts";

export interface DeskOptions {
  approvals: Approvals;
  now(): Date;
  onFault(error: unknown): void;
}

type Ended = { words: string; finding: Finding } | { words: string; short: string };

const TITLE = 150;
const LINE = 600;
const MOST_LINES = 20;

/** Holds the writes themselves; what `guard` gives out can only propose. */
export function createApprovalDesk({ approvals, now, onFault }: DeskOptions): ApprovalDesk {
  const writes = new Map<string, Tool>();

  async function propose(tool: Tool, input: Record<string, unknown>, context: ToolContext): Promise<Finding> {
    const preview = tool.preview ? await tool.preview(input, context) : plainPreview(tool, input);
    const { title, lines } = tidy(preview);
    const whole = inFull(preview);
    const { message, user, audience } = context;
    const approval = await approvals.propose({
      tool: tool.name,
      input: { ...input, ...preview.settled },
      title,
      lines,
      channel: message?.channel ?? "api",
      conversation: message?.conversation ?? null,
      audience,
      user: { id: user.id, name: user.name },
    });
    return card(approval, whole);
  }

  async function decide(id: string, verdict: Verdict, by: Decider): Promise<Decided> {
    try {
      const approval = await approvals.read(id);
      const { user } = by.context;
      if (!approval || !isHere(approval, by))
        return { state: "unknown", text: `There is no approval “${cut(id, 20)}” here. Ask again for what you want done.` };
      if (isOver(approval)) return overAlready(approval);
      const why = whyNot(approval, verdict, user);
      if (why !== undefined) {
        await approvals.deny(approval.id, user.id, why);
        return { state: "refused", text: why };
      }
      if (!(await approvals.take(approval.id, verdict === "approve" ? "approved" : "rejected", user.id)))
        return overAlready((await approvals.read(id)) ?? approval);
      if (verdict === "reject")
        return {
          state: "rejected",
          text: `Rejected: ${inSentence(approval.title)}. Nothing was done.`,
          card: cardWith(approval, `Rejected by ${plainWords(user.name)}. Nothing was done.`),
        };
      return await run(approval, by.context);
    } catch (error) {
      if (!isForeseen(error)) onFault(error);
      return { state: "refused", text: explainError(error) };
    }
  }

  function isOver({ state, expiresAt }: Approval): boolean {
    return state !== "waiting" || expiresAt <= now();
  }

  function overAlready(approval: Approval): Decided {
    return {
      state: "refused",
      text: settledWords(approval, now()),
      card: cardWith(approval, isUnclear(approval) ? OVER.approved : OVER[approval.state]),
    };
  }

  function whyNot(approval: Approval, verdict: Verdict, user: User): string | undefined {
    if (approval.user.id !== user.id && !hasRole(user.roles, "admin"))
      return `${plainWords(approval.user.name)} asked for this, so only they or an admin can ${verdict} it. Nothing was done.`;
    const tool = writes.get(approval.tool);
    if (verdict === "reject") return undefined;
    if (!tool) return "What would do this is not connected any more. Nothing was done.";
    if (!hasRole(user.roles, tool.role)) return `It takes the role ${tool.role} to approve this. Nothing was done.`;
    return undefined;
  }

  /** Taken already: whatever happens now is written down. */
  async function run(approval: Approval, context: ToolContext): Promise<Decided> {
    const { id, input } = approval;
    const call = { name: approval.tool, input };
    const name = plainWords(context.user.name);
    const ended = await perform(approval, context);
    const state = "finding" in ended ? "done" : "failed";
    // What was done stays done where it cannot be written down.
    await approvals.settle(id, state, ended.words).catch(onFault);
    if (!("finding" in ended)) return { state, text: ended.words, call, card: cardWith(approval, `Approved by ${name}. ${ended.short}`) };
    const by = approval.user.id === context.user.id ? "you" : name;
    return {
      ...{ state, text: `${ended.words} Approved by ${by}.`, call, finding: ended.finding },
      card: cardWith(approval, `Approved by ${name}, and done.`),
    };
  }

  /** The write itself, once. Never throws. */
  async function perform({ id, tool: named, input, conversation, channel, audience }: Approval, context: ToolContext): Promise<Ended> {
    const place = conversation === null ? {} : { message: { channel, conversation, text: "" }, audience };
    try {
      const tool = writes.get(named);
      const parsed = tool?.input.safeParse(input);
      if (!tool || !parsed?.success) throw new UserError("What would do this has changed since it was asked. Ask for it again.");
      const finding = await tool.run(parsed.data, { ...context, ...place, approval: id });
      const [first] = finding.blocks;
      return { finding, words: first?.type === "markdown" ? first.text : finding.content };
    } catch (error) {
      if (!isForeseen(error)) onFault(error);
      return endedBadly(error);
    }
  }

  return {
    guard(tool) {
      if (tool.effect !== "write") return tool;
      writes.set(tool.name, tool);
      return { ...tool, proposes: true, run: (input, context) => propose(tool, input, context) };
    },
    decide,
    async waiting(user, conversation) {
      const found = await approvals.waiting(user.id, conversation);
      return found.map((one) => ({ ...one, user: one.user.id }));
    },
  };
}

/** In the place it was asked in; what was asked outside any place is its asker's alone. */
function isHere(approval: Approval, { conversation, context: { user } }: Decider): boolean {
  const isTheirs = approval.user.id === user.id;
  if (conversation === undefined) return isTheirs || hasRole(user.roles, "admin");
  return approval.conversation === null ? isTheirs : approval.conversation === conversation;
}

/** `whole`: what the lines had to cut. */
function card({ id, title, lines, expiresAt }: Approval, whole: readonly Block[]): Finding {
  const text = `${title}? Nothing has been done yet. Press Approve, or say \`approve ${id}\` or \`reject ${id}\`, until ${formatInstant(expiresAt)}.`;
  return {
    content: `${title}. Nothing has been done yet: a card with exactly these arguments waits for the person's own approval (${id}).\n${lines.join("\n")}`,
    data: { approval: id, title, lines, expiresAt: expiresAt.toISOString() },
    blocks: [{ type: "markdown", text }, ...whole, { type: "approval", id, title, lines, expiresAt }],
    receipts: [],
  };
}

const OVER: Readonly<Record<Approval["state"], string>> = {
  waiting: "It expired. Nothing was done.",
  approved: "It was approved; how it ended is not known.",
  done: "It was approved and done.",
  failed: "It was approved and did not work.",
  rejected: "It was rejected. Nothing was done.",
};

function cardWith({ id, title, lines, expiresAt }: Approval, outcome: string): NonNullable<Decided["card"]> {
  return { id, title, lines, expiresAt, outcome };
}

/** What a click after the end is told. */
function settledWords({ state, title, outcome }: Approval, now: Date): string {
  const what = inSentence(title);
  if (state === "done") return `That was approved and done already: ${outcome ?? what}`;
  if (state === "failed") return `That was approved before. ${outcome ?? "It did not work."}`;
  if (state === "rejected") return `That was rejected before: ${what}. Ask again if you want it after all.`;
  if (state === "approved")
    return `That was approved before, and how it ended is not known (yet): ${what}. Look there before you ask again.`;
  return `That approval expired at ${formatInstant(now)} or before: ${what}. Nothing was done; ask again if you still want it.`;
}

function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function plainPreview(tool: Tool, input: Readonly<Record<string, unknown>>): Preview {
  const lines = Object.entries(input).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return { title: `Run “${tool.title}”`, lines: lines.length > 0 ? lines : ["Without arguments"] };
}

/**
 * Where it cannot be known whether the write was taken, nobody is told that it was not: asked again, it would be done twice. A source's
 * own advice is left out then, for it says "try again".
 */
function endedBadly(error: unknown): Ended {
  const wasRefused = error instanceof UserError || (error instanceof VendorError && (error.status ?? 500) < 500);
  if (wasRefused) return { words: `It did not work: ${explainError(error)}`, short: "It did not work." };
  const [why = ""] = explainError(error).split(/(?<=[.!?])\s/);
  return { words: `${UNCLEAR}: ${why} ${LOOK}`, short: `${UNCLEAR}. ${LOOK}` };
}

function isUnclear({ state, outcome }: Approval): boolean {
  return state === "failed" && outcome?.startsWith(UNCLEAR) === true;
}

const UNCLEAR = "Whether it happened is not known";
const LOOK = "Look there before you ask again.";

/** What is too long for a line of the card, word for word: nobody approves what they have not seen. */
function inFull({ lines }: Preview): Block[] {
  const long = lines.filter((line) => plainWords(line).length > LINE);
  const quoted = long.map((line) =>
    line
      .split("\n")
      .map((part) => `> ${plainWords(part)}`)
      .join("\n"),
  );
  return quoted.length > 0 ? [{ type: "markdown", text: `In full:\n\n${quoted.join("\n\n")}` }] : [];
}

/** The lines are the arguments; one that is cut says so. */
function tidy({ title, lines }: Preview): Preview {
  const shown = lines.slice(0, MOST_LINES).map((line) => shorten(line));
  const more = lines.length - shown.length;
  return { title: cut(plainWords(title), TITLE), lines: more > 0 ? [...shown, `and ${more} more lines`] : shown };
}

function shorten(line: string): string {
  const plain = plainWords(line);
  return plain.length > LINE ? `${cut(plain, LINE)} (${plain.length} characters in all, in full above)` : plain;
}
