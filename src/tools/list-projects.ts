import { z } from "zod";
import { formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import type { Column } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ProjectCard, type ToolContext } from "../core/tool.ts";
import { wordsOf } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import type { Project } from "../records/projects.ts";
import { contentOf } from "./finding.ts";

const output = z.object({ n: z.number(), projects: z.array(z.looseObject({ id: z.string(), name: z.string() })) });

const COLUMNS: readonly Column[] = ["project", "owner", "members", "repositories", "Jira", "cloud account", "services", "budget"].map(
  (label) => ({ label, type: "text" }),
);

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
  ],
  effect: "read",
  role: "viewer",
  command: { name: "projects", hint: "[NAME]" },
  input: z.strictObject({ query: parameters.query.describe("A project's name, or words that hold it; all projects without it.") }),
  output,

  async run({ query }, context): Promise<Finding> {
    const all = await knownProjects(context);
    if (all.length === 0)
      throw new UserError("There is no project on record that you may see. An analyst makes one with POST /api/v1/projects {name, …}.");
    const named = projectsIn(query ?? context.message?.text ?? "", all);
    const shown = named.length > 0 ? named : all;
    const [only] = shown;
    const text =
      shown.length === 1 && only ? sentenceOf(only) : `**${shown.length} projects**: ${listWords(shown.map(({ name }) => name))}.`;
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
  return (context.audience === "direct" ? cards : cards.filter(isOpen))
    .map(({ id, fields }) => ({ ...(fields as Project), id }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The projects whose names stand in the words, the longest name first: in “atlas web” that is not also “atlas”. */
export function projectsIn<P extends { name: string }>(words: string, projects: readonly P[]): P[] {
  let rest = ` ${wordsOf(words).join(" ")} `;
  const found: P[] = [];
  for (const project of projects.toSorted((a, b) => b.name.length - a.name.length)) {
    const name = ` ${wordsOf(project.name).join(" ")} `;
    if (name.trim() === "" || !rest.includes(name)) continue;
    rest = rest.replaceAll(name, " ");
    found.push(project);
  }
  return found;
}

function sentenceOf({ name, owner, members = [], description, budget }: Project): string {
  const parts = [
    owner ? `owned by ${owner}` : "without an owner on record",
    members.length > 0 ? `seen by ${listWords(members)}` : "seen by everyone here",
    ...(budget ? [`with a budget of ${budgetOf(budget)}`] : []),
  ];
  return `**Project ${name}**, ${listWords(parts)}.${description ? ` ${description}` : ""}`;
}

function budgetOf({ amount, currency, period }: NonNullable<Project["budget"]>): string {
  return `${formatValue(amount, currency)} a ${period}`;
}

function rowOf({ name, owner, members, repositories, jiraProject, cloudAccount, services, budget }: Project): (string | null)[] {
  const joined = (names: readonly string[] | undefined) => (names?.length ? listWords(names, 5) : null);
  return [
    ...[name, owner ?? null, joined(members), joined(repositories), jiraProject ?? null, cloudAccount ?? null],
    ...[joined(services), budget ? budgetOf(budget) : null],
  ];
}
