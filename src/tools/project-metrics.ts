import { z } from "zod";
import { civilDate } from "../core/civil-date.ts";
import type { Period, Receipt } from "../core/fact.ts";
import { formatPeriod, lastCompleteDays } from "../core/period.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import type { Project } from "../records/projects.ts";
import { noSource } from "./feed-question.ts";
import { contentOf } from "./finding.ts";
import { METRIC_PARTS, type MetricPart, PART_NAMES, type PartAnswer } from "./project-metrics-parts.ts";
import { type ProjectContext, projectContext, whyNone } from "./project-scope.ts";
import { listPeriod } from "./record-list.ts";

const part = z.object({ data: z.unknown(), text: z.string(), receipts: z.array(z.string()) }).nullable();

/** Each part with the ids of its receipts; null where there are no figures, and then `missing` says why. */
export const projectMetricsOutput = z.object({
  project: z.object({ id: z.string(), name: z.string() }),
  period: z.object({ from: z.string(), to: z.string() }),
  cost: part,
  delivery: part,
  incidents: part,
  issues: part,
  aiUsage: part,
  budget: part,
  missing: z.array(z.object({ part: z.enum(PART_NAMES), reason: z.string() })),
});
export type ProjectMetrics = z.output<typeof projectMetricsOutput>;

const DAYS = 30;

const TITLES: Readonly<Record<(typeof PART_NAMES)[number], string>> = {
  cost: "Cost",
  delivery: "Delivery",
  incidents: "Incidents",
  issues: "Open issues",
  aiUsage: "AI usage",
  budget: "Budget",
};

/**
 * All that is known of a project, from whatever is connected and narrowed to what the project is bound to; the last thirty complete
 * days without a period. A part that fails is named and stops no other. Throws UserError for words that are no period.
 */
export async function projectMetricsFinding(
  project: Project & { id: string },
  asked: Period | string | undefined,
  context: ToolContext,
): Promise<Finding & { data: ProjectMetrics }> {
  const period = asked === undefined ? lastCompleteDays(DAYS, civilDate(context.now, context.user.timeZone)) : listPeriod(asked, context);
  const scope = projectContext(project, context);
  const settled = await Promise.allSettled(METRIC_PARTS.map((wanted) => readPart(wanted, { project, period }, scope)));
  context.signal.throwIfAborted();
  const answers = METRIC_PARTS.map(({ name, known }, i) => ({ name, known: known?.(project), result: settled[i] }));
  const found = answers.flatMap(({ name, result }) => (result?.status === "fulfilled" ? [{ name, answer: result.value }] : []));
  const missing = answers.flatMap(({ name, known, result }) =>
    result?.status === "rejected" ? [{ part: name, reason: [known, explainError(result.reason)].filter(Boolean).join(" ") }] : [],
  );
  const parts = Object.fromEntries(PART_NAMES.map((name) => [name, shownPart(found.find((f) => f.name === name)?.answer)]));
  const text = [
    `**Project ${project.name}**, ${formatPeriod(period)}`,
    ...found.map(({ name, answer }) => `**${TITLES[name]}.** ${answer.text}`),
    ...(missing.length > 0 ? [`_Missing. ${missing.map(({ part: name, reason }) => `${TITLES[name]}: ${reason}`).join(" ")}_`] : []),
  ].join("\n\n");
  return {
    content: contentOf(text, []),
    data: { project: { id: project.id, name: project.name }, period, ...parts, missing } as ProjectMetrics,
    blocks: [{ type: "markdown", text }],
    receipts: once(found.flatMap(({ answer }) => answer.receipts)),
  };
}

async function readPart(wanted: MetricPart, about: { project: Project; period: Period }, scope: ProjectContext): Promise<PartAnswer> {
  const [kind = "costs"] = wanted.kinds;
  const reason = whyNone(wanted.kinds, scope);
  if (reason) throw new UserError(reason);
  const { feeds } = scope.context;
  if (!feeds.some((feed) => wanted.kinds.includes(feed.kind))) throw new UserError(noSource(kind, scope.context));
  return wanted.read({ ...about, context: scope.context });
}

function shownPart(answer: PartAnswer | undefined): z.output<typeof part> {
  return answer ? { data: answer.data, text: answer.text, receipts: once(answer.receipts).map(({ id }) => id) } : null;
}

function once(receipts: readonly Receipt[]): Receipt[] {
  return [...new Map(receipts.map((receipt) => [receipt.id, receipt])).values()];
}
