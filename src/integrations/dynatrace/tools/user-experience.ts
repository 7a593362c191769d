import { z } from "zod";
import { civilDate } from "../../../core/civil-date.ts";
import type { Period, Receipt } from "../../../core/fact.ts";
import type { Feed } from "../../../core/feed.ts";
import { formatNumber, formatPercent } from "../../../core/format.ts";
import { parameters } from "../../../core/parameters.ts";
import { clip, formatPeriod, isPeriod, lastCompleteDays, previousPeriod } from "../../../core/period.ts";
import { resolvePeriod } from "../../../core/period-phrases.ts";
import type { TableBlock } from "../../../core/reply.ts";
import { closest, cut, listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type ToolContext } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { quoteForeign, UserError } from "../../../errors.ts";

const figures = z.object({
  actions: z.number().nullable(),
  pageLoads: z.number().nullable(),
  pageLoadMs: z.number().nullable(),
  largestPaintMs: z.number().nullable(),
  apdex: z.number().nullable(),
  errors: z.number().nullable(),
});
const output = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  applications: z.array(z.object({ application: z.string(), now: figures, before: figures })),
});
type Figures = z.output<typeof figures>;
type Row = z.output<typeof output>["applications"][number];

const MEASURES: Readonly<Record<keyof Figures, string>> = {
  actions: "user_actions",
  pageLoads: "page_loads",
  pageLoadMs: "page_load_median",
  largestPaintMs: "largest_paint_p75",
  apdex: "apdex",
  errors: "page_errors",
};
const RECENT_DAYS = 7;
/** Apdex names its steps; below 0.7 it calls poor. Source: apdex.org, technical specification 1.1. */
const RATINGS: readonly (readonly [number, string])[] = [
  [0.94, "excellent"],
  [0.85, "good"],
  [0.7, "fair"],
  [0.5, "poor"],
  [0, "unacceptable"],
];
/** web.dev/lcp: three quarters of the visits within 2.5 seconds are good, beyond 4 poor. */
const SLOW_PAINT_MS = 4_000;
const SHOWN = 20;

export function userExperience(feed: Feed) {
  return defineTool({
    name: "user_experience",
    title: "User experience",
    description:
      "What real users get, from Dynatrace, per application: Apdex, page load time, largest paint, user actions, page errors, each with the period before. Use it for how fast pages are, whether users are satisfied, and which front end is slow.",
    examples: [
      "How is the user experience of our web apps?",
      "are users satisfied with the web-app?",
      "page load times last week",
      "which front end is slow?",
      "real user monitoring for the web app",
      "Apdex of our applications",
      "how slow are our pages for users?",
      "user experience by browser",
      "user experience {period}",
      "what is our Apdex?",
      "how fast does the site load?",
      "is the website slow?",
      "which pages load slowly?",
      "what do users experience?",
      "JavaScript errors in the browser",
      "page speed by country",
      "how do users experience the web shop?",
      "are pages loading slowly for users?",
    ],
    effect: "read",
    role: "viewer",
    input: z.strictObject({
      application: z.string().min(1).max(120).optional().describe('Only this application: "web-app", or a part of its name.'),
      period: parameters.period,
      top: parameters.top,
    }),
    output,

    async run({ application, period, top = SHOWN }, context) {
      const days = daysOf(period, context);
      const before = previousPeriod(days);
      const names = application === undefined ? undefined : await applicationsMeant(feed, application, context.signal);
      const [now, then] = await Promise.all([days, before].map((window) => read(feed, window, names, context.signal)));
      const rows = rowsOf(now?.figures ?? new Map(), then?.figures ?? new Map());
      const shown = rows.slice(0, top);
      const text = sentence(rows, days, before);
      const lines = shown.map(lineOf);
      const left = rows.length - shown.length;
      return {
        content: cut([text, ...lines, ...(left > 0 ? [`… and ${left} more applications`] : [])].join("\n"), 7_800),
        data: { period: days, applications: rows },
        blocks: [
          { type: "markdown", text: left > 0 ? `${text} _${left} more are not shown._` : text },
          ...(shown.length ? [tableOf(shown)] : []),
        ],
        receipts: [...(now?.receipts ?? []), ...(then?.receipts ?? [])],
        suggestions: ["Which services are unhealthy?", "What caused the latest problem?"],
      };
    },
  });
}

function daysOf(asked: Period | string | undefined, context: ToolContext): Period {
  const today = civilDate(context.now, context.user.timeZone);
  if (asked === undefined) return lastCompleteDays(RECENT_DAYS, today);
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

async function applicationsMeant(feed: Feed, spoken: string, signal: AbortSignal): Promise<readonly string[]> {
  const about = await feed.describe(signal);
  const names = about.dimensions.find(({ name }) => name === "application")?.values ?? [];
  const found = matchValues(spoken, names);
  if (found.length > 0) return found;
  const near = closest(spoken, names);
  const what = near ? `Did you mean “${said(near)}”?` : `There is ${listWords(names.map(said)) || "none"}.`;
  throw new UserError(`Dynatrace has no application “${said(spoken)}”. ${what}`, { path: "application", suggestions: near ? [near] : [] });
}

interface Read {
  figures: Map<string, Partial<Figures>>;
  receipts: readonly Receipt[];
}

async function read(feed: Feed, period: Period, names: readonly string[] | undefined, signal: AbortSignal): Promise<Read> {
  const entries = Object.entries(MEASURES) as [keyof Figures, string][];
  const answers = await Promise.all(
    entries.map(([, measure]) =>
      feed.query({ measure, by: ["application"], period, ...(names ? { filter: { application: names } } : {}) }, signal),
    ),
  );
  const figures: Read["figures"] = new Map();
  for (const [i, [field]] of entries.entries())
    for (const { labels, value } of answers[i]?.facts ?? []) {
      const name = labels.application ?? "";
      figures.set(name, { ...figures.get(name), [field]: value });
    }
  return { figures, receipts: answers.flatMap(({ receipts }) => receipts) };
}

/** The least satisfied users first; what has no Apdex last. */
function rowsOf(now: Read["figures"], then: Read["figures"]): Row[] {
  const empty: Figures = { actions: null, pageLoads: null, pageLoadMs: null, largestPaintMs: null, apdex: null, errors: null };
  return [...now]
    .map(([application, own]) => ({ application, now: { ...empty, ...own }, before: { ...empty, ...then.get(application) } }))
    .sort((a, b) => (a.now.apdex ?? 2) - (b.now.apdex ?? 2) || (a.application < b.application ? -1 : 1));
}

function sentence(rows: readonly Row[], days: Period, before: Period): string {
  const [worst] = rows;
  if (!worst) return `Dynatrace has no user actions for ${formatPeriod(days)}.`;
  const slow = rows.filter(({ now }) => (now.largestPaintMs ?? 0) > SLOW_PAINT_MS);
  const apdex = worst.now.apdex === null ? "" : ` Apdex ${ratingOf(worst.now.apdex)}${changed(worst.before.apdex)}`;
  const load = worst.now.pageLoadMs === null ? "" : `half of its pages load within ${seconds(worst.now.pageLoadMs)}`;
  const first = rows.length === 1 ? `**${said(worst.application)}**` : `Least satisfied are the users of **${said(worst.application)}**`;
  const late = slow.length ? ` Slow to paint for a quarter of visits: ${listWords(slow.map((r) => said(r.application)))}.` : "";
  const compared = `compared with ${formatPeriod(before)}`;
  return `User experience in ${formatPeriod(days)}, ${compared}: ${first},${apdex}${apdex && load ? "; " : " "}${load}.${late}`.replace(
    ", .",
    ".",
  );
}

function lineOf({ application, now, before }: Row): string {
  const parts = [
    now.apdex === null ? "" : `Apdex ${ratingOf(now.apdex)}${changed(before.apdex)}`,
    now.pageLoadMs === null ? "" : `page load ${seconds(now.pageLoadMs)}${grown(now.pageLoadMs, before.pageLoadMs)}`,
    now.largestPaintMs === null ? "" : `largest paint ${seconds(now.largestPaintMs)}${grown(now.largestPaintMs, before.largestPaintMs)}`,
    now.actions === null ? "" : `${formatNumber(now.actions)} actions${grown(now.actions, before.actions)}`,
    now.errors === null ? "" : `${formatNumber(now.errors)} page errors${grown(now.errors, before.errors)}`,
  ].filter(Boolean);
  return `- ${said(application)}: ${parts.join(", ")}`;
}

function tableOf(rows: readonly Row[]): TableBlock {
  return {
    type: "table",
    title: "User experience",
    columns: [
      { label: "application", type: "text" },
      { label: "Apdex", type: "number" },
      { label: "before", type: "number" },
      { label: "page load (median)", type: "number", unit: "ms" },
      { label: "largest paint (p75)", type: "number", unit: "ms" },
      { label: "actions", type: "number" },
      { label: "page errors", type: "number" },
    ],
    rows: rows.map(({ application, now, before }) => [
      said(application),
      now.apdex,
      before.apdex,
      now.pageLoadMs,
      now.largestPaintMs,
      now.actions,
      now.errors,
    ]),
  };
}

function ratingOf(apdex: number): string {
  const name = RATINGS.find(([least]) => apdex >= least)?.[1] ?? "unacceptable";
  return `${formatNumber(apdex)} (${name})`;
}

function changed(before: number | null): string {
  return before === null ? "" : `, ${formatNumber(before)} before`;
}

function grown(now: number, before: number | null): string {
  if (before === null || before <= 0) return "";
  const ratio = now / before - 1;
  return Math.abs(ratio) < 0.005 ? "" : ` (${ratio > 0 ? "+" : "−"}${formatPercent(Math.abs(ratio))})`;
}

function seconds(ms: number): string {
  return `${formatNumber(Math.round(ms / 10) / 100)} s`;
}

function said(text: string): string {
  return plainWords(quoteForeign(text)).replaceAll("|", "/").replaceAll("*", "∗");
}
