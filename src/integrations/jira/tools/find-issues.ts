import { z } from "zod";
import { civilDate } from "../../../core/civil-date.ts";
import type { Period } from "../../../core/fact.ts";
import { parameters } from "../../../core/parameters.ts";
import { listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import { UserError, VendorError } from "../../../errors.ts";
import { listed } from "../../listing.ts";
import { counted, said, span, when } from "../../words.ts";
import type { JiraClient } from "../client.ts";
import { countIssues, type FoundIssues, type Issue, searchIssues } from "../issues.ts";
import { around, quoted, textHolds } from "../jql.ts";
import { receiptOf } from "../receipts.ts";
import { readNames, readSetup, type Setup } from "../setup.ts";
import { holds } from "../windows.ts";
import { assigneeClause, clausesOf, daysOf } from "./asked.ts";
import { ageOf, DAY_MS, ISSUE_COLUMNS, inStatus, issueCells, issueNamed, issueRow } from "./issue-words.ts";
import { timeLogged } from "./time-logged.ts";

const output = z.object({ n: z.number(), issues: z.array(issueRow.schema) });
const input = z.strictObject({
  query: parameters.query,
  key: parameters.key,
  project: z.string().min(1).max(100).optional().describe('Only in this project: its key or name, "GATE" or "Gate & Trucking".'),
  status: z.string().min(1).max(100).optional().describe('Only in this status: "In Review".'),
  state: z
    .enum(["open", "done", "all"])
    .optional()
    .describe("Open ones unless words, a key, a status or a period are given; then all. With a period, done means resolved in it."),
  assignee: z.string().min(1).max(100).optional().describe('Only of this person; "me" for the asker, "nobody" for unassigned ones.'),
  type: z.string().min(1).max(60).optional().describe('Only of this type: "Bug", "Story".'),
  priority: z.string().min(1).max(60).optional().describe('Only of this priority, as Jira names it: "High".'),
  due: z.enum(["overdue"]).optional().describe("Only open ones whose due date has passed."),
  older_than_days: z.int().min(0).max(3_650).optional().describe("Only those created more than so many days ago."),
  period: parameters.period,
  top: parameters.top,
});
type Input = z.output<typeof input>;

/** Hundreds of issues that are read; the others are counted. */
const PAGES = 5;
const NAMED = 3;

export function findIssues(client: JiraClient) {
  return defineTool({
    name: "find_issues",
    title: "Jira issues",
    description:
      "Jira issues one by one: by words in their text, key, project, status, assignee, type and age, with title, status, time in it and link. Use it to find, count or open particular tickets, or what somebody works on. For sprints use sprint_report, for where work waits time_in_status.",
    examples: [
      "find Jira issues about gate bookings",
      "which bugs are open in GATE?",
      "show ticket GATE-412",
      "unassigned open issues",
      "show all bugs in progress",
      "open stories of the gate team",
      "what is in the backlog?",
      "overdue issues",
      "which tickets are overdue?",
      "how many bugs did we close {period}?",
      "which issues were resolved {period}?",
      "which issues are in progress?",
      "how many open bugs do we have?",
      "issues nobody is assigned to",
      "what issues were created {period}?",
      "which tickets is Mara working on?",
      "what is Mara working on?",
      "bugs without an owner",
      "oldest open tickets in Jira",
      "how many stories are open?",
      "what is in progress?",
      "what is left to do?",
      "high priority bugs",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "issues", hint: "[words or key] [project] [period]" },
    input,
    output,

    async run(asked, context): Promise<Finding> {
      const { now, signal } = context;
      const [setup, names] = await Promise.all([readSetup(client, signal), readNames(client, signal)]);
      const period = asked.period === undefined ? undefined : daysOf(asked.period, context);
      const clauses = [
        ...keyClause(asked.key),
        ...clausesOf(asked, setup.value, names.value),
        ...(asked.assignee === undefined ? [] : [await assigneeClause(client, asked.assignee, context)]),
        ...stateClauses(asked, period),
        ...(asked.priority === undefined ? [] : [`priority = ${quoted(asked.priority)}`]),
        ...(asked.due === undefined ? [] : [`duedate < ${quoted(civilDate(now, context.user.timeZone))}`]),
        ...(asked.query === undefined ? [] : [textHolds(asked.query) ?? nothingToSeek(asked.query)]),
        ...(asked.older_than_days === undefined ? [] : [`created <= ${quoted(`-${asked.older_than_days}d`)}`]),
      ];
      const jql = clauses.join(" AND ") || 'created >= "1970-01-01"';
      const found = await search(client, setup.value, jql, asked, signal);
      const items = found.value.items.filter((issue) => isWithin(issue, asked, period, now));
      const total = found.value.total;
      const truncated = total === undefined ? found.value.truncated : `the ${items.length} changed last of about ${total} issues`;
      const receipt = receiptOf(client, setup.value, { what: "find", query: wordsOf(asked), window: period, truncated, jql }, [
        setup,
        names,
        found,
      ]);
      const detail = asked.key === undefined ? "" : await detailOf(client, items[0], setup.value, context);
      return listed({
        text: `${sentence(items, asked, period, total, setup.value, now)}${detail}`,
        tables: [
          {
            ...{ title: "Issues", columns: ISSUE_COLUMNS, top: asked.top, order: orderOf(asked) },
            rows: items.map((issue) => ({ cells: issueCells(issue, now), url: issueRow.of(issue, setup.value, now).url ?? undefined })),
          },
        ],
        receipts: [receipt],
        data: { n: items.length, issues: items.map((issue) => issueRow.of(issue, setup.value, now)) },
        suggestions: suggestionsFor(items, asked),
      });
    },
  });
}

const KEY = /^[A-Z][A-Z0-9_]{1,30}-\d{1,9}$/;

function keyClause(key: string | undefined): string[] {
  if (key === undefined) return [];
  const wanted = key.trim().toUpperCase();
  if (!KEY.test(wanted))
    throw new UserError(`“${plainWords(key)}” is not the key of an issue. A key looks like GATE-412.`, { path: "key" });
  return [`key = ${quoted(wanted)}`];
}

function nothingToSeek(query: string): never {
  throw new UserError(`There is no word to look for in “${plainWords(query)}”.`, { path: "query" });
}

function stateClauses({ state, query, key, status, due, period: asked }: Input, period: Period | undefined): string[] {
  const meant = due ? "open" : (state ?? ((query ?? key ?? status ?? asked) ? "all" : "open"));
  const dated = period ? [around(meant === "done" ? "resolved" : "created", period)] : [];
  if (meant === "all") return dated;
  return [meant === "open" ? "statusCategory != Done" : "statusCategory = Done", ...dated];
}

/** Jira reads days in the zone of its account; here they are UTC days and exact ages. */
function isWithin({ created, resolved }: Issue, { state, older_than_days: days }: Input, period: Period | undefined, now: Date): boolean {
  const at = state === "done" ? resolved : created;
  if (period && !(at && holds(period, at))) return false;
  return days === undefined || created.getTime() < now.getTime() - days * DAY_MS;
}

type Found = FoundIssues & { total?: number };

async function search(client: JiraClient, setup: Setup, jql: string, asked: Input, signal: AbortSignal) {
  const order = asked.older_than_days === undefined ? "updated DESC" : "created ASC";
  const load = async (during: AbortSignal): Promise<Found> => {
    const found = await searchIssues(client, setup, `${jql} ORDER BY ${order}`, during, PAGES);
    return found.truncated ? { ...found, total: await countIssues(client, jql, during) } : found;
  };
  try {
    return await client.http.cached(`find ${jql} ${order}`, load, signal, { operation: "find issues" });
  } catch (error) {
    const isRefused = error instanceof VendorError && (error.status === 400 || error.status === 404);
    if (isRefused && asked.key !== undefined)
      throw new UserError(`There is no issue ${plainWords(asked.key.toUpperCase())} in Jira that the account may see.`, { path: "key" });
    if (isRefused && asked.priority !== undefined)
      throw new UserError(`There is no priority “${plainWords(asked.priority)}” in Jira.`, { path: "priority" });
    throw error;
  }
}

function wordsOf({ query, key, project, status, state, assignee, type, priority, due, older_than_days: days }: Input): string {
  const parts = [
    key ? ` ${said(key)}` : "",
    due ? " past their due date" : "",
    type ? ` of type ${said(type)}` : "",
    priority ? ` of priority ${said(priority)}` : "",
    query ? ` with “${said(query)}”` : "",
    project ? ` in ${said(project)}` : "",
    status ? ` in status ${said(status)}` : "",
    assignee ? ` assigned to ${/^(me|myself|mine|my|i)$/i.test(assignee) ? "you" : said(assignee)}` : "",
    days === undefined ? "" : ` older than ${counted(days, "day")}`,
  ].join("");
  const isOpen = due !== undefined || state === "open" || (state === undefined && !query && !key && !status);
  return `${state === "done" ? "resolved " : isOpen ? "open " : ""}issues${parts}`;
}

function sentence(
  items: readonly Issue[],
  asked: Input,
  period: Period | undefined,
  total: number | undefined,
  setup: Setup,
  now: Date,
): string {
  const words = period && asked.state === undefined ? wordsOf({ ...asked, state: "all" }) : wordsOf(asked);
  const dated = period ? `${asked.state === "done" ? "" : " created"} ${when(period)}` : "";
  if (items.length === 0) return `There are no ${words}${dated}.`;
  if (asked.key !== undefined) return "";
  const one = words.replace("issues", items.length === 1 && total === undefined ? "issue" : "issues");
  const n = total === undefined ? `${items.length}` : `about ${counted(total, "", "").trim()}`;
  const statuses = [...Map.groupBy(items, ({ status }) => status.name)].sort((a, b) => b[1].length - a[1].length);
  const spread =
    items.length > NAMED && total === undefined
      ? ` ${listWords(
          statuses.map(([name, list]) => `${list.length} ${said(name)}`),
          5,
        )}.`
      : "";
  const named = items
    .slice(0, NAMED)
    .map((issue) => `${issueNamed(issue, setup)}, ${said(issue.status.name)} for ${span(inStatus(issue, now))}`);
  const lead = items.length === 1 ? "It is" : asked.older_than_days === undefined ? "Changed last" : "Oldest";
  return `**${n} ${one}**${dated}.${spread} ${lead}: ${named.join("; ")}.`;
}

async function detailOf(client: JiraClient, issue: Issue | undefined, setup: Setup, { now, signal }: ToolContext): Promise<string> {
  if (!issue) return "";
  const facts = [
    `${said(issue.type)} in ${said(issue.project.name)}`,
    `${said(issue.status.name)} for ${span(inStatus(issue, now))}`,
    issue.assignee ? `with ${said(issue.assignee)}` : "with nobody",
    ...(issue.reporter ? [`reported by ${said(issue.reporter)}`] : []),
    issue.resolved ? `resolved ${span(ageOf(issue, now))} after it was created` : `${span(ageOf(issue, now))} old`,
    ...(issue.priority ? [`priority ${said(issue.priority)}`] : []),
    ...(issue.points === undefined ? [] : [counted(issue.points, "point")]),
    ...(issue.sprints.length > 0 ? [said(issue.sprints.at(-1)?.name ?? "")] : []),
    ...(issue.epic ? [`epic ${said(issue.epic)}`] : []),
    ...(issue.due ? [`due ${issue.due.toISOString().slice(0, 10)}`] : []),
  ];
  const logged = await timeLogged(client, issue, signal);
  const text = said(issue.text, 500);
  return [`${issueNamed(issue, setup)}: ${facts.join(", ")}.${logged}`, ...(text ? [`It says: “${text}”`] : [])].join("\n\n");
}

function orderOf({ older_than_days: days }: Input): string {
  return days === undefined ? "those changed last come first" : "the oldest come first";
}

function suggestionsFor(items: readonly Issue[], { key }: Input): string[] {
  const [first] = items;
  if (key !== undefined && first) return [`how long was ${first.key} in each status?`];
  return items.length > 0 ? ["where do issues wait the longest?", "how did the last sprint go?"] : ["which issues are open?"];
}
