import { z } from "zod";
import { formatInstant } from "../core/format.ts";
import type { Column } from "../core/reply.ts";
import { cut } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";

const MOST = 20;
const LENGTH = 200;
const COLUMNS: readonly Column[] = [
  { label: "when", type: "text" },
  { label: "question", type: "text" },
];

export const myQuestions = defineTool({
  name: "my_questions",
  title: "What you asked",
  description:
    "Shows the person what they asked last, and how to have it deleted. Use it when someone asks what is known or kept about them, or for their own history of questions.",
  examples: ["what did I ask you?", "show my history", "what data do you keep about me?", "my last questions"],
  effect: "read",
  role: "viewer",
  input: z.strictObject({}),

  async run(_, { user, audience, desk }): Promise<Finding> {
    if (audience !== "direct") throw new UserError("Others read along here. Ask me that in a direct message.");
    if (!desk) throw new UserError("What was asked is not kept here.");
    const asked = await desk.questions(user, MOST);
    const rows = asked.map(({ question, at }) => [formatInstant(at), cut(question, LENGTH)]);
    const title = asked.length === 0 ? "You have not asked me anything yet, or it was deleted." : "What you asked last, newest first.";
    const text = `${title} “forget me” deletes all you asked and all I answered.`;
    return {
      content: `${text}\n${rows.map((row) => row.join(": ")).join("\n")}`,
      blocks: [{ type: "markdown", text }, ...(rows.length > 0 ? [{ type: "table" as const, columns: COLUMNS, rows }] : [])],
      receipts: [],
      suggestions: ["forget me"],
    };
  },
});
