import { z } from "zod";
import type { Agent, PastTurn, RecordedCall, Turn } from "../../../src/core/agent.ts";
import type { Receipt } from "../../../src/core/fact.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { defineTool, type Finding, type Tool } from "../../../src/core/tool.ts";

/** A turn with real, tiny tools; everything a test does not care about is filled in. */

export const NOW = new Date("2026-11-21T12:05:00Z");

export function receipt(id: string): Receipt {
  return { id, source: "bill", query: `cost (${id})`, fetchedAt: NOW, status: "live" };
}

export function finding(words: string, more: Partial<Finding> = {}): Finding {
  return { content: `${words} (for the model)`, blocks: [{ type: "markdown", text: words }], receipts: [], ...more };
}

/** A read tool with an optional period, like the real ones over feeds. */
export function readTool(name: string, title: string, run: Tool["run"]): Tool {
  return defineTool({
    name,
    title,
    description: `Use it for ${title.toLowerCase()}.`,
    examples: [`what about ${title.toLowerCase()}?`],
    effect: "read",
    role: "viewer",
    input: z.object({
      period: z.string().optional().describe("words, such as last month"),
      top: z.number().int().max(50).default(5).describe("how many"),
    }),
    run,
  });
}

export const COST_TABLE = {
  type: "table" as const,
  title: "Cost by service",
  columns: [{ label: "Service", type: "text" as const }],
  rows: [["EC2"]],
};

export const costs = readTool("get_costs", "Costs", async () =>
  finding("EC2 cost 1,200.00 USD.", {
    blocks: [{ type: "markdown", text: "EC2 cost 1,200.00 USD." }, COST_TABLE],
    receipts: [receipt("r1")],
  }),
);

export const incidents = readTool("list_incidents", "Incidents", async () =>
  finding("Two incidents.", { receipts: [receipt("r2")], suggestions: ["Which incident was the longest?"] }),
);

export interface TurnOptions {
  text?: string;
  tools?: readonly Tool[];
  history?: readonly PastTurn[];
  audience?: "direct" | "group";
  timeZone?: string;
  now?: Date;
  signal?: AbortSignal;
  id?: string;
}

export type TestTurn = Turn & { recorded: RecordedCall[] };

export function makeTurn(options: TurnOptions = {}): TestTurn {
  const { tools = [costs, incidents], audience = "direct", now = NOW, id = "turn-1" } = options;
  const user = { id: "local:viewer", name: "Ada", timeZone: options.timeZone ?? "Europe/Athens", roles: ["viewer" as const] };
  const recorded: RecordedCall[] = [];
  return {
    id,
    message: { id: "m1", channel: "test", conversation: "c1", audience, user, text: options.text ?? "What did we spend?", at: now },
    history: options.history ?? [],
    tools,
    context: { user, audience, now, signal: options.signal ?? new AbortController().signal, feeds: [], tools },
    record: (call) => void recorded.push(call),
    recorded,
  };
}

export interface Heard {
  replies: Reply[];
  final: Reply;
}

/** Reads an answer to its end and checks what every answer promises: text only grows, one final reply, and it is the last. */
export async function hear(agent: Agent, turn: Turn, signal: AbortSignal = new AbortController().signal): Promise<Heard> {
  const replies: Reply[] = [];
  for await (const reply of agent.answer(turn, signal)) replies.push(reply);
  for (const [i, reply] of replies.entries()) {
    const before = replies[i - 1]?.text ?? "";
    if (!reply.text.startsWith(before)) throw new Error(`the text was rewritten: “${before}” became “${reply.text}”`);
    if (reply.final !== (i === replies.length - 1)) throw new Error("there must be one final reply, and it must be the last");
  }
  const final = replies.at(-1);
  if (!final) throw new Error("there was no reply");
  return { replies, final };
}

/** A promise and the way to settle it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
