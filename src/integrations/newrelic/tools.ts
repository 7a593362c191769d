import { z } from "zod";
import { civilDate } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { formatInstant, formatNumber } from "../../core/format.ts";
import { parameters } from "../../core/parameters.ts";
import { clip, formatPeriod, isPeriod, lastCompleteDays, previousPeriod } from "../../core/period.ts";
import { resolvePeriod } from "../../core/period-phrases.ts";
import type { TableBlock } from "../../core/reply.ts";
import { closest, cut, listWords, plainWords } from "../../core/text.ts";
import { defineTool, type ToolContext } from "../../core/tool.ts";
import { matchValues } from "../../core/value-names.ts";
import { quoteForeign, UserError } from "../../errors.ts";
import { stampOf } from "../http.ts";
import { type NewRelicClient, sourceOf } from "./client.ts";
import { namesOf } from "./metrics.ts";
import { during, whereIn } from "./nrql.ts";
import { type ErrorRow, errorRow } from "./schema.ts";

const group = z.object({
  service: z.string(),
  error: z.string(),
  message: z.string(),
  count: z.number(),
  before: z.number(),
  first: z.string().nullable(),
  last: z.string().nullable(),
});
const output = z.object({ n: z.number(), total: z.number(), groups: z.array(group) });
type Group = z.output<typeof group>;

const RECENT_DAYS = 7;
const SHOWN = 10;
const MOST_GROUPS = 2_000;
const MESSAGE_LIMIT = 120;

export function findErrors(client: NewRelicClient) {
  return defineTool({
    name: "find_errors",
    title: "Errors of services",
    description:
      "The errors services throw, from New Relic, by kind: class, message, how often, new or more than in the period before, and when last. Use it to find what is failing in a service, or after a release. For the error rate over time use service_health.",
    examples: [
      "most frequent exceptions",
      "New Relic errors",
      "which errors happen most?",
      "What errors does gate-api throw?",
      "top errors this week",
      "which exceptions are new since yesterday?",
      "what is failing in the depot-api?",
      "most frequent errors {period}",
      "what errors do users see?",
      "why does depot-api fail?",
      "exceptions in gate-api",
      "what crashes most?",
      "new errors since the last deploy",
      "error messages of gate-api",
      "stack traces in production",
      "what do the logs complain about?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "errors", hint: "[service] [period]" },
    input: z.strictObject({
      service: z.string().min(1).max(120).optional().describe('Only in this service: "gate-api", or a part of its name.'),
      period: parameters.period,
      top: parameters.top,
    }),
    output,

    async run({ service, period, top = SHOWN }, context) {
      const { signal } = context;
      const days = daysOf(period, context);
      const names = service === undefined ? undefined : await servicesMeant(client, service, signal);
      const before = previousPeriod(days);
      const queries = [days, before].map((window) => nrqlFor(names, window));
      const found = await client.http.cached(
        `errors ${JSON.stringify(queries)}`,
        (inner) => client.nrql("read errors", queries, errorRow, inner),
        signal,
        { operation: "read errors" },
      );
      const groups = groupsOf(found.value[0] ?? [], found.value[1] ?? []);
      const shown = groups.slice(0, top);
      const where = names ? ` in ${listWords(names.map(said))}` : "";
      const text = sentence(groups, where, days, before);
      const table = tableOf(shown);
      const left = groups.length - shown.length;
      const rows = shown.map((g) => `- ${g.service}: ${g.error} “${g.message}”, ${formatNumber(g.count)} times (${changeOf(g)})`);
      const content = [text, ...rows, ...(left > 0 ? [`… and ${left} more kinds`] : [])].join("\n");
      return {
        content: cut(content, 7_800),
        data: { n: groups.length, total: totalOf(groups), groups: groups.slice(0, 500) },
        blocks: [
          { type: "markdown", text: left > 0 ? `${text} _${left} more kinds are not shown; name more with top._` : text },
          ...(shown.length > 0 ? [table] : []),
        ],
        receipts: [
          {
            ...stampOf(found),
            ...sourceOf(client),
            id: `newrelic-errors-${days.from}-${days.to}${names ? `-${encodeURIComponent(names.join(","))}` : ""}`,
            query: `errors by service and class${where}, ${days.from} to ${days.to} and ${before.from} to ${before.to}`,
            window: days,
            ...(groups.length >= MOST_GROUPS ? { truncated: `the ${MOST_GROUPS} most frequent kinds of errors` } : {}),
            notes: [...(stampOf(found).notes ?? []), "New Relic keeps single errors for 8 days unless more was bought."],
          },
        ],
        suggestions: ["Which services are unhealthy?", "List incidents this week"],
      };
    },
  });
}

function nrqlFor(services: readonly string[] | undefined, window: Period): string {
  const select = "count(*) AS 'n', latest(error.message) AS 'message', min(timestamp) AS 'first', max(timestamp) AS 'last'";
  return `FROM TransactionError SELECT ${select}${whereIn("appName", services)} FACET appName, error.class LIMIT ${MOST_GROUPS}${during(window)}`;
}

/** The days asked for, up to today; the last seven with today when none are named. Throws UserError. */
function daysOf(asked: Period | string | undefined, context: ToolContext): Period {
  const today = civilDate(context.now, context.user.timeZone);
  if (asked === undefined) return { from: lastCompleteDays(RECENT_DAYS - 1, today).from, to: today };
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

async function servicesMeant(client: NewRelicClient, spoken: string, signal: AbortSignal): Promise<readonly string[]> {
  const { value: names } = await namesOf(client, "service", signal);
  const found = matchValues(spoken, names);
  if (found.length > 0) return found;
  const near = closest(spoken, names);
  const what = near ? `Did you mean “${said(near)}”?` : `There is ${listWords(names.map(said)) || "none"}.`;
  throw new UserError(`New Relic has no service “${said(spoken)}”. ${what}`, { path: "service", suggestions: near ? [near] : [] });
}

function groupsOf(now: readonly ErrorRow[], then: readonly ErrorRow[]): Group[] {
  const keyOf = ({ facet }: ErrorRow) => JSON.stringify(facet);
  const earlier = new Map(then.map((row) => [keyOf(row), row.n]));
  return now
    .filter(({ n }) => n > 0)
    .map((row) => ({
      service: cell(row.facet[0] ?? "(no name)"),
      error: cell(row.facet[1] ?? "(no class)"),
      message: cut(cell(row.message ?? "no message"), MESSAGE_LIMIT),
      count: row.n,
      before: earlier.get(keyOf(row)) ?? 0,
      first: row.first?.toISOString() ?? null,
      last: row.last?.toISOString() ?? null,
    }))
    .sort((a, b) => b.count - a.count || (`${a.service} ${a.error}` < `${b.service} ${b.error}` ? -1 : 1));
}

function sentence(groups: readonly Group[], where: string, days: Period, before: Period): string {
  const [first] = groups;
  if (!first) return `New Relic has no errors${where} for ${formatPeriod(days)}.`;
  const fresh = groups.filter((g) => g.before === 0);
  const [top] = fresh;
  const most = `The most frequent is **${first.error}** in **${first.service}**, ${formatNumber(first.count)} times (${changeOf(first)}).`;
  const more = fresh.length > 1 ? `, and ${fresh.length - 1} more kinds` : "";
  const news = top
    ? ` New against ${formatPeriod(before)}: **${top.error}** in **${top.service}**, ${formatNumber(top.count)} times${more}.`
    : "";
  const kinds = groups.length === 1 ? "one kind" : `${groups.length} kinds`;
  return `**${formatNumber(totalOf(groups))} errors** of ${kinds}${where} in ${formatPeriod(days)}. ${most}${news}`;
}

function changeOf({ before }: Group): string {
  return before === 0 ? "new" : `${formatNumber(before)} before`;
}

function tableOf(groups: readonly Group[]): TableBlock {
  return {
    type: "table",
    title: "Errors",
    columns: [
      { label: "service", type: "text" },
      { label: "error", type: "text" },
      { label: "message", type: "text" },
      { label: "times", type: "number" },
      { label: "before", type: "number" },
      { label: "last", type: "text" },
    ],
    rows: groups.map((g) => [g.service, g.error, g.message, g.count, g.before, g.last ? formatInstant(new Date(g.last)) : null]),
  };
}

function totalOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** A text of theirs inside a sentence or a cell. */
function cell(text: string): string {
  return said(text).replaceAll("|", "/").replaceAll("*", "∗");
}

function said(text: string): string {
  return plainWords(quoteForeign(text));
}
