import { z } from "zod";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { knownProjects } from "./list-projects.ts";

const PLEASE = "^(?:please\\s+|can you\\s+|could you\\s+)?(?:create|add|register|set up|start)\\s+";
const REPOSITORIES =
  "(?:,?\\s+(?:with|for|from)\\s+(?:(?:the\\s+)?repositor(?:y|ies)\\s+)?([\\w.-]+\\/[\\w.-]+(?:(?:\\s*,\\s*|\\s+and\\s+)[\\w.-]+\\/[\\w.-]+)*))?";
const END = "\\s*[.!?]?$";
const SENTENCES: readonly RegExp[] = [
  new RegExp(`${PLEASE}(?:a\\s+|the\\s+)?(?:new\\s+)?(?:project|assignment)\\s+(?:called|named)\\s+(.{1,120}?)${REPOSITORIES}${END}`, "i"),
  new RegExp(`${PLEASE}(?:new\\s+)?(?:project|assignment)\\s+(?!for\\b|with\\b|from\\b)(\\S+(?:\\s+\\S+){0,3}?)${REPOSITORIES}${END}`, "i"),
];
/** "Create project report" asks for one. */
const OF_ONE = /\b(?:report|brief|plan|summary|overview|timeline|metrics|update|dashboard|status|charter|review|for|of|on)\b/i;

const input = z.strictObject({
  name: z.string().trim().min(1).max(120).describe("The project's name, as people will say it."),
  description: z.string().trim().min(1).max(4_000).optional().describe("What it is, in the person's words."),
  repositories: z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be written owner/name"))
    .max(200)
    .optional()
    .describe("Its code repositories, as owner/name."),
  jira: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,29}$/, "must be the key of a Jira project such as ATL")
    .optional()
    .describe("Key of its Jira project."),
  services: z.array(z.string().trim().min(1).max(200)).max(200).optional().describe("Its services, as monitoring calls them."),
  owner: z.string().trim().min(1).max(200).optional().describe("Who answers for it."),
});

export const createProject = defineTool({
  name: "create_project",
  title: "Create a project",
  description:
    "Puts a new project on record, once the person has approved the card. Use it when someone asks to create, add or register a project; only with what they said of it.",
  examples: ["create project Atlas", "add a project called Web Shop", "register project Comet with acme/api and acme/web"],
  effect: "write",
  role: "analyst",
  input,

  fromWords(words) {
    const said = words.trim();
    for (const sentence of SENTENCES) {
      const [, name, repositories] = sentence.exec(said) ?? [];
      if (name === undefined || (sentence === SENTENCES[1] && OF_ONE.test(name))) continue;
      const plain = name.replace(/^["“'‘](.+)["”'’]$/, "$1");
      return { name: plain, ...(repositories ? { repositories: repositories.split(/\s*,\s*|\s+and\s+/) } : {}) };
    }
    return undefined;
  },

  async preview(asked, context) {
    await refuseKnown(asked.name, context);
    const { name, description, repositories, jira, services, owner } = asked;
    const parts: readonly (readonly [string, string | undefined])[] = [
      ["Name", name],
      ["Description", description],
      ["Repositories", repositories && listWords(repositories, 20)],
      ["Jira", jira],
      ["Services", services && listWords(services, 20)],
      ["Owner", owner],
    ];
    const lines = parts.flatMap(([title, value]) => (value ? [`${title}: ${value}`] : []));
    return { title: `Create project ${name}`, lines: [...lines, "Everyone sees it until it is given members."] };
  },

  async run({ jira, ...fields }, context): Promise<Finding> {
    const { name } = fields;
    if (!context.desk) throw new UserError("Projects cannot be created here.");
    await context.desk.createProject({ ...fields, ...(jira ? { jiraProject: jira } : {}) }, context.user);
    const words = `Project ${name} is on record now. Its budget, bindings and archive are a sentence away; all its fields are at /api/v1/projects.`;
    return {
      content: words,
      blocks: [{ type: "markdown", text: words }],
      receipts: [],
      suggestions: [`bind this channel to project ${name}`, `project metrics of ${name}`],
    };
  },
});

async function refuseKnown(name: string, context: ToolContext): Promise<void> {
  const known = (await knownProjects(context)).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (known)
    throw new UserError(`There is a project ${known.name} already. Choose another name, or archive that one first.`, { path: "name" });
}
