import { z } from "zod";
import { plainWords } from "../../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import { UserError, VendorError } from "../../../errors.ts";
import { linked, said } from "../../words.ts";
import { documentOf } from "../adf.ts";
import type { JiraClient } from "../client.ts";
import { commentedAnswer, summaryAnswer } from "../schema.ts";
import { readSetup } from "../setup.ts";

const KEY = /^[A-Z][A-Z0-9_]{1,30}-\d{1,9}$/i;
const input = z.strictObject({
  key: z.string().trim().regex(KEY, "must be the key of an issue such as GATE-412").describe("Key of the issue: GATE-412."),
  text: z.string().trim().min(1).max(8_000).describe("What the comment says, as plain text."),
});

const USAGE = "It goes like this: `/comment GATE-412 The fix is out`.";
const SENTENCE =
  /^(?:please\s+)?(?:comment|add\s+a\s+comment)\s+(?:on|to)\s+(?:issue\s+|ticket\s+)?([A-Z][A-Z0-9_]{1,30}-\d{1,9})\s*:\s*(\S[\s\S]*)$/i;

export function commentOnIssue(client: JiraClient) {
  return defineTool({
    name: "comment_on_issue",
    title: "Comment on a Jira issue",
    description:
      "Adds a comment to one Jira issue, once the person has approved the card that shows it. Use it when someone asks to comment on a ticket or to note something there.",
    examples: [
      "comment on GATE-412: the fix is out",
      "add a comment to GATE-412: waiting for the vendor",
      "note on the ticket that we rolled back",
    ],
    effect: "write",
    role: "analyst",
    command: { name: "comment", hint: "KEY text" },
    input,

    fromWords(words) {
      const [, command] = /^\/comment\b\s*([\s\S]*)$/i.exec(words.trim()) ?? [];
      // A comment on a pull request ("web#12") is for another tool.
      if (command !== undefined && /^\S+#\d/.test(command)) return undefined;
      const [, key, text] = (command === undefined ? SENTENCE.exec(words.trim()) : /^(\S+)\s+([\s\S]+)$/.exec(command.trim())) ?? [];
      if (key !== undefined && text !== undefined && KEY.test(key)) return { key: key.toUpperCase(), text: text.trim() };
      if (command !== undefined) throw new UserError(`On which issue, and what? ${USAGE}`);
      return undefined;
    },

    async preview({ key, text }, context) {
      const { summary } = await read(client, key, context);
      return {
        title: `Comment on ${key.toUpperCase()}`,
        lines: [`Issue: ${key.toUpperCase()} “${summary}”`, `Comment: ${bodyOf(text, context)}`],
      };
    },

    async run({ key, text }, context): Promise<Finding> {
      const wanted = key.toUpperCase();
      const { id } = await client.http.json(
        {
          method: "POST",
          path: `/rest/api/3/issue/${wanted}/comment`,
          body: { body: documentOf(bodyOf(text, context)) },
          safe: false,
          operation: "comment on issue",
        },
        commentedAnswer,
        context.signal,
      );
      const { value: setup } = await readSetup(client, context.signal);
      const words = `Commented on ${linked(wanted, setup.site ? `${setup.site}/browse/${wanted}` : undefined)}.`;
      return {
        content: words,
        data: { key: wanted, comment: id },
        blocks: [{ type: "markdown", text: words }],
        receipts: [],
        suggestions: [`show ticket ${wanted}`],
      };
    },
  });
}

async function read(client: JiraClient, key: string, { signal }: ToolContext): Promise<{ summary: string }> {
  try {
    const { fields } = await client.http.json(
      { path: `/rest/api/3/issue/${key.toUpperCase()}`, query: { fields: "summary" }, operation: "read issue" },
      summaryAnswer,
      signal,
    );
    return { summary: said(fields.summary, 120) };
  } catch (error) {
    if (error instanceof VendorError && error.status === 404)
      throw new UserError(`There is no issue ${plainWords(key.toUpperCase())} in Jira that the account may see.`, { path: "key" });
    throw error;
  }
}

function bodyOf(text: string, { user }: ToolContext): string {
  return `${text}\n\nFor ${plainWords(user.name)}, by Firstmate.`;
}
