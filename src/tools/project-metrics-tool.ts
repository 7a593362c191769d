import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type KnownProject, knownProjects } from "./list-projects.ts";
import { projectMetricsFinding, projectMetricsOutput } from "./project-metrics.ts";
import { projectsIn } from "./which-projects.ts";

export const projectMetrics = defineTool({
  name: "project_metrics",
  title: "Project metrics",
  description:
    "How one project is doing, from everything it is bound to: cost, delivery, incidents, open issues, AI usage and budget, with what is missing and why. Use it for the state of a project by its name. For which projects there are use list_projects.",
  examples: [
    "How is project Atlas doing?",
    "metrics of project Atlas {period}",
    "give me the status of project Atlas",
    "does project Atlas keep its budget?",
    "how is Atlas going?",
    "how is the Atlas project doing?",
    "project status of Atlas",
    "what does project Atlas cost?",
    "is Atlas within budget?",
    "numbers for project Atlas",
    "health of the Atlas project",
    "how much of Atlas's budget is used?",
    "what remains of the budget of project Atlas?",
    "how is project Atlas going?",
    "status of project Atlas: cost, issues and incidents",
    "is project Atlas still within its budget?",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "project", hint: "NAME [period]" },
  input: z.strictObject({
    query: parameters.query.describe("The project's name, or words that hold it. Without it: the project this place is bound to."),
    period: parameters.period,
  }),
  output: projectMetricsOutput,

  async run({ query, period }, context): Promise<Finding> {
    return projectMetricsFinding(await chosen(query, context), period, context);
  },
});

async function chosen(query: string | undefined, context: ToolContext): Promise<KnownProject> {
  const all = await knownProjects(context);
  const named = projectsIn(query ?? context.message?.text ?? "", all);
  const [first, second] = named.length > 0 ? named : all.filter(({ id }) => id === context.scope);
  if (first && !second) return first;
  const names = (some: readonly KnownProject[]) => listWords(some.map(({ name }) => name));
  if (second)
    throw new UserError(`Which one: ${names(named)}?`, {
      path: "query",
      suggestions: named.map(({ name }) => `metrics of project ${name}`),
    });
  throw new UserError(
    all.length === 0
      ? "There is no project on record that you may see. An analyst makes one with POST /api/v1/projects {name, …}."
      : `Which project? There is ${names(all)}.`,
    { path: "query", suggestions: all.slice(0, 3).map(({ name }) => `metrics of project ${name}`) },
  );
}
