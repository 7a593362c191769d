import { z } from "zod";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import { formatChange, formatNumber, formatPercent, readable } from "../core/format.ts";
import type { Block, ChartBlock, TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { AccountModel } from "./account-health-inputs.ts";
import type { Trends } from "./account-health-trend.ts";
import type { FeedRows } from "./churn-risk-rows.ts";
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

export const healthOutput = z.object({
  dataset: z.string(),
  weights: z.enum(["learnt", "equal"]),
  inputs: z.array(z.object({ name: z.string(), weight: z.number() })),
  auc: z.number().nullable(),
  bands: z.array(z.object({ band, accounts: z.number(), lostShare: z.number().nullable(), outOf: z.number() })),
  accounts: z.array(account),
});

export type Account = z.output<typeof account>;

interface Answer {
  rows: FeedRows;
  model: AccountModel;
  trends: Trends | undefined;
  accounts: readonly Account[];
  shown: readonly Account[];
  one: boolean;
}

/** The answer in words, the accounts with what moves their score, and what became of each band. */
export async function healthReport(answer: Answer, top: number) {
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

type BandLine = z.output<typeof healthOutput>["bands"][number];

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
