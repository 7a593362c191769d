import { z } from "zod";
import { cut, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import { UserError } from "../../../errors.ts";
import { linked, said } from "../../words.ts";
import { documentOf } from "../adf.ts";
import type { JiraClient } from "../client.ts";
import { createdAnswer } from "../schema.ts";
import { type Names, readNames, readSetup } from "../setup.ts";
import { namesMeant, projectsMeant } from "./asked.ts";

const input = z.strictObject({
  project: z.string().trim().min(1).max(100).describe('Project it goes into: its key or name, "GATE".'),
  summary: z.string().trim().min(3).max(255).describe("Its title, in one line."),
  description: z.string().trim().max(8_000).optional().describe("What it says, as plain text; blank lines part paragraphs."),
  type: z.string().trim().min(1).max(60).default("Task").describe('Its type: "Task", "Bug", "Story".'),
});
type Input = z.output<typeof input>;

const USAGE = "It goes like this: `/issue GATE Trucks wait at lane 4`, with more after ` -- `.";
const SENTENCE =
  /^(?:please\s+)?(?:create|file|raise|open|make|add)\s+(?:an?\s+|a\s+new\s+|another\s+|new\s+)(?:jira\s+)?(issue|ticket|bug|task|story)\s+(?:in|for)\s+(?:project\s+)?([\p{L}\p{N}&_. -]{1,60}?)\s*[:–—]\s+(\S[\s\S]*)$/iu;

const VAGUE =
  /^(?:please\s+|can\s+you\s+)?(?:create|file|raise|open|make)\s+(?:an?\s+|another\s+|new\s+)(?:new\s+)?(?:jira\s+)?(?:issue|ticket|bug|task|story)\b/i;

export function createIssue(client: JiraClient) {
  return defineTool({
    name: "create_issue",
    title: "Create a Jira issue",
    description:
      "Creates an issue in Jira, once the person has approved the card that shows it. Use it when someone asks to file, open or create a ticket, bug or task. It gives the new issue's key.",
    examples: [
      "create an issue in GATE: trucks wait at lane 4",
      "file a bug in SHIP: labels print twice",
      "open a ticket for the failing night build",
      "make a task in GATE: renew the certificate",
    ],
    effect: "write",
    role: "analyst",
    command: { name: "issue", hint: "PROJECT summary [-- description]" },
    input,

    fromWords(words) {
      const [, command] = /^\/issue\b\s*([\s\S]*)$/i.exec(words.trim()) ?? [];
      if (command !== undefined) {
        const [, project, rest = ""] = /^(\S+)\s+([\s\S]+)$/.exec(command.trim()) ?? [];
        if (!project) throw new UserError(`Which project, and what about? ${USAGE}`);
        return { project, ...partsOf(rest) };
      }
      const [, kind = "", project, rest = ""] = SENTENCE.exec(words.trim()) ?? [];
      if (project === undefined && VAGUE.test(words.trim())) throw new UserError(`Which project, and what about? ${USAGE}`);
      if (project === undefined) return undefined;
      const type = { bug: "Bug", story: "Story" }[kind.toLowerCase()];
      return { project, ...partsOf(rest), ...(type ? { type } : {}) };
    },

    async preview(asked, context) {
      const [{ project, type, name }, { value: setup }] = await Promise.all([
        settle(client, asked, context),
        readSetup(client, context.signal),
      ]);
      return {
        title: `Create a ${type} in ${project}`,
        lines: [
          `Project: ${project} (${name}), at ${new URL(setup.site ?? client.address).host}`,
          `Type: ${type}`,
          `Summary: ${asked.summary}`,
          ...(asked.description ? [`Description: ${asked.description}`] : []),
          `Signed: ${signature(context)}`,
        ],
      };
    },

    async run(asked, context): Promise<Finding> {
      const { project, type } = await settle(client, asked, context);
      const fields = {
        project: { key: project },
        issuetype: { name: type },
        summary: asked.summary,
        description: documentOf(bodyOf(asked, context)),
      };
      const { key } = await client.http.json(
        { method: "POST", path: "/rest/api/3/issue", body: { fields }, safe: false, operation: "create issue" },
        createdAnswer,
        context.signal,
      );
      // It is there by now: not knowing its address is no failure.
      const site = await readSetup(client, context.signal).then(
        ({ value }) => value.site,
        () => undefined,
      );
      const text = `Created ${linked(key, site ? `${site}/browse/${key}` : undefined)} “${said(asked.summary, 120)}” in ${project}.`;
      return {
        content: text,
        data: { key, project, type },
        blocks: [{ type: "markdown", text }],
        receipts: [],
        suggestions: [`show ticket ${key}`],
      };
    },
  });
}

/** One project and one type that Jira has. */
async function settle(client: JiraClient, asked: Input, { signal }: ToolContext): Promise<{ project: string; name: string; type: string }> {
  const { value: names } = await readNames(client, signal);
  const [project = "", ...others] = projectsMeant(asked.project, names);
  if (others.length > 0)
    throw new UserError(`“${plainWords(asked.project)}” means several projects: ${[project, ...others].join(", ")}. Name one by its key.`, {
      path: "project",
    });
  return { project, name: nameOf(project, names), type: namesMeant("type", asked.type, names.types)[0] ?? asked.type };
}

function nameOf(project: string, { projects }: Names): string {
  return plainWords(projects.find(({ key }) => key === project)?.name ?? project);
}

/** Jira shows the bot as its author, so it says for whom. */
function bodyOf({ description }: Input, context: ToolContext): string {
  return [...(description ? [description] : []), signature(context)].join("\n\n");
}

function signature({ user }: ToolContext): string {
  return `Created by Firstmate for ${plainWords(user.name)}.`;
}

const TITLE = 200;

/** "summary -- description", or a first line and more. */
function partsOf(text: string): { summary: string; description?: string } {
  const [, first = text, rest = ""] = /^(.*?)(?:\s+--\s+|\n)([\s\S]*)$/.exec(text.trim()) ?? [];
  const isLong = first.length > TITLE;
  const description = [...(isLong ? [first] : []), rest].map((part) => part.trim()).filter(Boolean);
  return {
    summary: isLong ? cut(first, TITLE) : first.trim(),
    ...(description.length > 0 ? { description: description.join("\n\n") } : {}),
  };
}
