import { z } from "zod";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import { healthOf } from "../analytics/health/learn.ts";
import { bandOf } from "../analytics/health/score.ts";
import { formatChange, formatNumber, formatPercent, readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import type { Block, ChartBlock, TableBlock } from "../core/reply.ts";
import { cut, listWords, nearest, plainWords } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type AccountModel, accountModel } from "./account-health-inputs.ts";
import { renewals, type Trends, usageTrends } from "./account-health-trend.ts";
import { type FeedRows, readRows } from "./churn-risk-rows.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";

const band = z.enum(["red", "amber", "green"]);
const account = z.object({
  id: z.string(),
  score: z.number().nullable().describe("0 bad to 100 good; null when nothing is known."),
  band: band.nullable(),
  known: z.number().describe("Share of the weights whose input is known."),
  drivers: z.array(z.object({ input: z.string(), value: z.string(), points: z.number() })),
  growth: z.object({ perMonth: z.number(), low: z.number(), high: z.number(), months: z.number() }).nullable(),
  renewsInDays: z.number().nullable(),
  outlook: z.string().nullable(),
});
const output = z.object({
  dataset: z.string(),
  weights: z.enum(["learnt", "equal"]),
  inputs: z.array(z.object({ name: z.string(), weight: z.number() })),
  auc: z.number().nullable(),
  bands: z.array(z.object({ band, accounts: z.number(), lostShare: z.number().nullable(), outOf: z.number() })),
  accounts: z.array(account),
});
type Account = z.output<typeof account>;

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
  output,

  async run(input, context) {
    const rows = await readRows("customers", input, IDS, context);
    const model = accountModel(rows, input);
    const trends = await usageTrends(rows, context);
    context.signal.throwIfAborted();
    const accounts = readAccounts(rows, model, trends, context);
    const shown = input.account === undefined ? accounts : [findAccount(input.account, accounts)];
    return report({ rows, model, trends, accounts, shown, one: input.account !== undefined }, input.top ?? SHOWN);
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

interface Answer {
  rows: FeedRows;
  model: AccountModel;
  trends: Trends | undefined;
  accounts: readonly Account[];
  shown: readonly Account[];
  one: boolean;
}

async function report(answer: Answer, top: number) {
  const { rows, model, trends, accounts, shown } = answer;
  const { quality } = model.model;
  const inputs = model.model.inputs
    .map(({ input }, k) => ({ name: input.name, weight: model.model.weights[k] ?? 0 }))
    .filter(({ weight }) => weight > 0.0005)
    .sort((a, b) => b.weight - a.weight);
  const bands = (["red", "amber", "green"] as const).map((name) => {
    const seen = quality?.bands.find((b) => b.band === name);
    return {
      band: name,
      accounts: accounts.filter((a) => a.band === name).length,
      lostShare: seen && seen.n > 0 ? seen.lost / seen.n : null,
      outOf: seen?.n ?? 0,
    };
  });
  const tables = [accountTable(answer, top), ...(quality ? [bandTable(bands)] : [])];
  const text = `${sentences(answer, bands, inputs).join("\n\n")}${notesText({ notes: [...rows.notes, ...model.notes] })}`;
  const chart = quality ? await bandChart(bands, rows) : undefined;
  return {
    content: contentOf(text, tables),
    data: {
      dataset: rows.source,
      weights: model.weights,
      inputs,
      auc: quality?.auc ?? null,
      bands,
      accounts: shown.slice(0, Math.max(top, 200)),
    },
    blocks: [{ type: "markdown" as const, text }, ...tables.slice(0, 1), ...(chart ? [chart] : []), ...tables.slice(1)] satisfies Block[],
    receipts: [...rows.receipts, ...(trends?.receipts ?? [])],
    suggestions: ["Which customers are likely to churn?"],
  };
}

type BandLine = z.output<typeof output>["bands"][number];

function sentences(
  { model, accounts, shown, one, trends }: Answer,
  bands: readonly BandLine[],
  inputs: readonly { name: string; weight: number }[],
): string[] {
  const { quality } = model.model;
  const [first] = shown;
  const counts = listWords(bands.filter((b) => b.accounts > 0).map((b) => `${formatNumber(b.accounts)} ${b.band}`));
  const lead =
    one && first
      ? oneSentence(first)
      : `**${formatNumber(accounts.length)} accounts: ${counts || "none with a score"}.**${first?.score == null ? "" : ` Lowest is ${plainWords(cut(first.id, 60))} with ${formatNumber(Math.round(first.score))} of 100.`}`;
  const sure = quality
    ? `How sure: an account that stayed scored above one that left in ${formatPercent(quality.auc)} of pairs (AUC ${quality.auc.toFixed(3)}, on accounts the weights did not see; ${formatNumber(quality.lost)} of ${formatNumber(quality.rows)} left). Left per band: ${listWords(bands.filter((b) => b.lostShare !== null).map((b) => `${b.band} ${formatPercent(b.lostShare ?? 0)}`))}.`
    : "How sure: not known, as no outcome stands beside the score.";
  const weights = `The score is a weighted mean of ${listWords(
    inputs.slice(0, 6).map((i) => `${plainWords(readable(i.name))} (${formatPercent(i.weight)})`),
    6,
  )}${inputs.length > 6 ? " and more" : ""}; a missing input lowers what is known, not the score. ${model.weights === "learnt" ? "The weights are associations in the outcomes, not causes." : ""}`.trim();
  const course = trends ? [`Growth is of ${readable(trends.measure)} per month, over whole months up to ${trends.month}.`] : [];
  return [lead, sure, weights, ...course];
}

function oneSentence({ id, score, band: own, known, drivers, growth, outlook }: Account): string {
  if (score === null) return `**Nothing is known of ${plainWords(cut(id, 60))}** that a score could be made of.`;
  const pulls = drivers.map((d) => `${plainWords(driverWords(d))}`);
  const course = growth
    ? ` Its use moves ${formatChange(growth.perMonth)} a month (${formatChange(growth.low)} to ${formatChange(growth.high)}).`
    : "";
  return `**${plainWords(cut(id, 60))} is ${own}: ${formatNumber(Math.round(score))} of 100**, from ${formatPercent(known)} of what the score looks at. Against the average: ${listWords(pulls) || "nothing stands out"}.${course}${outlook ? ` Renewal: ${outlook}.` : ""}`;
}

function driverWords({ input, value, points }: Account["drivers"][number]): string {
  return `${readable(input)} ${cut(value, 30)} (${points > 0 ? "+" : ""}${formatNumber(Number(points.toFixed(1)))})`;
}

function accountTable({ shown, trends, one }: Answer, top: number): TableBlock {
  const listed = shown.slice(0, top);
  const rest = shown.length - listed.length;
  const renewing = shown.some((a) => a.renewsInDays !== null);
  const extra = (a: Account | undefined) => [
    ...(trends ? [a?.growth?.perMonth ?? null] : []),
    ...(renewing ? [a?.renewsInDays ?? null, a?.outlook ?? null] : []),
  ];
  return {
    type: "table",
    title: one ? "Health" : "Lowest health first",
    columns: [
      { label: "account", type: "text" },
      { label: "score", type: "number" },
      { label: "band", type: "text" },
      { label: "known", type: "percent" },
      { label: "against the average", type: "text" },
      ...(trends ? [{ label: "growth per month", type: "percent" as const }] : []),
      ...(renewing
        ? [
            { label: "renews in days", type: "number" as const },
            { label: "renewal", type: "text" as const },
          ]
        : []),
    ],
    rows: [
      ...listed.map((a) => [
        a.id,
        a.score === null ? null : Math.round(a.score),
        a.band,
        a.known,
        a.drivers.slice(0, 3).map(driverWords).join("; ") || null,
        ...extra(a),
      ]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null, null, ...extra(undefined)]] : []),
    ],
  };
}

function bandTable(bands: readonly BandLine[]): TableBlock {
  return {
    type: "table",
    title: "Bands and what became of them",
    columns: [
      { label: "band", type: "text" },
      { label: "accounts now", type: "number" },
      { label: "left", type: "percent" },
      { label: "95% range", type: "text" },
      { label: "out of", type: "number" },
    ],
    rows: bands.map((b) => {
      const { low, high } = wilsonInterval(Math.round((b.lostShare ?? 0) * b.outOf), b.outOf);
      return [b.band, b.accounts, b.lostShare, b.lostShare === null ? null : `${formatPercent(low)} – ${formatPercent(high)}`, b.outOf];
    }),
  };
}

async function bandChart(bands: readonly BandLine[], rows: FeedRows): Promise<ChartBlock | undefined> {
  const known = bands.filter((b) => b.lostShare !== null);
  if (known.length < 2) return undefined;
  const { barChart } = await import("../charts/bar-chart.ts");
  return barChart({
    title: "The lower the band, the more have left",
    subject: "share of accounts that left, by band of held-out scores",
    unit: "ratio",
    notes: chartNotes(rows.receipts),
    items: known.map((b) => ({ label: b.band, value: b.lostShare ?? 0 })),
  });
}
