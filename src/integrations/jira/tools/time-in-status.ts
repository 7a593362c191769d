import { z } from "zod";
import type { Period } from "../../../core/fact.ts";
import { parameters } from "../../../core/parameters.ts";
import { listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import { UserError, VendorError } from "../../../errors.ts";
import { columnsOf, type Listing, listed } from "../../listing.ts";
import { counted, said, span, when } from "../../words.ts";
import type { JiraClient } from "../client.ts";
import { type Issue, searchIssues } from "../issues.ts";
import { around, quoted } from "../jql.ts";
import { receiptOf } from "../receipts.ts";
import { readNames, readSetup, type Setup } from "../setup.ts";
import { type StatusTime, type Stay, staysOf, timesOf } from "../status-times.ts";
import { holds } from "../windows.ts";
import { clausesOf, daysOf } from "./asked.ts";
import { DAY_MS, ISSUE_COLUMNS, inStatus, issueCells, issueNamed, round, urlOf } from "./issue-words.ts";

const output = z.object({
  n: z.number(),
  statuses: z.array(z.object({ status: z.string(), issues: z.number(), medianDays: z.number(), p85Days: z.number(), share: z.number() })),
});
const input = z.strictObject({
  key: parameters.key,
  project: z.string().min(1).max(100).optional().describe("Only in this project, by key or name."),
  type: z.string().min(1).max(60).optional().describe('Only of this type: "Bug", "Story".'),
  status: z.string().min(1).max(100).optional().describe("What is in this status now, the longest first, instead of what was resolved."),
  period: parameters.period,
  top: parameters.top,
});
type Input = z.output<typeof input>;

const PAGES = 10;
const DAY = "days";

export function timeInStatus(client: JiraClient) {
  return defineTool({
    name: "time_in_status",
    title: "Time in status",
    description:
      "How long Jira issues stay in each status, from their history: median and 85th percentile of those resolved in a period, where work waits, and what sits longest in progress now; or the course of one issue. Epics are left out. Use it for bottlenecks, waiting times and stuck tickets.",
    examples: [
      "where do issues wait the longest?",
      "time in status",
      "where do issues get stuck?",
      "bottlenecks in our workflow",
      "time in status for GATE",
      "how long was GATE-412 in each status?",
      "which issues are stuck in review?",
      "how long do bugs stay in review {period}?",
      "how long do tickets sit in review?",
      "where does work wait?",
      "which status takes the longest?",
      "how long do issues stay in testing?",
      "flow efficiency",
      "where is our process slow?",
    ],
    effect: "read",
    role: "viewer",
    input,
    output,

    async run(asked, context): Promise<Finding> {
      if (asked.key !== undefined) return courseOfOne(client, asked.key, context);
      return asked.status === undefined ? flow(client, asked, context) : waiting(client, asked, context);
    },
  });
}

async function read(client: JiraClient, asked: Input, clause: string, order: string, { signal }: ToolContext) {
  const [setup, names] = await Promise.all([readSetup(client, signal), readNames(client, signal)]);
  const jql = [...clausesOf(asked, setup.value, names.value), clause].filter(Boolean).join(" AND ");
  const found = await client.http.cached(
    `times ${jql}`,
    (during) => searchIssues(client, setup.value, `${jql} ORDER BY ${order}`, during, PAGES),
    signal,
    { operation: "search issues" },
  );
  return { setup: setup.value, jql, found: found.value, parts: [setup, names, found] as const };
}

async function flow(client: JiraClient, asked: Input, context: ToolContext): Promise<Finding> {
  const { now } = context;
  const period = daysOf(asked.period, context);
  const [done, doing] = await Promise.all([
    read(client, asked, around("resolved", period), "resolved DESC", context),
    read(client, asked, 'statusCategory = "In Progress"', "updated ASC", context),
  ]);
  const { setup } = done;
  const items = done.found.items.filter(({ resolved, isEpic }) => !isEpic && resolved && holds(period, resolved));
  const times = timesOf(items, setup);
  const where = whereOf(asked);
  const query = `time in status of issues${where} resolved`;
  const stuck = longest(
    doing.found.items.filter(({ isEpic }) => !isEpic),
    now,
  );
  return listed({
    text: `${flowWords(items, times, where, period)}${stuckWords(stuck, setup, now)}`,
    tables: [statusTable(times), issueTable("In progress now, the longest first", stuck, setup, asked, now)],
    receipts: [
      receiptOf(
        client,
        setup,
        { what: "time-in-status", query, window: period, truncated: done.found.truncated, jql: done.jql },
        done.parts,
      ),
      receiptOf(
        client,
        setup,
        { what: "in-progress", query: `issues${where} in progress`, truncated: doing.found.truncated, jql: doing.jql },
        doing.parts,
      ),
    ],
    data: dataOf(items.length, times),
    suggestions: ["which issues are stuck in review?", "how did the last sprint go?"],
  });
}

async function waiting(client: JiraClient, asked: Input, context: ToolContext): Promise<Finding> {
  const { now } = context;
  const { setup, jql, found, parts } = await read(client, asked, "", "updated ASC", context);
  const items = longest(found.items, now);
  const where = `${whereOf(asked)} in status ${said(asked.status ?? "")}`;
  const text =
    items.length === 0
      ? `No issue${where} now.`
      : `**${counted(items.length, "issue")}**${where} now, half of them for ${span(middle(items.map((issue) => inStatus(issue, now))))} or more.${stuckWords(items, setup, now)}`;
  return listed({
    text,
    tables: [issueTable("The longest first", items, setup, asked, now)],
    receipts: [receiptOf(client, setup, { what: "in-status", query: `issues${where}`, truncated: found.truncated, jql }, parts)],
    data: dataOf(items.length, []),
    suggestions: ["where do issues wait the longest?"],
  });
}

async function courseOfOne(client: JiraClient, key: string, context: ToolContext): Promise<Finding> {
  const wanted = key.trim().toUpperCase();
  const missing = () =>
    new UserError(`There is no issue ${plainWords(wanted)} in Jira that the account may see. A key looks like GATE-412.`, { path: "key" });
  if (!/^[A-Z][A-Z0-9_]{1,30}-\d{1,9}$/.test(wanted)) throw missing();
  const { setup, jql, found, parts } = await read(client, {}, `key = ${quoted(wanted)}`, "key ASC", context).catch((error: unknown) => {
    throw error instanceof VendorError && (error.status === 400 || error.status === 404) ? missing() : error;
  });
  const [issue] = found.items;
  if (!issue) throw missing();
  const { now } = context;
  const stays = staysOf(issue, setup, issue.resolved ?? now);
  const sums = timesOf([issue], setup, issue.resolved ?? now);
  const end = issue.resolved
    ? `resolved ${span(issue.resolved.getTime() - issue.created.getTime())} after it was created`
    : `still ${said(issue.status.name)}`;
  const spent = sums.map(({ status, days }) => `${span((days[0] ?? 0) * DAY_MS)} ${said(status)}`);
  return listed({
    text: `${issueNamed(issue, setup)}: ${listWords(spent, 10)}; ${end}.`,
    tables: [stayTable(stays, issue.resolved === undefined)],
    receipts: [receiptOf(client, setup, { what: "history", query: `history of ${wanted}`, jql }, parts)],
    data: dataOf(1, sums),
    suggestions: [`show ticket ${wanted}`],
  });
}

function stayTable(stays: readonly Stay[], isOpen: boolean): Listing {
  return {
    ...{ title: "Course", columns: columnsOf(["status", "from (UTC)", "for"]), order: "in order of time" },
    rows: stays.map(({ status, from, to }, i) => ({
      cells: [
        status,
        from.toISOString().slice(0, 16).replace("T", " "),
        `${span(to.getTime() - from.getTime())}${isOpen && i === stays.length - 1 ? " so far" : ""}`,
      ],
    })),
  };
}

function statusTable(times: readonly StatusTime[]): Listing {
  const columns = ["status", "issues", `median ${DAY}`, `85th percentile ${DAY}`, "share of the time, %"];
  return {
    ...{ title: "Time in status", columns: columnsOf(columns, columns.slice(1)), order: "the most time comes first" },
    rows: times.map(({ status, days, median, p85, share }) => ({
      cells: [status, days.length, round(median), round(p85), Math.round(share * 100)],
    })),
  };
}

function issueTable(title: string, items: readonly Issue[], setup: Setup, { top }: Input, now: Date): Listing {
  const order = "the longest in their status come first";
  return {
    ...{ title, columns: ISSUE_COLUMNS, order, top: top ?? 10 },
    rows: items.map((issue) => ({ cells: issueCells(issue, now), url: urlOf(issue, setup) })),
  };
}

function flowWords(items: readonly Issue[], times: readonly StatusTime[], where: string, period: Period): string {
  if (items.length === 0) return `No issue${where} was resolved ${when(period)}.`;
  const before = times.find(({ category }) => category === "to do");
  const [most, ...others] = times.filter((time) => time !== before);
  const waited = before ? ` Before work began they waited ${span(before.median * DAY_MS)} in ${said(before.status)} (median).` : "";
  const lead = most ? ` After that most time went into ${said(most.status)}: ${span(most.median * DAY_MS)} (median)` : "";
  const then = others.slice(0, 3).map(({ status, median }) => `${said(status)} ${span(median * DAY_MS)}`);
  const head = `**${counted(items.length, "issue")}**${where} ${items.length === 1 ? "was" : "were"} resolved ${when(period)}.`;
  return `${head}${waited}${lead}${then.length > 0 ? `, then ${listWords(then)}` : ""}${lead ? "." : ""}`;
}

function stuckWords(items: readonly Issue[], setup: Setup, now: Date): string {
  const named = items
    .slice(0, 3)
    .map((issue) => `${issueNamed(issue, setup)}, ${said(issue.status.name)} for ${span(inStatus(issue, now))}`);
  return named.length > 0 ? ` Longest now: ${named.join("; ")}.` : "";
}

function whereOf({ project, type }: Input): string {
  return `${type ? ` of type ${said(type)}` : ""}${project ? ` in ${said(project)}` : ""}`;
}

function longest(items: readonly Issue[], now: Date): Issue[] {
  return items.toSorted((a, b) => inStatus(b, now) - inStatus(a, now) || (a.key < b.key ? -1 : 1));
}

function middle(sortedDown: readonly number[]): number {
  return sortedDown[Math.floor((sortedDown.length - 1) / 2)] ?? 0;
}

function dataOf(n: number, times: readonly StatusTime[]): z.output<typeof output> {
  return {
    n,
    statuses: times.map(({ status, days, median, p85, share }) => ({
      ...{ status, issues: days.length, medianDays: round(median), p85Days: round(p85), share: Math.round(share * 1_000) / 1_000 },
    })),
  };
}
