import { z } from "zod";
import { type BriefItem, type BriefWords, briefItems } from "../analytics/brief/rules.ts";
import { civilDate } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import type { FeedKind } from "../core/feed.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, lastCompleteDays } from "../core/period.ts";
import type { TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import type { Project } from "../records/projects.ts";
import { type Gathered, gatherSignals } from "./brief-signals.ts";
import { contentOf, notesText } from "./finding.ts";
import { type KnownProject, knownProjects } from "./list-projects.ts";
import { oneProject } from "./one-project.ts";
import { projectContext } from "./project-scope.ts";
import { listPeriod } from "./record-list.ts";
import { projectsIn } from "./which-projects.ts";

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
    "summarise yesterday for me",
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
    "brief for project Atlas",
    "brief for Atlas {period}",
    "what is the biggest risk in Atlas?",
    "what should project Atlas do first?",
  ],
  effect: "read",
  always: true,
  role: "viewer",
  command: { name: "brief", hint: "[PROJECT] [period]" },
  input: z.strictObject({
    period: parameters.period,
    project: z
      .string()
      .trim()
      .min(1)
      .max(120)
      .optional()
      .describe(
        "A project's name: of all that is bound to it, and nothing else. Without it: of everything, or the project this place is bound to.",
      ),
  }),
  output,

  async run({ period, project }, context): Promise<Finding> {
    const meant = await projectMeant(project, context);
    return meant ? projectBriefFinding(meant, period, context) : briefFinding(period, context);
  },
});

/** The brief, narrowed to the project; what cannot be told apart by project is named as missing. Throws UserError when nothing can be. */
export async function projectBriefFinding(
  project: Project & { id: string },
  asked: Period | string | undefined,
  context: ToolContext,
): Promise<Finding> {
  const { context: narrowed, left } = projectContext(project, context);
  const reasons = left.filter(({ kind }) => BRIEF_KINDS.has(kind)).map(({ reason }) => reason);
  if (narrowed.feeds.length === 0 && reasons[0] !== undefined) throw new UserError(reasons[0]);
  return briefFinding(asked, narrowed, { name: project.name, missing: [...new Set(reasons)] });
}

async function briefFinding(
  asked: Period | string | undefined,
  context: ToolContext,
  { name, missing: left }: { name?: string; missing: readonly string[] } = { missing: [] },
): Promise<Finding> {
  const period = asked === undefined ? lastCompleteDays(30, civilDate(context.now, context.user.timeZone)) : listPeriod(asked, context);
  const gathered = await gatherSignals(period, context);
  gathered.missing.push(...left);
  const { signals, seen, missing, receipts } = gathered;
  if (seen.length === 0)
    throw new UserError(missing[0] ?? "Nothing is connected that a brief could be made of. `doctor` says what turns sources on.");
  const items = briefItems(signals, WORDS);
  const risk = items.find(({ kind }) => kind === "risk") ?? null;
  const opportunity = items.find(({ kind }) => kind === "opportunity") ?? null;
  const confidence = confidenceOf(gathered);
  const text = [
    ...(name === undefined ? [] : [`**Project ${name}**, ${formatPeriod(period)}`]),
    wordsOf(items, risk, opportunity, formatPeriod(period)),
    `${confidenceWords(confidence, gathered)}${notesText({ notes: missing })}`,
  ].join("\n\n");
  const table = tableOf(items);
  return {
    content: contentOf(text, items.length ? [table] : []),
    data: { period, risk, opportunity, first: items[0]?.action ?? null, confidence, items, seen, missing },
    blocks: [{ type: "markdown", text }, ...(items.length ? [table] : [])],
    receipts,
  };
}

/** The project meant; undefined for all that the place may see. Throws UserError for a name nobody knows. */
async function projectMeant(named: string | undefined, context: ToolContext): Promise<KnownProject | undefined> {
  const project = named === undefined ? await saidProject(context) : await oneProject(named, context);
  if (project === undefined || project.id === context.scope) return undefined;
  if (context.scope === undefined) return project;
  throw new UserError(
    `Here only one project is seen, and it is not ${project.name}. Ask in a direct message, or where ${project.name} is bound.`,
    {
      path: "project",
    },
  );
}

/**
 * The one the question names as such: “for Atlas”, “/brief Atlas”; a project's name may be an everyday word. Throws UserError for
 * “project Nonesuch”.
 */
async function saidProject(context: ToolContext): Promise<KnownProject | undefined> {
  const said = context.message?.text;
  if (said === undefined || !NAMES_ONE.test(said)) return undefined;
  const [only, ...more] = projectsIn(said.slice(said.search(NAMES_ONE)), await knownProjects(context));
  if (only && more.length === 0) return only;
  const [, unknown] = more.length > 0 ? [] : (CALLED.exec(said) ?? []);
  return unknown === undefined ? undefined : oneProject(unknown, context);
}

const NAMES_ONE = /^\/|\b(?:projects?|for|of|in|on|about|should)\b/i;
const CALLED = /\bproject\s+[“"]?(\p{Lu}[\w-]*)/u;
/** Kinds of sources the brief looks at. */
const BRIEF_KINDS: ReadonlySet<FeedKind> = new Set(["costs", "ai_usage", "incidents", "pulls", "deploys", "pipelines"]);

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
      ? "a part is missing"
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
