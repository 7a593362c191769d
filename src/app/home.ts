import type { Home } from "../channels/index.ts";
import { type Alert, SEVERITIES } from "../core/alert.ts";
import { formatPercent, formatValue } from "../core/format.ts";
import type { User } from "../core/message.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import type { Running } from "./context.ts";
import { startPage } from "./start-page.ts";

type Kpi = NonNullable<Home["kpis"]>[number];

const NEWEST_QUESTIONS = 5;
const NEWEST_ALERTS = 5;
const KPI_MS = 4_000;

/** A person's own page in a chat: a few figures, what they asked last, what to ask next, what is connected. */
export async function homeOf(user: string, { sources, tools, isDemo, store, toolContext, config, onFault }: Running): Promise<Home> {
  const page = await startPage(isDemo, new Set(sources.feeds.map(({ kind }) => kind)));
  const person: User = { id: user, name: user, timeZone: config.core.TIME_ZONE, roles: ["viewer"] };
  const asked = await store.conversations.questions(user, NEWEST_QUESTIONS);
  const context = toolContext(person, AbortSignal.timeout(KPI_MS));
  const kpis = await Promise.all(KPIS.map((kpi) => kpi(tools, context).catch(() => undefined)));
  const alerts = (await sources.alerts?.list(person, { limit: NEWEST_ALERTS }).catch(() => [])) ?? [];
  if (context.signal.aborted) onFault(new Error("the figures of a home page took too long"));
  return {
    title: "Firstmate",
    lines: [...(page.label ? [page.label] : []), page.greeting],
    suggestions: page.suggestions,
    kpis: kpis.filter((kpi) => kpi !== undefined),
    ...(alerts.length > 0 ? { alerts: bySeverity(alerts).map(({ title, severity, state }) => `${title} (${severity}, ${state})`) } : {}),
    recent: [...new Set(asked.map(({ question }) => question))],
    setup: [
      ...sources.feeds.map((feed) => ({ name: feed.name, state: "ok" as const, message: "connected" })),
      ...(sources.absent ?? []).map(({ title, requires }) => ({
        name: title,
        state: "off" as const,
        message: "not connected",
        fix: `Set ${requires.join(" and ")} to turn it on.`,
      })),
    ],
  };
}

function bySeverity(alerts: readonly Alert[]): Alert[] {
  return alerts.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Each gives its figure, or undefined where its source is not connected. */
const KPIS: readonly ((tools: readonly Tool[], context: ToolContext) => Promise<Kpi | undefined>)[] = [
  async (tools, context) => {
    if (!context.feeds.some(({ kind }) => kind === "costs")) return undefined;
    const data = (await dataOf("get_costs", { compare: "previous" }, tools, context)) as CostData | undefined;
    const total = data?.totals[0];
    if (!total) return undefined;
    const change = typeof total.change === "number" ? { change: `${total.change >= 0 ? "+" : ""}${formatPercent(total.change)}` } : {};
    return { label: "cost, last 30 days", value: formatValue(total.value, total.unit), ...change };
  },
  async (tools, context) => {
    if (!context.feeds.some(({ kind }) => kind === "incidents")) return undefined;
    const data = (await dataOf("list_incidents", {}, tools, context)) as { n: number; open: number } | undefined;
    return data && { label: "incidents, last 30 days", value: `${data.n}${data.open ? `, ${data.open} open` : ""}` };
  },
  async (tools, context) => {
    if (!context.feeds.some(({ kind }) => kind === "deploys")) return undefined;
    const data = (await dataOf("list_deployments", {}, tools, context)) as { n: number; failed: number } | undefined;
    return data && { label: "deployments, last 30 days", value: `${data.n}${data.failed ? `, ${data.failed} failed` : ""}` };
  },
];

interface CostData {
  totals: readonly { unit: string; value: number; change?: number | null }[];
}

async function dataOf(name: string, input: Record<string, unknown>, tools: readonly Tool[], context: ToolContext): Promise<unknown> {
  const tool = tools.find((t) => t.name === name);
  return tool && (await tool.run(tool.input.parse(input), context)).data;
}
