import { z } from "zod";
import { withApprovals } from "../../src/approvals/answer.ts";
import { createApprovalDesk } from "../../src/approvals/desk.ts";
import type { Turn } from "../../src/core/agent.ts";
import type { Message, Role } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";
import { defineTool, type Tool, type ToolContext } from "../../src/core/tool.ts";
import { UserError } from "../../src/errors.ts";
import { createApprovals } from "../../src/records/approvals.ts";
import { createAudit } from "../../src/records/audit.ts";
import { createConversations } from "../../src/records/conversations.ts";
import { createRouter } from "../../src/router/index.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { aMessage } from "../kit/conversation.ts";

/** The real router, desk and database around one write and an agent that calls it whenever it is asked to. */
export async function openWorld(given: { run?: Tool["run"]; hasModel?: boolean } = {}) {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  let time = new Date("2026-11-21T09:00:00Z");
  const now = () => time;
  const ran: { input: unknown; context: ToolContext }[] = [];
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const raise = defineTool({
    name: "raise_flag",
    title: "Raise a flag",
    description: "Raises a flag. Use it when someone asks to.",
    examples: ["raise the red flag"],
    effect: "write",
    role: "analyst",
    command: { name: "flag", hint: "COLOUR" },
    input: z.strictObject({ colour: z.string().min(1) }),
    fromWords(words) {
      const [, colour] = /^\/flag\b\s*(.*)$/.exec(words) ?? [];
      if (colour === "") throw new UserError("Which colour? Say `/flag red`.");
      return colour === undefined ? undefined : { colour };
    },
    preview: async ({ colour }) => ({
      title: `Raise a ${colour} flag`,
      lines: [`Colour: ${colour}`, "Where: [the mast](https://evil.example)"],
    }),
    async run(input, context) {
      ran.push({ input, context });
      return given.run
        ? given.run(input, context)
        : { content: "", blocks: [{ type: "markdown", text: `The ${input.colour} flag is up.` }], receipts: [] };
    },
  }) as unknown as Tool;
  const approvals = createApprovals(database, now);
  const desk = createApprovalDesk({ approvals, now, onFault });
  const tools = [desk.guard(raise)];

  /** Stands for a model: whatever it is told, it calls the tool, and repeats what it read. */
  async function* eager(turn: Turn): AsyncIterable<Reply> {
    const [tool] = turn.tools;
    const finding = await tool?.run({ colour: "black" }, turn.context);
    const trace = { id: turn.id, conversation: turn.message.conversation, agent: "model" as const, tools: [] };
    yield { text: "agent", blocks: finding?.blocks.slice(1) ?? [], final: true, turn: trace };
  }

  const conversations = createConversations(database, now);
  let count = 0;
  const handle = createRouter({
    answer: withApprovals(eager, { desk, tools, hasModel: given.hasModel ?? false, onFault }),
    conversations,
    tools,
    feeds: [],
    now,
    newId: () => `t${++count}`,
    turnMs: 60_000,
    after: () => () => {},
    correlate: (_, work) => work(),
    onFault,
  });
  return {
    database,
    conversations,
    audit: createAudit(database, now),
    approvals,
    desk,
    tools,
    ran,
    faults,
    pass: (ms: number) => {
      time = new Date(time.getTime() + ms);
    },
    async say(text: string, fields: Partial<Message> = {}): Promise<Reply> {
      let last: Reply | undefined;
      const message = aMessage({ id: `m${++count}`, text, at: now(), ...fields });
      for await (const reply of handle(message, new AbortController().signal)) last = reply;
      if (!last) throw new Error("there was no reply");
      return last;
    },
    close: () => database.close(),
  };
}

export function person(id: string, role: Role) {
  return { id, name: id, timeZone: "UTC", roles: [role] };
}

export function cardIn(reply: Reply) {
  const card = reply.blocks?.find((block) => block.type === "approval");
  if (!card) throw new Error(`there is no card in “${reply.text}”`);
  return card;
}
