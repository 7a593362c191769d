import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { readLabels } from "../analytics/churn/label.ts";
import { parameters } from "../core/parameters.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { outcomeColumn, outcomeNamed } from "./churn-risk-label.ts";
import { churnOutput, churnReport, type Scored } from "./churn-risk-report.ts";
import { columnNamed, type FeedRows, type RowsQuestion, readRows } from "./churn-risk-rows.ts";
import { type Learnt, learnOutcome, scoreTable } from "./churn-risk-table.ts";

/** What names a customer, likeliest first. */
export const CUSTOMER_IDS = ["customer", "account", "customer_id", "account_id", "customer_name", "account_name", "name", "id"];

export const churnRisk = defineTool({
  name: "churn_risk",
  title: "Churn risk",
  description:
    "Which customers look like those who left: a calibrated probability and reasons for each, groups at risk, and how good the ranking is. Learnt from a connected dataset of customers with their outcome. Use it for churn, cancellations and customers at risk. To plan how to keep them use retention_campaign; the health of one account is account_health.",
  examples: [
    "customers at risk of leaving",
    "Which customers are likely to churn?",
    "Who is at risk of churning and why?",
    "churn prediction",
    "Which customer groups have the highest churn risk?",
    "Which customers might cancel?",
    "Which customers will leave us?",
    "who is likely to leave next month?",
    "which clients are we about to lose?",
    "who might cancel their subscription?",
    "customers about to cancel",
    "which cohorts are at risk?",
    "what is our churn rate?",
    "how many customers will we lose?",
    "predict churn",
    "which contracts are at risk?",
    "list the customers most likely to cancel, with reasons",
    "which customers should we call first so that we do not lose them?",
    "top 20 customers by risk of cancelling",
    "how long do customers stay with us?",
    "survival curve of our customers",
  ],
  reads: "customers",
  effect: "read",
  role: "viewer",
  command: { name: "churn", hint: "[dataset] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    filter: parameters.filter,
    label: z.string().min(1).max(60).optional().describe("Column that says whether a customer left; recognised by its name unless given."),
    positive: z.string().min(1).max(60).optional().describe("Value of that column that means left, where it is not plain."),
    without: z.array(z.string().min(1).max(60)).max(50).optional().describe("Columns to leave out of the reasons and the model."),
    save_rate: z.number().gt(0).max(1).optional().describe("Assumed share of leavers a campaign keeps; 0.1 unless given."),
    cost_per_contact: z.number().min(0).optional().describe("Cost of contacting one customer, for the campaign plan."),
    value_per_save: z.number().min(0).optional().describe("Worth of one customer kept, in the same currency."),
    top: parameters.top,
  }),
  output: churnOutput,

  async run(input, context) {
    const { rows, learnt, scored, label } = await learnCustomers(input, context);
    return churnReport(rows, learnt, scored, label, input);
  },
});

export interface CustomersQuestion extends RowsQuestion {
  label?: string | undefined;
  positive?: string | undefined;
  without?: readonly string[] | undefined;
}

/** Who left and who may, of one source. Throws UserError when none says who left, or there is too little to learn from. */
export async function learnCustomers(question: CustomersQuestion, context: ToolContext) {
  const rows = await readRows("customers", question, CUSTOMER_IDS, context);
  const named = outcomeNamed(rows.table);
  const found = outcomeColumn(rows.table, question) ?? (named === undefined ? undefined : { label: named });
  if (!found)
    throw new UserError(
      `“${rows.source}” does not say which customers left. It takes a column such as “churned” with yes and no; name it as the label. There is ${listWords(rows.table.columns, 15)}.`,
      { path: "label" },
    );
  const without = (question.without ?? []).map((name) => columnNamed(rows.table, name, "without"));
  const learnt = await learnOutcome(rows.table, { ...found, id: rows.id, without }, () => otherWork(context.signal));
  const scored = await scoreCustomers(rows, learnt, found, context.signal);
  return { rows, learnt, scored, label: found.label };
}

/** Lets the server answer others. Throws when the asker has gone. */
export async function otherWork(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** A customer the model was fitted on is given the probability of a model that did not see them. */
async function scoreCustomers(
  { table }: FeedRows,
  learnt: Learnt,
  { label, positive }: { label: string; positive?: string },
  signal: AbortSignal,
): Promise<Scored> {
  const { probabilities, reasons } = await scoreTable(learnt, table, () => otherWork(signal));
  for (const [i, probability] of learnt.model.heldOut) probabilities[i] = probability;
  const labels = readLabels(label, table.column(label), positive).values;
  const present = Uint32Array.from(labels.keys()).filter((i) => labels[i] !== 1);
  return { present: present.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0)), probabilities, reasons, labels };
}
