import { z } from "zod";
import { formatMoney } from "../core/format.ts";
import { defineTool, type Finding, type ProjectBudget, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { BUDGET_USAGE, budgetFromWords } from "./budget-words.ts";
import { boundProject, oneProject } from "./one-project.ts";

const PERIODS = ["month", "quarter", "year"] as const;
const input = z.strictObject({
  project: z.string().trim().min(1).max(120).optional().describe("The project's name; without it, the project this place is bound to."),
  amount: z.number().positive().max(1e15).nullable().describe("The amount; null takes the budget away."),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a currency code such as EUR")
    .optional()
    .describe("Currency code: EUR; without it, that of the budget so far."),
  period: z.enum(PERIODS).default("month").describe("For each month, quarter or year."),
});

export const setProjectBudget = defineTool({
  name: "set_project_budget",
  title: "Set a project's budget",
  description:
    "Sets what a project may cost in each month, quarter or year, or takes its budget away, once the person has approved the card. Use it when someone asks to set, change or remove a project's budget.",
  examples: [
    "set the budget of Atlas to 20,000 EUR per month",
    "set the budget to 12k a month",
    "change project Atlas's budget to 5,000 USD",
    "remove the budget of Atlas",
  ],
  effect: "write",
  role: "analyst",
  command: { name: "budget", hint: "PROJECT AMOUNT CURRENCY [per month|quarter|year] | PROJECT none" },
  input,

  fromWords: (words) => budgetFromWords(words) as Record<string, unknown> | undefined,

  async preview(input, context) {
    const { project, budget, wanted } = await meant(input, context);
    const before = budget ? `${formatMoney(budget.amount, budget.currency)} per ${budget.period}` : "none";
    return {
      title: wanted === null ? `Remove the budget of ${project.name}` : `Set the budget of ${project.name}`,
      lines: [`Project: ${project.name}`, `Budget so far: ${before}`, `Budget from now on: ${wordsFor(wanted)}`],
      settled: { project: project.name, ...(wanted ? { currency: wanted.currency } : {}) },
    };
  },

  async run(input, context): Promise<Finding> {
    const { project, wanted } = await meant(input, context);
    if (!context.desk) throw new UserError("Projects cannot be changed here.");
    await context.desk.setBudget(project.id, wanted, context.user);
    const words = `The budget of ${project.name} is ${wordsFor(wanted)} now.`;
    return {
      content: words,
      blocks: [{ type: "markdown", text: words }],
      receipts: [],
      suggestions: [`project metrics of ${project.name}`],
    };
  },
});

type Asked = z.output<typeof input>;

/** The project and the budget it is to have; what was not said is taken from where it stands now. */
async function meant({ project: named, amount, currency, period }: Asked, context: ToolContext) {
  const project = named === undefined ? await boundProject(context) : await oneProject(named, context);
  const { budget } = project;
  const wanted: ProjectBudget | null = amount === null ? null : { amount, currency: currencyOf(currency ?? budget?.currency), period };
  return { project, budget, wanted };
}

function wordsFor(budget: ProjectBudget | null): string {
  return budget === null ? "none" : `${formatMoney(budget.amount, budget.currency)} per ${budget.period}`;
}

function currencyOf(currency: string | undefined): string {
  if (currency === undefined)
    throw new UserError(`In which currency? Say its code, such as EUR or USD. ${BUDGET_USAGE}`, { path: "currency" });
  return currency;
}
