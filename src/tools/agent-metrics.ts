import { z } from "zod";
import { fromInstant } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import type { Feed } from "../core/feed.ts";
import { formatMoney, formatNumber, formatPercent } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod } from "../core/period.ts";
import type { FeedRecord } from "../core/records.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { AGENT_FEED } from "../records/agents/feed-name.ts";
import { resolveFilter } from "./filter-values.ts";
import { chartNotes, contentOf, notesText } from "./finding.ts";
import { listPeriod } from "./record-list.ts";

const figures = z.object({
  name: z.string(),
  events: z.number(),
  messages: z.number(),
  responses: z.number(),
  errors: z.number(),
  averageResponseTimeMs: z.number().nullable(),
  tokens: z.number().nullable(),
  averageFeedback: z.number().nullable(),
  mostUsersADay: z.number().nullable(),
  cost: z.number().nullable(),
});
type Figures = z.output<typeof figures>;
const output = z.object({
  n: z.number(),
  period: z.object({ from: z.string(), to: z.string() }),
  total: figures,
  agents: z.array(figures),
  days: z.array(figures),
});

const SHOWN = 20;

export const agentMetrics = defineTool({
  name: "agent_metrics",
  title: "AI agents",
  description:
    "How AI agents are doing by what they reported: messages, responses, errors, response time, tokens, feedback, users and estimated cost, per agent and per day. Use it for the health and use of agents and assistants that send their events or OpenTelemetry traces. For what a vendor bills for models use ai_usage.",
  examples: [
    "How are our AI agents doing?",
    "which agents have the most errors {period}?",
    "agent metrics last week",
    "how fast do our agents answer?",
    "what feedback do our agents get?",
    "how many people use our AI agents?",
    "what do our agents cost per day?",
    "how are our bots doing?",
    "which agent is the slowest?",
    "how many questions did the bots answer last week?",
    "which agent has the most errors?",
    "error rate of our agents",
    "who uses our agents?",
    "which bot gets bad feedback?",
    "response time of our AI agents",
    "agent usage per day",
    "how many users did our bots have?",
    "how many distinct users does each agent have?",
    "which of the AI agents fails most often?",
    "errors by AI agent",
    "users per agent",
  ],
  reads: "ai_usage",
  effect: "read",
  role: "viewer",
  command: { name: "agents", hint: "[period]" },
  input: z.strictObject({ period: parameters.period, filter: parameters.filter, top: parameters.top }),
  output,

  async run(input, context): Promise<Finding> {
    const feed = feedOf(context);
    const period = listPeriod(input.period, context);
    const about = await feed.describe(context.signal);
    const filter = resolveFilter(input.filter ?? {}, [about], ["agent"]);
    const { records, receipts } = await feed.records({ period, ...(Object.keys(filter).length ? { filter } : {}) }, context.signal);
    const agents = [...Map.groupBy(records, ({ labels }) => labels.agent ?? "")]
      .map(([name, some]) => sumUp(name, some))
      .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
    const days = [...Map.groupBy(records, ({ at }) => (at ? fromInstant(at) : ""))].map(([day, some]) => sumUp(day, some));
    const total = sumUp("total", records);
    const notes = receipts.flatMap((receipt) => [
      ...(receipt.notes ?? []),
      ...(receipt.provisional ? [`The day ${receipt.provisional.replace("since ", "")} is not over.`] : []),
    ]);
    const text = `${sentence(total, agents, formatPeriod(period))}${notesText({ notes })}`;
    const table = tableOf(agents.slice(0, input.top ?? SHOWN));
    const chart = await chartOf(records, agents, { period, notes: chartNotes(receipts) });
    return {
      content: contentOf(text, agents.length > 0 ? [table] : []),
      data: { n: agents.length, period, total, agents, days },
      blocks: [{ type: "markdown", text }, ...chart, ...(agents.length > 0 ? [table] : [])],
      receipts,
      suggestions: ["agent tokens by model", "estimated cost by agent last month"],
    };
  },
});

/** Throws UserError that says how agents report, when none has. */
function feedOf({ feeds }: Pick<ToolContext, "feeds">): Feed & Required<Pick<Feed, "records">> {
  const feed = feeds.find(({ name }) => name === AGENT_FEED);
  if (feed?.records) return { ...feed, records: feed.records };
  throw new UserError(
    "No AI agent has reported yet. Send its events to POST /api/v1/agents/{id}/events, or its OpenTelemetry traces to /v1/traces.",
    { path: "feed" },
  );
}

function sumUp(name: string, records: readonly FeedRecord[]): Figures {
  const values = (field: string) => records.flatMap(({ numbers }) => numbers[field] ?? []);
  const sum = (field: string) => values(field).reduce((total, value) => total + value, 0);
  const known = (field: string) => (values(field).length > 0 ? sum(field) : null);
  const mean = (field: string, of: string) => (sum(of) > 0 ? sum(field) / sum(of) : null);
  const users = [...Map.groupBy(records, ({ at }) => at?.getTime())].flatMap(([, day]) => {
    // Who uses two agents would count twice: the most of one agent is what is known.
    const each = day.flatMap(({ numbers }) => numbers.users ?? []);
    return each.length > 0 ? [Math.max(...each)] : [];
  });
  return {
    name,
    events: sum("events"),
    messages: sum("messages"),
    responses: sum("responses"),
    errors: sum("errors"),
    averageResponseTimeMs: mean("response_ms", "timed"),
    tokens: known("tokens"),
    averageFeedback: mean("feedback", "rated"),
    mostUsersADay: users.length > 0 ? Math.max(...users) : null,
    cost: known("cost"),
  };
}

function sentence(total: Figures, agents: readonly Figures[], when: string): string {
  if (agents.length === 0) return `No AI agent reported anything in ${when}.`;
  const names = listWords(
    agents.map(({ name }) => name),
    4,
  );
  const tries = total.responses + total.errors;
  const errors =
    total.errors === 0
      ? "no errors"
      : `**${formatNumber(total.errors)} errors** (${formatPercent(total.errors / Math.max(tries, total.errors))})`;
  const more = [
    ...(total.averageResponseTimeMs === null ? [] : [`${formatNumber(total.averageResponseTimeMs)} ms on average`]),
    ...(total.tokens === null ? [] : [`${formatNumber(total.tokens)} tokens`]),
    ...(total.cost === null ? [] : [`about ${formatMoney(total.cost, "USD")}`]),
    ...(total.averageFeedback === null ? [] : [`feedback ${formatNumber(total.averageFeedback)}`]),
  ];
  const worst = agents.length > 1 ? agents.toSorted((a, b) => b.errors - a.errors)[0] : undefined;
  const lead = `**${formatNumber(agents.length)} AI agent${agents.length === 1 ? "" : "s"}** (${names}) answered **${formatNumber(total.responses)} times** in ${when}, with ${errors}`;
  const most = worst && worst.errors > 0 ? ` Most errors: ${worst.name} (${formatNumber(worst.errors)}).` : "";
  return `${lead}${more.length > 0 ? `; ${more.join(", ")}` : ""}.${most}`;
}

function tableOf(agents: readonly Figures[]): TableBlock {
  return {
    type: "table",
    title: "AI agents",
    columns: [
      { label: "agent", type: "text" },
      { label: "messages", type: "number" },
      { label: "responses", type: "number" },
      { label: "errors", type: "number" },
      { label: "average response", type: "number", unit: "ms" },
      { label: "tokens", type: "number" },
      { label: "feedback", type: "number" },
      { label: "most users a day", type: "number" },
      { label: "estimated cost", type: "money", unit: "USD" },
    ],
    rows: agents.map((a) => [
      a.name,
      ...[a.messages, a.responses, a.errors, a.averageResponseTimeMs && Math.round(a.averageResponseTimeMs)],
      ...[a.tokens, a.averageFeedback, a.mostUsersADay, a.cost],
    ]),
  };
}

const MOST_LINES = 5;

/** Responses by day of the busiest agents; nothing when there is only one day to see. */
async function chartOf(
  records: readonly FeedRecord[],
  agents: readonly Figures[],
  { period, notes }: { period: Period; notes: readonly string[] },
): Promise<Block[]> {
  if (new Set(records.map(({ at }) => at?.getTime())).size < 2) return [];
  const { timeChart } = await import("../charts/time-chart.ts");
  const series = agents.slice(0, MOST_LINES).map(({ name }) => ({
    name,
    points: records.flatMap(({ labels, at, numbers }) => (labels.agent === name && at ? [{ at, value: numbers.responses ?? 0 }] : [])),
  }));
  const [busiest] = agents.toSorted((a, b) => b.responses - a.responses);
  const title =
    agents.length === 1 ? `Responses of ${busiest?.name}` : `${busiest?.name} answers most of ${formatNumber(agents.length)} AI agents`;
  return [timeChart({ title, subject: "responses per day by agent", period, notes, unit: "count", grain: "day", series })];
}
