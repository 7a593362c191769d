import { z } from "zod";
import { formatMoney } from "../core/format.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { oneProject } from "./one-project.ts";

const PERIODS = ["month", "quarter", "year"] as const;
const USAGE = "It goes like this: `/budget Atlas 20000 EUR per month`, or `/budget Atlas none`.";
const SENTENCE = /^(?:please\s+)?set\s+the\s+budget\s+(?:of|for)\s+(?:project\s+)?(.{1,120}?)\s+to\s+(.+)$/i;
const AMOUNT = /^([\d][\d.,' ]*)\s*(k|m)?\s*([A-Z]{3})(?:\s*(?:per|a|each|\/)\s*(month|quarter|year))?\s*[.!]?$/i;

export const setProjectBudget = defineTool({
  name: "set_project_budget",
  title: "Set a project's budget",
  description:
    "Sets what a project may cost in each month, quarter or year, or takes its budget away, once the person has approved the card. Use it when someone asks to set, change or remove a project's budget.",
  examples: ["set the budget of Atlas to 20,000 EUR per month", "change project Atlas's budget to 5,000 USD", "remove the budget of Atlas"],
  effect: "write",
  role: "analyst",
  command: { name: "budget", hint: "PROJECT AMOUNT CURRENCY [per month|quarter|year] | PROJECT none" },
  input: z.strictObject({
    project: z.string().trim().min(1).max(120).describe("The project's name."),
    amount: z.number().positive().max(1e15).nullable().describe("The amount; null takes the budget away."),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be a currency code such as EUR")
      .optional()
      .describe("Currency code: EUR."),
    period: z.enum(PERIODS).default("month").describe("For each month, quarter or year."),
  }),

  fromWords(words) {
    const said = words.trim();
    const [, command] = /^\/budget\b\s*([\s\S]*)$/i.exec(said) ?? [];
    const [, named, rest] =
      command === undefined ? (SENTENCE.exec(said) ?? []) : (/^(.{1,120}?)\s+((?:none|\d)[\s\S]*)$/i.exec(command) ?? []);
    if (named === undefined || rest === undefined) {
      if (command !== undefined) throw new UserError(`Which project, and how much? ${USAGE}`);
      return undefined;
    }
    if (/^none[.!]?$/i.test(rest.trim())) return { project: named, amount: null };
    const [, digits = "", scale = "", currency, period = "month"] = AMOUNT.exec(rest.trim()) ?? [];
    const amount = amountOf(digits, scale);
    if (amount === undefined || !currency) throw new UserError(`I do not read an amount with its currency in “${rest.trim()}”. ${USAGE}`);
    return { project: named, amount, currency: currency.toUpperCase(), period: period.toLowerCase() };
  },

  async preview({ project, amount, currency, period }, context) {
    const { name, budget } = await oneProject(project, context);
    const before = budget ? `${formatMoney(budget.amount, budget.currency)} per ${budget.period}` : "none";
    return {
      title: amount === null ? `Remove the budget of ${name}` : `Set the budget of ${name}`,
      lines: [`Project: ${name}`, `Budget so far: ${before}`, `Budget from now on: ${wordsFor(amount, currency, period)}`],
    };
  },

  async run({ project, amount, currency, period }, context): Promise<Finding> {
    const { id, name } = await oneProject(project, context);
    const budget = amount === null ? null : { amount, currency: currencyOf(currency), period };
    if (!context.desk) throw new UserError("Projects cannot be changed here.");
    await context.desk.setBudget(id, budget, context.user);
    const words = `The budget of ${name} is ${wordsFor(amount, currency, period)} now.`;
    return { content: words, blocks: [{ type: "markdown", text: words }], receipts: [], suggestions: [`project metrics of ${name}`] };
  },
});

function wordsFor(amount: number | null, currency: string | undefined, period: string): string {
  return amount === null ? "none" : `${formatMoney(amount, currencyOf(currency))} per ${period}`;
}

function currencyOf(currency: string | undefined): string {
  if (currency === undefined) throw new UserError("In which currency? Say its code, such as EUR or USD.", { path: "currency" });
  return currency;
}

/** "20,000", "20 000", "20'000.50", "5k". undefined where a comma may be the decimal sign. */
function amountOf(digits: string, scale: string): number | undefined {
  const plain = digits.trim().replace(/[ ']/g, "");
  if (!/^\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^\d+(?:\.\d+)?$/.test(plain)) return undefined;
  const factor = { k: 1_000, m: 1_000_000 }[scale.toLowerCase()] ?? 1;
  return Number(plain.replaceAll(",", "")) * factor;
}
