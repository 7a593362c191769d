import { z } from "zod";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";

const WORDS =
  /^(?:please\s+|can you\s+|could you\s+)?(?:forget\s+(?:me|about me|everything about me|all (?:that )?i (?:have )?(?:asked|said)(?: you)?)|(?:delete|erase|clear|remove)\s+(?:all\s+(?:of\s+)?)?my\s+(?:data|history|questions|conversations?|chats?))\s*[.!?]?$/i;

export const forgetMe = defineTool({
  name: "forget_me",
  title: "Forget me",
  description:
    "Deletes all that the person asked and was told, in every place, once they have approved the card. Use it when someone asks to be forgotten, or to have their data, questions or history deleted.",
  examples: ["forget me", "delete my data", "clear my history"],
  effect: "write",
  role: "viewer",
  input: z.strictObject({ person: z.string().max(200).optional().describe("Leave it out: it is who asks.") }),

  fromWords: (words) => (WORDS.test(words.trim()) ? {} : undefined),

  async preview(_, { user, desk }) {
    if (!desk) throw new UserError("Nothing can be forgotten here.");
    desk.checkForget(user);
    return {
      title: `Forget all that ${user.name} asked`,
      lines: [
        "Deleted: the questions, and the answers to them, in every place and on the console.",
        "Kept: what was approved, in the audit log; settings, schedules and projects. An admin can have the rest forgotten.",
        "Messages in the chat itself are the chat's: delete those there.",
      ],
      // Whoever approves, it is about who asked.
      settled: { person: user.id },
    };
  },

  async run({ person }, { user, desk }): Promise<Finding> {
    if (!desk) throw new UserError("Nothing can be forgotten here.");
    await desk.forget(person ?? user.id, user);
    const words = "Done: all that was asked, and the answers, are deleted from my records.";
    return { content: words, blocks: [{ type: "markdown", text: words }], receipts: [] };
  },
});
