import { z } from "zod";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { oneProject } from "./one-project.ts";

const USAGE = "It goes like this: `/bind Atlas`, or `/bind none`.";
const UNBIND =
  /^(?:please\s+)?(?:unbind|unlink|release)\s+(?:this|the)\s+(?:channel|place|chat|conversation)(?:\s+from\s+.{1,120}?)?\s*[.!]?$/i;
const ABOUT =
  /^(?:please\s+)?(?:(?:link|tie|connect|scope)\s+this\s+(?:channel|place|chat|conversation)\s+(?:to|with)|this\s+(?:channel|place|chat|conversation)\s+is\s+(?:now\s+)?about)\s+(?:project\s+)?(.{1,120}?)(?:\s+(?:from now on|now))?\s*[.!]?$/i;
const SENTENCE = /^(?:please\s+)?bind\s+(?:this|the)\s+(?:channel|place|chat|conversation)\s+to\s+(?:project\s+)?(.{1,120}?)\s*[.!]?$/i;

export const bindChannel = defineTool({
  name: "bind_channel",
  title: "Bind this channel to a project",
  description:
    "Binds the channel it is asked in to a project, so that answers there are narrowed to it, or to none, once the person has approved the card. Use it when someone asks to bind, link or scope this channel to a project.",
  examples: ["bind this channel to Atlas", "bind this channel to project Atlas", "this channel is about Atlas from now on"],
  effect: "write",
  role: "analyst",
  command: { name: "bind", hint: "PROJECT | none" },
  input: z.strictObject({
    project: z.string().trim().min(1).max(120).nullable().describe("The project's name; null binds the channel to none."),
  }),

  fromWords(words) {
    const said = words.trim();
    const [, command] = /^\/bind\b\s*([\s\S]*)$/i.exec(said) ?? [];
    if (UNBIND.test(said)) return { project: null };
    const named = (command ?? SENTENCE.exec(said)?.[1] ?? ABOUT.exec(said)?.[1])?.trim();
    if (named === "") throw new UserError(`To which project? ${USAGE}`);
    if (named === undefined) return undefined;
    return { project: /^(?:none|nothing|no project)$/i.test(named) ? null : named };
  },

  async preview({ project }, context) {
    const here = placeIn(context);
    if (project === null)
      return {
        title: "Bind this channel to no project",
        lines: [`Place: ${here}, with its threads`, "Answers here are about everything again."],
      };
    const { name } = await oneProject(project, context);
    return {
      title: `Bind this channel to ${name}`,
      lines: [`Place: ${here}, with its threads`, `Project: ${name}`, "Answers here are narrowed to it, for everyone in it."],
    };
  },

  async run({ project }, context): Promise<Finding> {
    const here = placeIn(context);
    if (!context.desk) throw new UserError("Channels cannot be bound here.");
    const found = project === null ? null : await oneProject(project, context);
    await context.desk.bind(here, found?.id ?? null, context.user);
    const words = found ? `This channel is bound to ${found.name} now.` : "This channel is bound to no project now.";
    return { content: words, blocks: [{ type: "markdown", text: words }], receipts: [] };
  },
});

function placeIn({ message }: ToolContext): string {
  if (!message || message.channel === "api") throw new UserError("Say it in the channel that is meant.", { path: "project" });
  return message.conversation;
}
