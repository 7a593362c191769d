import { addDays, civilDate } from "../core/civil-date.ts";
import type { Period, Receipt } from "../core/fact.ts";
import type { FeedKind } from "../core/feed.ts";
import { formatValue } from "../core/format.ts";
import { wholeUnit } from "../core/period.ts";
import type { FeedRecord } from "../core/records.ts";
import { listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import type { Project } from "../records/projects.ts";
import { noSource } from "./feed-question.ts";
import { readRecords } from "./record-question.ts";
import { budgetOf } from "./which-projects.ts";

/** One part of a project's metrics. */
export interface MetricPart {
  name: PartName;
  /** Kinds of feeds one of which is needed. */
  kinds: readonly FeedKind[];
  /** What the project itself says, told where there are no figures. A sentence. */
  known?(project: Project): string | undefined;
  /** Throws UserError for why there is no figure. */
  read(question: PartQuestion): Promise<PartAnswer>;
}

export const PART_NAMES = ["cost", "delivery", "incidents", "issues", "aiUsage", "budget"] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface PartQuestion {
  project: Project;
  period: Period;
  /** Narrowed to the project. */
  context: ToolContext;
}

export interface PartAnswer {
  data: unknown;
  /** The figures in words, markdown. */
  text: string;
  receipts: readonly Receipt[];
}

export const METRIC_PARTS: readonly MetricPart[] = [
  { name: "cost", kinds: ["costs"], read: ask("get_costs", { compare: "previous", by: "service", top: 5 }) },
  { name: "delivery", kinds: ["pulls", "deploys"], read: ask("delivery_metrics", {}) },
  { name: "incidents", kinds: ["incidents"], read: ask("list_incidents", {}) },
  { name: "issues", kinds: ["issues"], read: openIssues },
  { name: "aiUsage", kinds: ["ai_usage"], read: ask("ai_usage", { compare: "previous" }) },
  { name: "budget", kinds: ["costs"], known: limitOf, read: budget },
];

/** The part as a tool answers it. */
function ask(name: string, input: Readonly<Record<string, unknown>>): MetricPart["read"] {
  return async ({ period, context }) => run(name, { ...input, period }, context);
}

async function run(name: string, input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<PartAnswer> {
  const tool = context.tools.find((t) => t.name === name);
  if (!tool) throw new UserError(`The tool ${name} is not available to you.`);
  const { data, blocks, receipts } = await tool.run(tool.input.parse(input), context);
  const [first] = blocks;
  return { data: data ?? null, text: first?.type === "markdown" ? first.text : "", receipts };
}

/** Issues that are older than this and still open are not counted; the answer says so. */
const ISSUE_DAYS = 365;

async function openIssues({ context }: PartQuestion): Promise<PartAnswer> {
  const notes: string[] = [];
  const today = civilDate(context.now, context.user.timeZone);
  const period = { from: addDays(today, -ISSUE_DAYS), to: today };
  const { records, receipts, sources } = await readRecords("issues", { period }, context, notes);
  if (sources.length === 0) throw new UserError(notes[0] ?? noSource("issues", context));
  const open = records.filter(isOpen);
  const overdue = open.filter(({ times: { due } }) => due !== undefined && due < context.now);
  const [oldest] = open;
  const data = {
    createdSince: period.from,
    open: open.length,
    inProgress: open.filter(({ labels }) => labels.status_category === "in progress").length,
    overdue: overdue.length,
    byPriority: count(open, "priority"),
    byType: count(open, "type"),
    oldest: oldest?.at ? { id: oldest.id, title: oldest.title ?? null, created: oldest.at.toISOString(), url: oldest.url ?? null } : null,
    notes,
  };
  const text = `**${open.length} open** of those created in the last ${ISSUE_DAYS} days, ${data.inProgress} in progress, ${overdue.length} past their date.`;
  return { data, text, receipts };
}

function isOpen({ labels, times }: FeedRecord): boolean {
  if (labels.status_category !== undefined) return labels.status_category !== "done";
  return times.resolved === undefined && labels.state !== "closed";
}

function count(records: readonly FeedRecord[], label: string): Record<string, number> {
  const groups = Map.groupBy(records, ({ labels }) => labels[label] ?? "(not set)");
  return Object.fromEntries([...groups].map(([name, some]) => [name, some.length]));
}

function limitOf({ budget: limit }: Project): string | undefined {
  return limit && `It is ${budgetOf(limit)}; how much of it is used is not known.`;
}

/** How much of the budget is gone, and whether it will hold. Without a forecast the first is told alone. */
async function budget({ project, context }: PartQuestion): Promise<PartAnswer> {
  const limit = project.budget;
  if (!limit) throw new UserError(`Project ${project.name} has no budget. Set budget to {amount, currency, period}.`);
  const today = civilDate(context.now, context.user.timeZone);
  const whole = wholeUnit(limit.period, today);
  const spent = await run("get_costs", { period: { from: whole.from, to: today } }, context);
  const { totals } = spent.data as { totals: readonly { unit: string; value: number }[] };
  const total = totals.find(({ unit }) => unit === limit.currency);
  if (!total)
    throw new UserError(
      `The budget of project ${project.name} is in ${limit.currency}, and its costs are in ${listWords(totals.map(({ unit }) => unit || "no currency"))}. They are not converted.`,
    );
  const outlook = await outlookOf(limit, context);
  const data = {
    ...limit,
    from: whole.from,
    to: whole.to,
    used: total.value,
    usedShare: total.value / limit.amount,
    outlook: outlook.data,
    ...(outlook.reason ? { noOutlook: outlook.reason } : {}),
  };
  const share = `${Math.round(data.usedShare * 100)}%`;
  const text = `**${formatValue(total.value, limit.currency)} of ${formatValue(limit.amount, limit.currency)}** (${share}) of this ${limit.period}'s budget is used.`;
  return { data, text, receipts: [...spent.receipts, ...outlook.receipts] };
}

interface Outlook {
  data: unknown;
  receipts: readonly Receipt[];
  reason?: string;
}

async function outlookOf(limit: NonNullable<Project["budget"]>, context: ToolContext): Promise<Outlook> {
  const input = { feed: "costs", until: `end of the ${limit.period}`, budget: limit.amount, currency: limit.currency };
  try {
    const { data, receipts } = await run("forecast", input, context);
    const { total, budget: burn } = data as { total: unknown; budget?: unknown };
    return { data: { total, ...(burn ? { budget: burn } : {}) }, receipts };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { data: null, receipts: [], reason: error.message };
  }
}
