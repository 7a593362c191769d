import { z } from "zod";
import { type BriefItem, type BriefWords, briefItems } from "../analytics/brief/rules.ts";
import { civilDate } from "../core/civil-date.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, lastCompleteDays } from "../core/period.ts";
import type { TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type Gathered, gatherSignals } from "./brief-signals.ts";
import { contentOf, notesText } from "./finding.ts";
import { listPeriod } from "./record-list.ts";

const item = z.object({
  kind: z.enum(["risk", "opportunity"]),
  rule: z.string(),
  title: z.string(),
  why: z.string(),
  action: z.string(),
  threshold: z.string(),
  weight: z.number(),
});
const output = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  risk: item.nullable(),
  opportunity: item.nullable(),
  first: z.string().nullable(),
  confidence: z.enum(["high", "medium", "low"]),
  items: z.array(item),
  seen: z.array(z.string()),
  missing: z.array(z.string()),
});

export const brief = defineTool({
  name: "brief",
  title: "Brief",
  description:
    "The executive brief: the biggest risk, the biggest opportunity, what to do first, why, and how sure that is, from everything connected, by fixed rules with stated thresholds. Use it for what matters now, priorities, what to worry about.",
  examples: [
    "Is there anything to worry about?",
    "What should I do first?",
    "what needs my attention?",
    "what are the priorities?",
    "give me an executive summary",
    "Give me the brief",
    "give me a summary for the board",
    "what changed that I should know about?",
    "what is our biggest risk right now?",
    "what are our priorities this week?",
    "executive brief for last month",
    "where is our biggest opportunity?",
    "what should I worry about?",
    "summarise the week",
    "anything important today?",
    "what is going on?",
    "where are we at risk?",
    "how are we doing overall?",
    "what did I miss?",
    "give me the short version",
    "bring me up to speed",
    "tl;dr of the week",
    "what is on fire right now?",
    "is everything ok?",
    "status of everything",
    "catch me up",
    "top priority for me now",
    "main risk, main chance, next step",
    "if you could fix one thing, what would it be?",
    "where do we start first?",
    "what matters most this week?",
  ],
  effect: "read",
  always: true,
  role: "viewer",
  command: { name: "brief", hint: "[period]" },
  input: z.strictObject({ period: parameters.period }),
  output,

  async run(input, context): Promise<Finding> {
    const today = civilDate(context.now, context.user.timeZone);
    const period = input.period === undefined ? lastCompleteDays(30, today) : listPeriod(input.period, context);
    const gathered = await gatherSignals(period, context);
    if (gathered.seen.length === 0)
      throw new UserError(
        gathered.missing[0] ?? "Nothing is connected that a brief could be made of. `doctor` says what turns sources on.",
      );
    const items = briefItems(gathered.signals, WORDS);
    const risk = items.find(({ kind }) => kind === "risk") ?? null;
    const opportunity = items.find(({ kind }) => kind === "opportunity") ?? null;
    const confidence = confidenceOf(gathered);
    const text = `${wordsOf(items, risk, opportunity, formatPeriod(period))}\n\n${confidenceWords(confidence, gathered)}${notesText({ notes: gathered.missing })}`;
    const table = tableOf(items);
    return {
      content: contentOf(text, items.length ? [table] : []),
      data: {
        period,
        risk,
        opportunity,
        first: items[0]?.action ?? null,
        confidence,
        items,
        seen: gathered.seen,
        missing: gathered.missing,
      },
      blocks: [{ type: "markdown", text }, ...(items.length ? [table] : [])],
      receipts: gathered.receipts,
    };
  },
});

const WORDS: BriefWords = {
  amount: (value, unit) => formatValue(value, unit),
  percent: formatPercent,
  hours: (hours) =>
    hours >= 48 ? `${formatNumber(Math.round(hours / 2.4) / 10)} days` : `${formatNumber(Math.round(hours * 10) / 10)} hours`,
};

function wordsOf(items: readonly BriefItem[], risk: BriefItem | null, opportunity: BriefItem | null, when: string): string {
  const [first] = items;
  if (!first) return `**Nothing passes a threshold** in ${when}: no risk and no opportunity stands out by the rules of the brief.`;
  return [
    risk ? `**Biggest risk.** ${risk.title}. ${risk.why}` : "**Biggest risk.** None passes a threshold.",
    opportunity ? `**Biggest opportunity.** ${opportunity.title}. ${opportunity.why}` : "**Biggest opportunity.** None passes a threshold.",
    `**Do first.** ${first.action}`,
  ].join("\n\n");
}

/** high: all parts answered, live. medium: a part is missing. low: figures are stale, or fewer than three parts answered. */
function confidenceOf({ receipts, seen, missing }: Gathered): "high" | "medium" | "low" {
  if (seen.length < 3 || receipts.some(({ status }) => status === "stale")) return "low";
  return missing.length > 0 ? "medium" : "high";
}

function confidenceWords(confidence: "high" | "medium" | "low", { seen, missing, receipts }: Gathered): string {
  const why = receipts.some(({ status }) => status === "stale")
    ? "some figures are stale"
    : missing.length > 0
      ? "a part could not be read"
      : seen.length < 3
        ? "little is connected"
        : "every part answered";
  return `**Confidence: ${confidence}** (${why}). Looked at: ${listWords(seen)}.`;
}

function tableOf(items: readonly BriefItem[]): TableBlock {
  return {
    type: "table",
    title: "What the rules found",
    columns: ["kind", "finding", "do", "rule: reported when"].map((label) => ({ label, type: "text" as const })),
    rows: items.map(({ kind, title, action, threshold }) => [kind, title, action, threshold]),
  };
}
