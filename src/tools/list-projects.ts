import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import type { Column } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding, type ProjectCard, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import type { Project } from "../records/projects.ts";
import { contentOf } from "./finding.ts";
import { budgetOf, whichProjects } from "./which-projects.ts";

const output = z.object({ n: z.number(), projects: z.array(z.looseObject({ id: z.string(), name: z.string() })) });

const COLUMNS: readonly Column[] = [
  ...["project", "owner", "members", "repositories", "Jira", "cloud account", "Railway", "services", "tech stack", "budget"],
].map((label) => ({ label, type: "text" }));

export type KnownProject = Project & { id: string };

export const listProjects = defineTool({
  name: "list_projects",
  title: "Projects",
  description:
    "The projects (also called assignments) on record: owner, members, repositories, Jira key, cloud account, services, tech stack, budget. Use it for which projects there are and who owns or works on one. For a project's figures use project_metrics.",
  examples: [
    "Which projects do we have?",
    "list our projects",
    "show all assignments",
    "which projects are on record?",
    "who owns project Atlas?",
    "members of project Atlas",
    "who is on project Atlas?",
    "which services does project Atlas have?",
    "which services does Atlas have?",
    "who owns the checkout service?",
    "which project is this channel bound to?",
    "what projects are there?",
    "who is the owner of Atlas?",
    "who works on Atlas?",
    "which projects are active?",
    "my projects",
    "which team owns the billing project?",
    "what is in our portfolio?",
    "which repositories belong to project Atlas?",
    "which Jira key and cloud account does project Atlas have?",
    "overview of all projects",
    "tech stack of project Atlas",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "projects", hint: "[NAME]" },
  input: z.strictObject({ query: parameters.query.describe("A project's name, or words that hold it; all projects without it.") }),
  output,

  async run({ query }, context): Promise<Finding> {
    const all = await knownProjects(context);
    if (all.length === 0)
      throw new UserError(
        "There is no project on record that you may see. An analyst makes one: “create project NAME”, or POST /api/v1/projects {name, …}.",
      );
    const words = query ?? context.message?.text ?? "";
    const { shown, text } = whichProjects(words, all, context);
    const table = { type: "table" as const, columns: COLUMNS, rows: shown.map(rowOf) };
    return {
      content: contentOf(text, [table]),
      data: { n: shown.length, projects: shown },
      blocks: [{ type: "markdown", text }, table],
      receipts: [],
    };
  },
});

/**
 * Those the person may see, by name. Where others read the answer too only those open to everyone, and the one the place is bound to.
 */
export async function knownProjects(context: Pick<ToolContext, "projects" | "user" | "audience" | "scope">): Promise<KnownProject[]> {
  const cards = (await context.projects?.(context.user)) ?? [];
  const isOpen = ({ id, fields }: ProjectCard) => id === context.scope || !(Array.isArray(fields.members) && fields.members.length > 0);
  return (
    (context.audience === "direct" ? cards : cards.filter(isOpen))
      // A name is somebody's words, and everyone's answers repeat it.
      .map(({ id, fields }) => ({ ...(fields as Project), name: plainWords((fields as Project).name), id }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  );
}

function rowOf({
  name,
  owner,
  members,
  repositories,
  jiraProject,
  cloudAccount,
  railwayProject,
  services,
  techStack,
  budget,
}: Project): (string | null)[] {
  const joined = (names: readonly string[] | undefined) => (names?.length ? listWords(names, 5) : null);
  const cells = [
    ...[name, owner ?? null, joined(members), joined(repositories), jiraProject ?? null, cloudAccount ?? null],
    ...[railwayProject ?? null, joined(services), joined(techStack), budget ? budgetOf(budget) : null],
  ];
  return cells.map((cell) => (cell === null ? null : plainWords(cell)));
}
