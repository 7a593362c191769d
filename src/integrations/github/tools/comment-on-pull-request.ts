import { z } from "zod";
import { cut, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import { UserError, VendorError } from "../../../errors.ts";
import type { GithubClient } from "../client.ts";

const KEY = /^(?:([\w.-]{1,60})\/)?([\w.-]{1,100})#(\d{1,9})$/;
const input = z.strictObject({
  key: z
    .string()
    .trim()
    .regex(KEY, "must be written repository#number, such as gate-api#412")
    .describe("The pull request or issue: gate-api#412."),
  text: z.string().trim().min(1).max(8_000).describe("What the comment says, as markdown."),
});

const SENTENCE = /^(?:please\s+)?(?:comment|add\s+a\s+comment)\s+(?:on|to)\s+(?:pull\s+request\s+|pr\s+)?(\S+#\d{1,9})\s*:\s*(\S[\s\S]*)$/i;
const issueAnswer = z.object({ title: z.string(), html_url: z.string() });
const commentAnswer = z.object({ id: z.number(), html_url: z.string() });

export function commentOnPullRequest(client: GithubClient) {
  return defineTool({
    name: "comment_on_pull_request",
    title: "Comment on GitHub",
    description:
      "Adds a comment to a pull request or issue on GitHub, once the person has approved the card that shows it. Use it when someone asks to comment on a pull request.",
    examples: [
      "comment on gate-api#412: please add a test",
      "add a comment to PR gate-api#412: waiting for review",
      "note on the pull request that it is blocked",
    ],
    effect: "write",
    role: "analyst",
    input,

    fromWords(words) {
      const said = words.trim();
      const [, key, text] = SENTENCE.exec(said) ?? /^\/comment\s+(\S+#\d{1,9})\s+([\s\S]+)$/i.exec(said) ?? [];
      return key !== undefined && text !== undefined && KEY.test(key) ? { key, text: text.trim() } : undefined;
    },

    async preview({ key, text }, context) {
      const { title, name } = await read(client, key, context);
      return { title: `Comment on ${name}`, lines: [`On: ${name} “${title}”`, `Comment: ${text}`, `Signed: ${signature(context)}`] };
    },

    async run({ key, text }, context): Promise<Finding> {
      const { path, name } = placeOf(client, key);
      const body = `${text}\n\n_${signature(context)}_`;
      // Every other POST to GitHub is a query and may be repeated; this one may not.
      const { html_url: url } = await client.http.json(
        { method: "POST", path: `${path}/comments`, body: { body }, safe: false, operation: "comment" },
        commentAnswer,
        context.signal,
      );
      const words = /^https:\/\//.test(url) ? `Commented on [${name}](${url}).` : `Commented on ${name}.`;
      return { content: words, data: { key: name, url }, blocks: [{ type: "markdown", text: words }], receipts: [] };
    },
  });
}

/** Of our own organisation only: the token may reach further. */
function placeOf({ org }: GithubClient, key: string): { path: string; name: string } {
  const [, owner = org, repository = "", number = ""] = KEY.exec(key.trim()) ?? [];
  if (owner.toLowerCase() !== org.toLowerCase()) throw new UserError(`I comment in the repositories of ${org} only.`, { path: "key" });
  return { path: `/repos/${encodeURIComponent(org)}/${encodeURIComponent(repository)}/issues/${number}`, name: `${repository}#${number}` };
}

async function read(client: GithubClient, key: string, { signal }: ToolContext): Promise<{ title: string; name: string }> {
  const { path, name } = placeOf(client, key);
  try {
    const { title } = await client.http.json({ path, operation: "read issue" }, issueAnswer, signal);
    return { title: cut(plainWords(title), 120), name };
  } catch (error) {
    if (error instanceof VendorError && error.status === 404)
      throw new UserError(`There is no pull request or issue ${plainWords(name)} in ${client.org} that the token may see.`, {
        path: "key",
      });
    throw error;
  }
}

function signature({ user }: ToolContext): string {
  return `By Firstmate, for ${plainWords(user.name)}.`;
}
