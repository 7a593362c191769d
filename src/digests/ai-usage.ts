import { civilDate } from "../core/civil-date.ts";
import type { Digest } from "../core/digest.ts";
import { formatChange, formatPercent, formatValue } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { lastWeek } from "./delivery.ts";
import { chartOf, createParts, detailsOf, missingLine, titled } from "./parts.ts";

/** What language models and coding assistants cost and did in the week that ended. People are not ranked: everyone in the place reads along. */
export const aiUsageDigest: Digest = {
  name: "ai-usage",
  title: "AI usage",
  summary: "Last week's cost and use of language models, by model and workspace, against the week before; coding assistants and agents.",
  schedule: "mondays at 9:00",

  async compose(order, context) {
    const parts = createParts(context);
    const period = lastWeek(civilDate(context.now, context.user.timeZone));
    const asked = { period, compare: "previous", ...(order.filter ? { filter: order.filter } : {}) };
    const [models, workspaces, assistants, agents] = await Promise.all([
      parts.ask("cost by model", "ai_usage", { ...asked, measure: "cost", by: "model" }),
      parts.askIfAny("cost by workspace", "ai_usage", { ...asked, measure: "cost", by: "workspace", top: 8 }),
      parts.askIfAny("coding assistants", "coding_assistant", { period }),
      parts.askIfAny("agents", "agent_metrics", { period }),
    ]);
    parts.requireAny("AI usage digest");
    const chart = chartOf(models) ?? chartOf(assistants);
    const text = [
      `**${order.title ?? aiUsageDigest.title}, ${formatPeriod(period)}${totalWords(models)}`,
      ...(totalWords(models) === "**" ? firstSentence(models) : partsLine(models, "model")),
      ...partsLine(workspaces, "workspace"),
      ...moversLine([models, "model"], [workspaces, "workspace"]),
      ...firstSentence(assistants).map(withoutNames),
      ...firstSentence(agents),
      ...missingLine(parts),
    ].join("\n");
    const tables = [...titled(models, "Cost by model"), ...titled(workspaces, "Cost by workspace"), ...titled(agents, "Agents")];
    return {
      reply: {
        text,
        ...(chart ? { blocks: [chart] } : {}),
        receipts: parts.receipts(),
        suggestions: ["AI cost by model last month", "Show AI cost per day last month"],
        final: true,
      },
      details: detailsOf(parts, tables),
      quiet: false,
      calls: parts.calls(models),
    };
  },
};

const SHOWN = 3;

/** The sum beside the name; nothing where there are several currencies. */
function totalWords(finding: Finding | undefined): string {
  const totals = (finding?.data as { totals?: { unit: string; value: number; change?: number | null }[] } | undefined)?.totals ?? [];
  const [total] = totals;
  if (!total || totals.length > 1) return "**";
  const { unit, value, change } = total;
  return `: ${formatValue(value, unit)}**${typeof change === "number" ? `, ${formatChange(change)} against the week before` : ""}`;
}

function partsLine(finding: Finding | undefined, dimension: string): string[] {
  const data = finding?.data as { rows: { labels: Record<string, string>; unit: string; value: number; share?: number }[] } | undefined;
  const words = (data?.rows ?? [])
    .filter(({ labels }) => labels[dimension] !== undefined)
    .slice(0, SHOWN)
    .map(
      ({ labels, unit, value, share }) =>
        `${plainWords(labels[dimension] ?? "")} ${formatValue(value, unit)}${share === undefined ? "" : ` (${formatPercent(share)})`}`,
    );
  return words.length ? [`- By ${dimension}: ${listWords(words)}.`] : [];
}

interface UsageRow {
  labels: Record<string, string>;
  unit: string;
  value: number;
  previous?: number | null;
}

/** Against the week before: less than that of the whole, or of itself, is no news. */
const WORTH_SAYING = { ofTotal: 0.02, ofItself: 0.1 };

/** What moved most, by money. Where there are several currencies, nothing is held against a whole. */
function moversLine(...found: readonly (readonly [Finding | undefined, string])[]): string[] {
  const moved = found.flatMap(([finding, dimension]) => {
    const data = finding?.data as { rows: UsageRow[]; totals?: { value: number }[] } | undefined;
    const [total, ...others] = data?.totals ?? [];
    if (!data || !total || others.length > 0) return [];
    return data.rows.flatMap(({ labels, unit, value, previous }) => {
      const name = labels[dimension];
      const change = value - (previous ?? 0);
      const isNews = Math.abs(change) >= WORTH_SAYING.ofTotal * total.value && Math.abs(change) >= WORTH_SAYING.ofItself * (previous ?? 0);
      return name === undefined || previous === undefined || !isNews ? [] : [{ name, dimension, unit, change, previous }];
    });
  });
  const words = moved
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, SHOWN)
    .map(
      ({ name, dimension, unit, change, previous }) =>
        `${dimension} **${plainWords(name)} ${change > 0 ? "+" : ""}${formatValue(change, unit)}** (${previous ? formatChange(change / previous) : "new"})`,
    );
  return words.length ? [`- Moved most: ${listWords(words)}.`] : [];
}

/** A ranking of people is no news for a channel. */
function withoutNames(line: string): string {
  return line.replace(/\s*Most [\w ]+:[^:]*$/, "");
}

const LINE = 360;

/** The first paragraph of a finding: the answer in words. */
export function firstSentence(finding: Finding | undefined): string[] {
  const [block] = finding?.blocks ?? [];
  const text = block?.type === "markdown" ? block.text.split("\n", 1)[0]?.trim() : undefined;
  return text ? [`- ${cut(text, LINE)}`] : [];
}
