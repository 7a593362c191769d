import type { Alert, AlertFigure } from "../core/alert.ts";
import { type ChangeData, cameBefore, mostOf } from "../core/change-words.ts";
import { addDays, daysBetween, startOf } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { isMonthly } from "./figure.ts";

/** What the card says beyond the figure: what came before, and what to do next. */
export interface Enriched {
  causes: readonly string[];
  next: readonly string[];
}

const MOST_DAYS = 14;
const DEPLOY_MS = 6 * 3_600_000;

/** Asks the tools that are handed in. Never throws: an alert without causes is told all the same. */
export async function enrich(alert: Alert, context: ToolContext, onFault: (error: unknown) => void): Promise<Enriched> {
  try {
    return alert.members[0]?.figure ? await ofFigure(alert, context) : await ofEvent(alert, context);
  } catch (error) {
    if (!context.signal.aborted) onFault(error);
    return { causes: [], next: [] };
  }
}

async function ofFigure({ members }: Alert, context: ToolContext): Promise<Enriched> {
  const [first] = members;
  const figure = first?.figure;
  if (!figure) return { causes: [], next: [] };
  const next = nextOf(first.series, figure);
  const { asked } = figure;
  const tool = context.tools.find(({ name }) => name === "explain_change");
  const periods = comparedPeriods(figure);
  if (!asked || !tool || !periods) return { causes: [], next };
  const input = { dataset: asked.feed, measure: asked.measure, filter: asked.filter, ...periods };
  const data = await changeOf(tool, input, context);
  if (!data) return { causes: [], next };
  const most = mostOf(data, Object.values(asked.filter).flat());
  return { causes: [...(most ? [`mostly ${most}`] : []), ...cameBefore(data)], next };
}

/** The days that fire and the same weekdays before them; of a month as many days of the month before. undefined where nothing was expected. */
function comparedPeriods(figure: AlertFigure): { period: Period; compare: Period } | undefined {
  const { from, to } = figure;
  if (isMonthly(figure)) {
    const period = { from: startOf("month", to), to };
    const last = addDays(period.from, -1);
    const end = addDays(startOf("month", last), daysBetween(period.from, to));
    return { period, compare: { from: startOf("month", last), to: end < last ? end : last } };
  }
  if (figure.expected === undefined || figure.limit !== undefined) return undefined;
  const begin = daysBetween(from, to) >= MOST_DAYS ? addDays(to, 1 - MOST_DAYS) : from;
  const length = Math.ceil((daysBetween(begin, to) + 1) / 7) * 7;
  return { period: { from: begin, to }, compare: { from: addDays(begin, -length), to: addDays(to, -length) } };
}

/** undefined where the tool has nothing to explain by. */
async function changeOf(tool: Tool, input: object, context: ToolContext): Promise<ChangeData | undefined> {
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) return undefined;
  try {
    return (await tool.run(parsed.data, context)).data as ChangeData | undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function nextOf(series: string, figure: AlertFigure): string[] {
  const measure = figure.asked?.measure ?? figure.measure;
  const about = series === "all" ? measure : `${measure} of ${series}`;
  if (isMonthly(figure)) return [`Ask “why did ${plainWords(about)} change this month?” below. Planned? Raise the budget of the rule.`];
  return [`Ask “why did ${plainWords(about)} change?” below.`, "Planned? Press “Expected”, and it is learned as normal."];
}

/** Deployments of the same service in the hours before. */
async function ofEvent({ group, members, openedAt }: Alert, context: ToolContext): Promise<Enriched> {
  const service = group.startsWith("service:") ? group.slice("service:".length) : undefined;
  const since = members[0]?.since ?? openedAt;
  const next = service
    ? [`Look at the last deployments of ${plainWords(service)} and at its errors; ask “is ${plainWords(service)} healthy?” below.`]
    : [];
  const feeds = context.feeds.filter((feed) => feed.kind === "deploys" && feed.records);
  if (!service || feeds.length === 0) return { causes: [], next };
  const period = { from: new Date(since.getTime() - DEPLOY_MS).toISOString().slice(0, 10), to: since.toISOString().slice(0, 10) };
  const answers = await Promise.all(
    feeds.map((feed) => feed.records?.({ period, filter: { service: [service] } }, context.signal).catch(() => undefined)),
  );
  const deploys = answers
    .flatMap((answer) => answer?.records ?? [])
    .filter(({ at }) => at && at <= since && since.getTime() - at.getTime() <= DEPLOY_MS)
    .reverse();
  const told = deploys
    .slice(0, 2)
    .map(
      ({ at, title, id }) =>
        `the deployment “${cut(plainWords(title ?? id), 70)}” ${Math.round((since.getTime() - (at?.getTime() ?? 0)) / 60_000)} minutes earlier`,
    );
  return { causes: [...new Set(told)], next };
}
