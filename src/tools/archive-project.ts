import { z } from "zod";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import type { KnownProject } from "./list-projects.ts";
import { boundProject, nameIn, oneProject } from "./one-project.ts";

const COMMAND = /^\/archive\b\s*([\s\S]*)$/i;
const SENTENCE =
  /^(?:please\s+|can you\s+|could you\s+)?(archive|restore|unarchive)\s+(?:the\s+)?(?:(?:project|assignment)\s+(.{1,120}?)|(\S+(?:\s+\S+){0,2}?)\s+project|(?!(?:the|this|that|these|those|all|my|our|a|an|old)\b)(\S+(?:\s+\S+)?))\s*[.!?]?$/i;
const HERE = /^(?:please\s+)?archive\s+this\s+(?:project|assignment)\s*[.!?]?$/i;

export const archiveProject = defineTool({
  name: "archive_project",
  title: "Archive a project",
  description:
    "Takes a project out of the lists, or brings an archived one back, once the person has approved the card. Nothing is deleted. Use it when someone asks to archive or restore a project.",
  examples: ["archive project Atlas", "archive this project", "restore project Atlas"],
  effect: "write",
  role: "analyst",
  command: { name: "archive", hint: "PROJECT" },
  input: z.strictObject({
    project: z.string().trim().min(1).max(120).optional().describe("The project's name; without it, the project this place is bound to."),
    restore: z.boolean().default(false).describe("Brings it back instead."),
  }),

  fromWords(words) {
    const said = words.trim();
    const [, command] = COMMAND.exec(said) ?? [];
    if (command !== undefined) {
      if (command.trim() === "") throw new UserError("Which project? It goes like this: `/archive Atlas`.");
      return { project: command.trim() };
    }
    if (HERE.test(said)) return {};
    const [, verb = "", ...names] = SENTENCE.exec(said) ?? [];
    const project = names.find((name) => name !== undefined);
    if (project === undefined) return undefined;
    return { project, ...(verb.toLowerCase() === "archive" ? {} : { restore: true }) };
  },

  async preview({ project, restore }, context) {
    const { name } = await meant(project, restore, context);
    const effect = restore
      ? "It is in the lists again, and what is bound to it is narrowed to it again."
      : "It leaves the lists, cannot be changed, and keys of it open nothing. Nothing is deleted.";
    return { title: `${restore ? "Restore" : "Archive"} project ${name}`, lines: [`Project: ${name}`, effect], settled: { project: name } };
  },

  async run({ project, restore }, context): Promise<Finding> {
    const { id, name } = await meant(project, restore, context);
    if (!context.desk) throw new UserError("Projects cannot be changed here.");
    await context.desk.setArchived(id, !restore, context.user);
    const words = restore
      ? `Project ${name} is back in the lists.`
      : `Project ${name} is in the archive now. “restore project ${name}” brings it back.`;
    return { content: words, blocks: [{ type: "markdown", text: words }], receipts: [], suggestions: ["which projects do we have?"] };
  },
});

async function meant(project: string | undefined, restore: boolean, context: ToolContext): Promise<KnownProject> {
  if (project === undefined) return boundProject(context);
  return restore ? archived(project, context) : oneProject(project, context);
}

/** By its name, of those in the archive; where others read along only of those open to everyone. */
async function archived(project: string, context: ToolContext): Promise<KnownProject> {
  const cards = (await context.desk?.archivedProjects(context.user)) ?? [];
  const isOpen = ({ members }: Readonly<Record<string, unknown>>) => !(Array.isArray(members) && members.length > 0);
  const all = cards
    .filter(({ fields }) => context.audience === "direct" || isOpen(fields))
    .map(({ id, fields }) => ({ ...(fields as Omit<KnownProject, "id">), id }));
  return nameIn(project, all, "in the archive");
}
