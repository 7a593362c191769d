import { z } from "zod";
import { findThemes, LEAST_TEXTS } from "../analytics/themes/find-themes.ts";
import { civilDate, fromInstant } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatDay, formatPeriod, lastCompleteDays, lengthOf, previousPeriod } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { otherWork } from "./churn-risk.ts";
import { type CustomerWorth, customerWorth } from "./complaint-themes-customers.ts";
import { readTickets, type TicketReading } from "./complaint-themes-read.ts";
import { textOf, type WeighedTheme, weighTheme } from "./complaint-themes-weigh.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";
import { listPeriod } from "./record-list.ts";

const theme = z.object({
  name: z.string(),
  words: z.array(z.string()),
  tickets: z.number(),
  share: z.number(),
  before: z.number(),
  trend: z.enum(["new", "rising", "steady", "falling", "gone"]).nullable().describe("null where the period before is not all there."),
  sentiment: z.number().nullable().describe("By a list of English words, −1 to 1."),
  urgency: z.number().nullable().describe("Mean of the priorities: 1 low, 2 normal, 3 high, 4 urgent."),
  customers: z.number().nullable(),
  revenue: z.number().nullable().describe("What its customers pay a month, where known; not what would be lost."),
  service: z.string().nullable(),
  fixability: z.number(),
  worth: z.number().describe("tickets × urgency / 2 × mean revenue of its customers / mean revenue of all."),
  quotes: z.array(z.string()),
});
const output = z.object({
  source: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  before: z.object({ from: z.string(), to: z.string() }),
  tickets: z.number(),
  themes: z.array(theme),
  other: z.number().describe("Tickets of the period in no theme."),
  modularity: z.number(),
  currency: z.string().nullable(),
});

const SHOWN = 10;
const RECENT_DAYS = 30;
/** Looked at at most, the newest. */
const MOST_TICKETS = 5_000;
const FIXABLE = 0.6;

export const complaintThemes = defineTool({
  name: "complaint_themes",
  title: "Complaint themes",
  description:
    "What customers complain about: topics found in the texts of tickets, each with volume, share, trend against the period before, sentiment, urgency, how fixable it looks, what it is worth, and two quotes. Use it for complaint topics, support themes and what customers write about. Counts of tickets by a label are query_dataset.",
  examples: [
    "What are customers complaining about?",
    "Complaint themes last month",
    "what are users unhappy about?",
    "top complaints",
    "support themes",
    "what bothers our customers?",
    "What are the main topics in our support tickets?",
    "Which complaints are fixable and worth the most?",
    "What do people complain about this month?",
    "what themes come up in support tickets?",
    "what makes customers unhappy?",
    "which complaints could we fix cheaply?",
    "what annoys our users?",
    "what are the pain points of our customers?",
    "why do customers call support?",
    "what do customers write to us about?",
    "customer feedback themes",
    "biggest customer pain",
    "what are tickets about?",
    "what do users struggle with?",
    "are people complaining more than before?",
    "do people complain about the login?",
  ],
  reads: "issues",
  effect: "read",
  role: "viewer",
  command: { name: "themes", hint: "[dataset] [period] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    period: parameters.period,
    filter: parameters.filter,
    rank_by: z.enum(["worth", "volume", "fixable"]).optional().describe("Which themes come first; worth unless given."),
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const today = civilDate(context.now, context.user.timeZone);
    const period = input.period === undefined ? lastCompleteDays(RECENT_DAYS, today) : listPeriod(input.period, context);
    const before = previousPeriod(period);
    const notes: string[] = [];
    const reading = await readTickets(input, { from: before.from, to: period.to }, context, notes);
    const inSpan = reading.tickets.filter((t) => contains(period, t.at) || contains(before, t.at));
    const tickets = inSpan.slice(-MOST_TICKETS);
    if (inSpan.length > tickets.length)
      notes.push(`Of ${formatNumber(inSpan.length)} tickets the newest ${formatNumber(tickets.length)} were looked at.`);
    const now = tickets.filter((t) => contains(period, t.at)).length;
    await otherWork(context.signal);
    const found = now < LEAST_TEXTS ? undefined : findThemes(tickets.map(textOf));
    if (!found || found.themes.length === 0)
      throw new UserError(
        `There ${now === 1 ? "is 1 ticket" : `are ${formatNumber(now)} tickets`} with a text in ${formatPeriod(period)} (${reading.source}), too few alike for topics: it takes at least ${LEAST_TEXTS}. Ask for a longer period.`,
        { path: "period", suggestions: ["complaint themes this year"] },
      );
    if (reading.silent > 0) notes.push(`${formatNumber(reading.silent)} tickets without a text or a day were left out.`);
    const worth = await customerWorth(context);
    const comparable = (reading.begins === undefined || reading.begins <= before.from) && tickets.length === inSpan.length;
    if (reading.begins !== undefined && reading.begins > before.from)
      notes.push(`The data begins on ${formatDay(reading.begins)}, so there is no whole period before to compare with.`);
    const weighing = {
      comparable,
      tickets,
      isNow: (t: (typeof tickets)[number]) => contains(period, t.at),
      all: now,
      worth,
    };
    const themes = found.themes.map((t) => weighTheme(t, weighing)).filter((t) => t.tickets > 0);
    themes.sort(by(input.rank_by ?? "worth"));
    const other = found.other.filter((i) => contains(period, tickets[i]?.at)).length;
    return compose({ reading, period, before, now, themes, other, modularity: found.modularity, worth, notes, top: input.top ?? SHOWN });
  },
});

function contains({ from, to }: Period, at: Date | undefined): boolean {
  const day = at && fromInstant(at);
  return day !== undefined && day >= from && day <= to;
}

function by(order: "worth" | "volume" | "fixable"): (a: WeighedTheme, b: WeighedTheme) => number {
  const value = (t: WeighedTheme) => (order === "volume" ? t.tickets : order === "fixable" ? t.fixability : t.worth);
  return (a, b) => value(b) - value(a) || b.tickets - a.tickets || (a.name < b.name ? -1 : 1);
}

interface Parts {
  reading: TicketReading;
  period: Period;
  before: Period;
  now: number;
  themes: WeighedTheme[];
  other: number;
  modularity: number;
  worth: CustomerWorth | undefined;
  notes: string[];
  top: number;
}

async function compose(parts: Parts): Promise<Finding> {
  const { reading, period, before, now, themes, other, worth, notes } = parts;
  const shown = themes.slice(0, parts.top);
  const table = themeTable(shown, themes.slice(shown.length), other, now);
  const text = `${sentences(parts, shown).filter(Boolean).join("\n\n")}${notesText({ notes })}`;
  const receipts = [...reading.receipts, ...(worth?.receipts ?? [])];
  const { barChart } = await import("../charts/bar-chart.ts");
  const most = shown.toSorted((a, b) => b.tickets - a.tickets)[0];
  const chart = barChart({
    title: `${most?.name ?? ""}: ${formatNumber(most?.tickets ?? 0)} of ${formatNumber(now)} tickets`,
    subject: "tickets by theme",
    period,
    unit: "count",
    notes: chartNotes(receipts),
    previousName: formatPeriod(before),
    items: shown.map((t) => ({ label: t.name, value: t.tickets, previous: t.before })),
  });
  return {
    content: contentOf(text, [table]),
    data: {
      source: reading.source,
      period,
      before,
      tickets: now,
      themes,
      other,
      modularity: parts.modularity,
      currency: worth?.currency ?? null,
    },
    blocks: [{ type: "markdown", text }, chart, table] satisfies Block[],
    receipts,
    suggestions: ["Which complaints are fixable and worth the most?"],
  };
}

function sentences({ reading, period, before, now, themes, other, worth }: Parts, shown: readonly WeighedTheme[]): string[] {
  const largest = themes.toSorted((a, b) => b.tickets - a.tickets)[0];
  const first = themes.filter((t) => t.fixability >= FIXABLE).sort(by("worth"))[0];
  const rising = themes
    .filter((t) => t.trend === "rising" || t.trend === "new")
    .sort((a, b) => b.tickets - b.before - a.tickets + a.before);
  return [
    `**${formatNumber(now)} tickets in ${formatPeriod(period)} (${reading.source}) fall into ${themes.length} theme${themes.length === 1 ? "" : "s"}**${other ? `; ${formatNumber(other)} (${formatPercent(other / now)}) are in none` : ""}. ${largest ? `The largest is **${largest.name}** with ${formatNumber(largest.tickets)} (${formatPercent(largest.share)}), ${largest.before === 0 ? "none" : formatNumber(largest.before)} in ${formatPeriod(before)}.` : ""}`,
    rising.length
      ? `More than before, beyond chance: ${listWords(rising.slice(0, 3).map((t) => `${t.name} (${t.before} → ${t.tickets})`))}.`
      : themes.some((t) => t.trend !== null)
        ? "No theme rose beyond what chance explains."
        : "",
    first
      ? `To mend first: **${first.name}**, worth ${formatNumber(Math.round(first.worth))}, fixability ${formatPercent(first.fixability)}${first.service ? `, mostly ${first.service}` : ""}${first.revenue !== null ? `; its customers pay ${money(first.revenue, worth)} a month, which is not what would be lost` : ""}.`
      : "No theme looks as if one mend would end it.",
    shown
      .slice(0, 5)
      .map((t) => `${t.name}:${t.quotes.map((q) => `\n> ${q}`).join("")}`)
      .join("\n\n"),
    `How: words and phrases of ${formatNumber(lengthOf(period))} days and those before, grouped without chance; how many themes follows from the texts; names are their most telling words. Sentiment comes from a list of English words. Worth = tickets × urgency / 2 × mean revenue of its customers / that of all${worth ? "" : " (revenue is not connected, so it counts as equal)"}. Fixability is the mean of: one service, alike texts, reports rather than questions. Both are rules of thumb.`,
  ];
}

function money(value: number, worth: CustomerWorth | undefined): string {
  return formatValue(value, worth?.currency);
}

function themeTable(shown: readonly WeighedTheme[], rest: readonly WeighedTheme[], other: number, now: number): TableBlock {
  const restTickets = rest.reduce((sum, t) => sum + t.tickets, 0);
  return {
    type: "table",
    title: "Themes",
    columns: [
      { label: "theme", type: "text" },
      { label: "tickets", type: "number" },
      { label: "share", type: "percent" },
      { label: "before", type: "number" },
      { label: "trend", type: "text" },
      { label: "sentiment", type: "number" },
      { label: "urgency", type: "number" },
      { label: "fixability", type: "percent" },
      { label: "worth", type: "number" },
    ],
    rows: [
      ...shown.map((t) => [
        t.name,
        t.tickets,
        t.share,
        t.before,
        t.trend,
        t.sentiment === null ? null : Math.round(t.sentiment * 100) / 100,
        t.urgency === null ? null : Math.round(t.urgency * 10) / 10,
        t.fixability,
        Math.round(t.worth * 10) / 10,
      ]),
      ...(rest.length
        ? [[`${otherLines(rest.length)} (smaller themes)`, restTickets, restTickets / now, null, null, null, null, null, null]]
        : []),
      ...(other ? [["in no theme", other, other / now, null, null, null, null, null, null]] : []),
    ],
  };
}
