import { z } from "zod";
import { healthOf } from "../analytics/health/learn.ts";
import { bandOf } from "../analytics/health/score.ts";
import { parameters } from "../core/parameters.ts";
import { nearest } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type AccountModel, accountModel } from "./account-health-inputs.ts";
import { type Account, healthOutput, healthReport } from "./account-health-report.ts";
import { renewals, type Trends, usageTrends } from "./account-health-trend.ts";
import { type FeedRows, readRows } from "./churn-risk-rows.ts";

const IDS = ["account", "customer", "account_id", "customer_id", "account_name", "customer_name", "name", "id"];

const SHOWN = 10;

const SOON = 90;

export const accountHealth = defineTool({
  name: "account_health",
  title: "Account health",
  description:
    "A health score of each account from 0 to 100 with what pulls it up or down, red, amber or green, how its use grows, and the outlook of its renewal. Weights come from the outcomes in the data where there are any, else all inputs count alike. Use it for the health of accounts, customer success reviews and renewals. Who is likely to leave is churn_risk.",
  examples: [
    "health score of our accounts",
    "unhealthy accounts",
    "which accounts are unhealthy?",
    "which accounts are in bad shape?",
    "How healthy are our accounts?",
    "Account health scores",
    "Which accounts are red?",
    "health score of our customers with drivers",
    "What is the renewal outlook of our accounts?",
    "How healthy are our customers?",
    "health scores",
    "which customer is in the worst shape?",
    "which accounts need attention?",
    "red accounts",
    "how is the customer base doing?",
    "are our customers doing well?",
    "which accounts are getting worse?",
    "which customers are up for renewal?",
    "account scores by segment",
    "show our healthiest customers",
    "traffic light of our accounts",
    "which five accounts are in the worst condition?",
    "account scorecard",
    "customer scorecard",
    "how healthy are our biggest customers?",
    "which accounts are in trouble?",
  ],
  reads: "customers",
  effect: "read",
  role: "viewer",
  command: { name: "accounts", hint: "[dataset] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    filter: parameters.filter,
    account: z.string().min(1).max(200).optional().describe("One account by its name or id."),
    good: z
      .array(z.string().min(1).max(60))
      .max(30)
      .optional()
      .describe("Number columns of which more is good; then all inputs count alike."),
    bad: z.array(z.string().min(1).max(60)).max(30).optional().describe("Number columns of which more is bad."),
    label: z.string().min(1).max(60).optional().describe("Column that says whether an account left; recognised by its name unless given."),
    positive: z.string().min(1).max(60).optional().describe("Value of that column that means left, where it is not plain."),
    top: parameters.top,
  }),
  output: healthOutput,

  async run(input, context) {
    const rows = await readRows("customers", input, IDS, context);
    const model = accountModel(rows, input);
    const trends = await usageTrends(rows, context);
    context.signal.throwIfAborted();
    const accounts = readAccounts(rows, model, trends, context);
    const shown = input.account === undefined ? accounts : [findAccount(input.account, accounts)];
    return healthReport({ rows, model, trends, accounts, shown, one: input.account !== undefined }, input.top ?? SHOWN);
  },
});

/** Lowest first; those of which nothing is known last. */
function readAccounts(
  rows: FeedRows,
  { model, columns, present }: AccountModel,
  trends: Trends | undefined,
  context: ToolContext,
): Account[] {
  const names = rows.table.column(rows.id);
  const renews = renewals(rows, context.now);
  const accounts = [...present].map((i): Account => {
    const { score, confidence, drivers } = healthOf(model, columns, i);
    const id = names[i] ?? `row ${i + 1}`;
    const growth = trends?.growth.get(id);
    const own = Number.isNaN(score) ? null : bandOf(score);
    const days = renews?.[i] ?? null;
    return {
      id,
      score: Number.isNaN(score) ? null : 100 * score,
      band: own,
      known: confidence,
      drivers: drivers.slice(0, 4).map(({ input, effect }) => ({
        input: model.inputs[input]?.input.name ?? "",
        value: rows.table.column(model.inputs[input]?.input.name ?? "")[i] ?? "",
        points: 100 * effect,
      })),
      growth: growth ? { perMonth: growth.rate, low: growth.low, high: growth.high, months: growth.steps } : null,
      renewsInDays: days,
      outlook: days === null ? null : outlookOf(own, days, growth?.rate),
    };
  });
  return accounts.sort((a, b) => (a.score ?? 101) - (b.score ?? 101) || (a.id < b.id ? -1 : 1));
}

/** A rule, not a forecast: what its band and its course say when it is due. */
function outlookOf(own: Account["band"], days: number, growth: number | undefined): string {
  if (days < 0) return "renewal is past";
  const falling = growth !== undefined && growth < -0.02;
  const due = days <= SOON ? "due soon" : "due later";
  if (own === "red" || (own === "amber" && falling)) return `at risk, ${due}`;
  return own === "green" && !falling ? `likely, ${due}` : `open, ${due}`;
}

function findAccount(wanted: string, accounts: readonly Account[]): Account {
  const found = accounts.find((a) => a.id.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  const near = nearest(
    wanted,
    accounts.map((a) => a.id),
  )[0];
  throw new UserError(`There is no current account “${wanted.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ""}`, {
    path: "account",
    suggestions: near ? [near] : [],
  });
}
